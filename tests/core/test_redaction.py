"""The net below the rule: what looks like a secret is not logged, whoever logs it."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from copy import copy
from uuid import uuid4

import pytest
import structlog
from pydantic import SecretStr

from core import api_keys, logs, tokens
from core.redaction import RedactedRecord, redact, redacted
from core.settings import Settings

SETTINGS = Settings(_env_file=None, secret_key=SecretStr("k" * 40))
SECRET = "Z9" + "q" * 18
SECRETS = {
    "ada@example.com": "ada@example.com",
    "Ada <ada.l+x@mail.example.co.uk> wrote": "ada.l",
    "key (email)=(ada@example.com) already exists": "ada@",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl": "eyJ",
    api_keys.made(SETTINGS)[0]: "rk_",
    "rk_a1b2c3d4e5f6_short": "rk_a1",
    f"Authorization: Bearer {SECRET}": SECRET,
    f"authorization=basic {SECRET}==": SECRET,
    f"postgresql://app:{SECRET}@db/reminders": SECRET,
    f"redis://:{SECRET}@cache:6379/0": SECRET,
    f"cannot reach http://{SECRET}@example.com/x": SECRET,
    "xoxb-123456789012-abcdefabcdef": "xoxb-1",
    f"https://hooks.slack.com/services/T0/B0/{SECRET}": SECRET,
    f"GET /verify?token={SECRET}&x=1": SECRET,
    tokens.opaque(): "-none-",
    "a" * 39 + "7": "aaaa",
    "0123456789abcdef" * 4: "0123",
}
HARMLESS = [
    "reminder.fired", str(uuid4()), "/teams/{team_id}/calendars/{calendar_id}/import", "POST",
    "2026-11-22T22:28:38.281Z",
    "/usr/lib/python3.11/site-packages/sqlalchemy/ext/asyncio/engine.py:123 a_function_of_some_length_that_says_it_all",
    "429 Too Many Requests", "http://127.0.0.1:8000", "00-0af7651916cd43dd8448eb211c80319c", "a basic sentence", "",
    "connect: ClientConnectorError", "test_a_name_of_a_test_is_long_but_has_no_digits_in_it_at_all", "due @ noon",
]  # fmt: skip


@pytest.mark.parametrize("text", SECRETS, ids=[f"secret{n}" for n in range(len(SECRETS))])
def test_what_looks_like_a_secret_is_taken_out(text: str) -> None:
    """Wherever it stands in a text; what is around it stays."""
    for around in ("{}", "failed: '{}', again", 'x="{}"', "({})"):
        found = redact(around.format(text))
        assert "[redacted]" in found
        assert SECRETS[text] not in found
        assert text not in found
        assert found.startswith(around.split("{}")[0])


@pytest.mark.parametrize("text", HARMLESS, ids=[f"harmless{n}" for n in range(len(HARMLESS))])
def test_what_a_log_is_for_stays(text: str) -> None:
    """Ids, routes, places in the source, statuses."""
    assert redact(text) == text


def test_an_event_is_redacted_wherever_it_is() -> None:
    """In lists, in mappings, under names that tell, in errors; numbers and ids stay."""
    mail = "ada@example.com"
    event = {
        "event": f"to {mail}",
        "n": 7,
        "ok": True,
        "none": None,
        "at": [mail, 3],
        "about": {mail: (mail,), "password": "x"},
    }
    event |= {"authorization": "x", "refresh_token": ["x"], "secret": "x", "error": ValueError(mail), "address_id": "i"}
    assert redacted(None, "", event) == {
        "event": "to [redacted]", "n": 7, "ok": True, "none": None, "at": ["[redacted]", 3],
        "about": {"[redacted]": ["[redacted]"], "password": "[redacted]"}, "authorization": "[redacted]",
        "refresh_token": "[redacted]", "secret": "[redacted]", "error": "ValueError", "address_id": "i",
    }  # fmt: skip


def test_what_contains_itself_is_cut_off() -> None:
    """A structure without end does not hang the log."""
    endless: list[object] = []
    endless.append(endless)
    assert "[redacted]" in str(redacted(None, "", {"x": endless}))


@pytest.mark.parametrize("piece", ["a", "@", "a@", "://", "eyJ", "?token=", "x@y.", "bearer ", "= ", "a-1", "'"])
def test_a_hostile_text_costs_little(piece: str) -> None:
    """The time grows with the length and not with its square, which would be longer than a test may take."""
    assert len(redact(piece * 200_000)) < 3_000_000


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the standard library's logging writes, at DEBUG, with everything in place."""
    logs.configure(SETTINGS)
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield out
    root.removeHandler(handler)
    root.setLevel(level)


def failing() -> None:
    """Fail with what somebody wrote."""
    try:
        int("my diary, ada@example.com")
    except ValueError as error:
        raise RuntimeError(SECRET) from error


def test_other_peoples_libraries_are_redacted(lines: io.StringIO) -> None:
    """In the message, in its arguments, and in errors, of which only kind and place are written."""
    log = logging.getLogger("uvicorn.error")
    log.info("hello %s", "ada@example.com")
    log.debug("%d of %s at %.1f", 3, {"Authorization": f"Bearer {SECRET}"}, 1.5)
    log.warning("mind %r", ValueError("my diary"))
    try:
        failing()
    except RuntimeError:
        log.exception("failed")
    text = lines.getvalue()
    assert "hello [redacted]" in text
    assert "3 of" in text
    assert "RuntimeError\n" in text
    assert "ValueError\n" in text
    assert "test_redaction.py" in text
    assert not [each for each in ("ada@", SECRET, "diary") if each in text]


async def test_a_lost_task_does_not_tell_its_error(lines: io.StringIO) -> None:
    """Asyncio reports an error that nobody took with all that it says; it is not written."""

    async def fails() -> None:
        raise ValueError("my diary")

    task = asyncio.create_task(fails())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_exception_handler(
        {"message": "Task exception was never retrieved", "exception": task.exception(), "future": task}
    )
    assert "never retrieved" in lines.getvalue()
    assert "ValueError" in lines.getvalue()
    assert "diary" not in lines.getvalue()


def test_a_record_can_be_copied_and_coloured() -> None:
    """Uvicorn copies records and puts another message into the copy, with the same arguments."""
    record = copy(RedactedRecord("x", 20, "x.py", 1, "to %s", ("ada@example.com",), None))
    record.msg = "\x1b[1mto %s\x1b[0m"
    assert record.getMessage() == "\x1b[1mto [redacted]\x1b[0m"


def test_structlog_is_redacted(capsys: pytest.CaptureFixture[str]) -> None:
    """What is bound to a request is redacted, too; with the level DEBUG as well."""
    logs.configure(SETTINGS.model_copy(update={"log_format": "json", "log_level": "DEBUG"}))
    structlog.contextvars.bind_contextvars(request_id="rk_a1b2c3d4e5f6_short")
    structlog.get_logger().debug("fine", mail="ada@example.com")
    structlog.contextvars.clear_contextvars()
    line = json.loads(capsys.readouterr().out)
    assert (line["request_id"], line["mail"]) == ("[redacted]", "[redacted]")
