"""The demo of `reminders up`: two people, a team, and a reminder a minute ahead."""

import os
import secrets
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cli.client import Client, Refused
from cli.surroundings import kept_secret

EMAIL = "demo@example.com"
COLLEAGUE = "sam@example.com"
TEAM = "Demo team"
PASSWORD_FILE = "demo-password"  # noqa: S105  the name of the file
AHEAD = timedelta(minutes=1)
V1 = "/api/v1"


def password(folder: Path) -> str:
    """Return the password of the demo people, made at the first start and kept."""
    # The word comes last: with digits alone behind it, as one draw in forty has them, it would be too common.
    return kept_secret(folder / PASSWORD_FILE, lambda: f"{secrets.token_hex(4)}-demo")


def prepare(client: Client, word: str, *, vouched: dict[str, str] | None = None) -> datetime:
    """Make the people and the team unless they are there, and a reminder; return when it is due.

    Where people cannot register, or would have to prove their mailboxes, `vouched` is the environment of the
    installation: then they are made as operators make accounts. Raises Refused, also where somebody else has taken the
    names.
    """
    for name, email in (("Demo", EMAIL), ("Sam", COLLEAGUE)):
        if vouched is None:
            _register(client, name, email, word)
        else:
            _vouch(vouched, name, email, word)
    client.sign_in(EMAIL, word)
    teams = client.get(f"{V1}/teams?limit=200")["items"]
    team = next((team for team in teams if team["name"] == TEAM), None) or _found(client, word)
    at = datetime.now(UTC).replace(microsecond=0) + AHEAD
    reminder = {
        "message": "Your first reminder has arrived",
        "notes": "It was made when everything was started. Make one yourself at /docs.",
        "schedule": {"kind": "once", "at": at.isoformat()},
        "channels": ["email"],
    }
    client.post(f"{V1}/teams/{team['id']}/reminders", reminder)
    return at


def _register(client: Client, name: str, email: str, word: str) -> None:
    try:
        client.post(f"{V1}/auth/register", {"email": email, "password": word, "name": name})
    except Refused as error:
        if error.code != "email_taken":
            raise


def _vouch(environment: dict[str, str], name: str, email: str, word: str) -> None:
    """Make an account from the command line; what goes wrong shows when it signs in."""
    words = (*("admin", "create", "--email", email), *("--name", name), "--password-stdin")
    command, chosen = (sys.executable, "-m", "cli.main", *words), os.environ | environment
    subprocess.run(command, env=chosen, input=word, text=True, capture_output=True, check=False)


def _found(client: Client, word: str) -> dict[str, Any]:
    """Make the team, and let the colleague join it as people do."""
    team = client.post(f"{V1}/teams", {"name": TEAM})
    invited = client.post(f"{V1}/teams/{team['id']}/invitations", {"email": COLLEAGUE, "role": "member"})
    colleague = Client(client.host, client.port)
    with suppress(Refused):
        colleague.sign_in(COLLEAGUE, word)
        colleague.post(f"{V1}/invitations/{invited['id']}/accept")
    return team
