"""What the processes of `reminders up` are told through their environment."""

import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from core.settings import Settings

SECRET_FILE = "secret-key"  # noqa: S105  the name of the file


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """Return the secret in a file that only this user can read, made at the first call."""
    try:
        return path.read_text()
    except FileNotFoundError:
        secret = make()
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secret)
        return secret


def environment(settings: Settings, data: Path, address: str) -> dict[str, str]:
    """Return what does not depend on a server: folder, address and keys. What the person has set stays as it is."""
    chosen = {
        "SECRET_KEY": kept_secret(data / SECRET_FILE, lambda: secrets.token_urlsafe(48)),
        "PUBLIC_URL": address,
    }
    chosen = {name: value for name, value in chosen.items() if name.lower() not in settings.model_fields_set}
    return chosen | _given_keys(settings) | {"DATA_DIR": str(data), "ENVIRONMENT": "development"}


def _given_keys(settings: Settings) -> dict[str, str]:
    """Return the keys that the person has set, for commands in another shell, which must not seal by others."""
    keys = {
        "secret_key": settings.secret_key.get_secret_value(),
        "secret_keys_previous": json.dumps([key.get_secret_value() for key in settings.secret_keys_previous]),
        "hash_key": settings.hash_key.get_secret_value() if settings.hash_key else "",
    }
    return {name.upper(): value for name, value in keys.items() if name in settings.model_fields_set}


def mail_environment(folder: Path, port: int) -> dict[str, str]:
    """Return what makes the email channel hand its mail to the catcher."""
    smtp = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(port), "SMTP_TLS": "none"}
    return smtp | {"MAIL_CATCHER_DIR": str(folder)}
