"""`reminders admin`: accounts from the command line, as processes where the terminal matters, else by its verbs."""

import asyncio
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlalchemy import select

from cli import accounts
from cli.accounts import Wanted
from core import passwords
from core.settings import Settings
from models import addresses, audit_log, letters, proofs, users
from tests.cli.running import command, environment
from tests.fixtures.rows import Rows

ADA = ("--email", "Ada@Example.com", "--name", "Ada")
SECRET = "three wet socks on a line"
processes = pytest.mark.processes


def admin(folder: Path, *words: str, typed: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command, with what it reads from its standard input."""
    given: dict[str, Any] = {"cwd": folder, "env": environment(**settings), "input": typed, "timeout": 40}
    return subprocess.run(command("admin", *words), capture_output=True, text=True, check=False, **given)


@processes
async def test_the_first_account_is_the_operators_even_where_registration_is_closed(
    rows: Rows, tmp_path: Path, database_url: str
) -> None:
    """It is proven from the start, has the password that was piped in, and stands in the audit log."""
    url = {"DATABASE_URL": database_url, "REGISTRATION": "closed"}
    done = admin(tmp_path, "create", *ADA, "--password-stdin", typed=SECRET + "\n", **url)
    assert done.returncode == 0, done.stderr
    [user] = await rows.all(users)
    assert done.stdout == f"{user.id}  ada@example.com  Ada  operator\n"
    assert (user.email, user.is_operator, user.email_verified_at is not None) == ("ada@example.com", True, True)
    assert (await passwords.verify(SECRET, user.password_hash))[0]
    assert [row.verified_at is not None for row in await rows.all(addresses)] == [True]
    assert [row.action for row in await rows.all(audit_log)][-1] == "account.created"


def test_what_is_wrong_is_said_and_not_repeated(tmp_path: Path, database_url: str) -> None:
    """Two ways at once, nobody to ask, and a password that will not do: told in words, without the password."""
    for words, typed, code, told in (
        (("create", *ADA, "--print-link", "--mail-link"), "", 2, "exclude each other"),
        (("create", *ADA), "", 2, "--password-stdin"),
        (("create", *ADA, "--password-stdin"), "short\n", 2, "password: "),
    ):
        done = admin(tmp_path, *words, typed=typed, DATABASE_URL=database_url)
        assert (done.returncode, done.stdout) == (code, ""), done.stderr
        assert told in done.stderr
        assert "Traceback" not in done.stderr
        assert "short" not in done.stderr


Say = Callable[..., Any]


@pytest.fixture
def say(settings: Settings, capsys: pytest.CaptureFixture[str]) -> Say:
    """A way to run one of the verbs and return what it printed: JSON, or the exit code and what it said."""

    async def say(verb: Callable[..., None], *given: Any, **options: Any) -> Any:
        try:
            await asyncio.to_thread(verb, settings, *given, as_json=True, **options)
        except typer.Exit as exit_:
            return exit_.exit_code, capsys.readouterr().err.splitlines()[-1].removeprefix("reminders: ")
        return json.loads(capsys.readouterr().out)

    return say


async def test_without_a_password_a_link_is_printed_or_mailed(rows: Rows, say: Say) -> None:
    """The printed one works for three days; the mailed one is made when the letter is sent."""
    printed = await say(accounts.create, Wanted("ada@example.com", "Ada", None, None))
    assert printed["link"].startswith("http://127.0.0.1:8000/account/reset?token=")
    assert (printed["email"], printed["is_operator"]) == ("ada@example.com", True)
    mailed = await say(accounts.create, Wanted("bob@example.com", "Bob", None, None, mail_link=True))
    assert ("link" in mailed, mailed["is_operator"]) == (False, False)
    async with rows.db.connect() as conn:
        [proof] = (await conn.execute(select(proofs))).all()
    assert 71 < (proof.expires_at - proof.created_at).total_seconds() / 3600 <= 72
    assert [row.kind for row in await rows.all(letters)] == ["account_made"]
    again = await say(accounts.link, "bob@example.com")
    assert again["link"] != printed["link"]


async def test_people_are_listed_promoted_shut_out_and_let_in(rows: Rows, say: Say) -> None:
    """By mail address or id; the last operator stays one, and stays in."""
    ada = await rows.person(email="ada@example.com", name="Ada", is_operator=True)
    await rows.person(email="bob@example.com", name="Bob")
    last = (1, "An installation needs an operator; make somebody else operator first.")
    assert await say(accounts.set_operator, "ada@example.com", is_operator=False) == last
    assert await say(accounts.deactivate, str(ada)) == last
    assert (await say(accounts.set_operator, "Bob@example.com", is_operator=True))["is_operator"] is True
    assert (await say(accounts.deactivate, "ada@example.com"))["status"] == "deactivated"
    every = {"q": None, "status": None, "operators": False}
    assert [each["name"] for each in await say(accounts.listed, **every)] == ["Ada", "Bob"]
    assert [each["name"] for each in await say(accounts.listed, **every | {"status": "deactivated"})] == ["Ada"]
    assert [each["name"] for each in await say(accounts.listed, **every | {"q": "BOB"})] == ["Bob"]
    assert (await say(accounts.activate, str(ada)))["status"] == "active"
    assert (await say(accounts.set_operator, str(ada), is_operator=False))["is_operator"] is False
    assert [each["name"] for each in await say(accounts.listed, **every | {"operators": True})] == ["Bob"]


async def test_nothing_is_made_of_what_is_refused(rows: Rows, say: Say) -> None:
    """A bad address, a common password, an address that is taken, and people who are not there."""
    await rows.person(email="ada@example.com")
    for wanted, told in (
        (Wanted("nonsense", "A", None, None), "@"),
        (Wanted("bob@example.com", "Bob", None, "password123"), "Anybody would try"),
        (Wanted("bob@example.com", "Bob", "Mars/Olympus", None), "timezone"),
        (Wanted("ADA@example.com", "Ada", None, None), "There is an account"),
    ):
        code, said = await say(accounts.create, wanted)
        assert code in {1, 2}
        assert told in said
    assert await say(accounts.link, "nobody@example.com") == (1, "nobody has an account with this mail address")
    wrong = await say(accounts.listed, q=None, status="erased", operators=False)
    assert wrong == (2, "--status is one of active, deactivated")
    assert len(await rows.all(users)) == 1
