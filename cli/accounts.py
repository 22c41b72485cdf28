"""What `reminders admin` does and says."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, TypeVar, cast
from uuid import UUID

import typer
from pydantic import ValidationError
from sqlalchemy import Row, select
from sqlalchemy.exc import SQLAlchemyError

from cli.installation import database_url
from cli.words import MISCONFIGURED, stop
from core import logs, passwords, tokens
from core.clock import iso
from core.db import open_engine
from core.errors import DomainError
from core.loops import new_loop
from core.queue import open_ringer
from core.settings import Settings
from core.work import Work, begin
from crud import accounts, audit, credentials, deactivation, letters, people, proofs, registration, totp
from crud.accounts import Newcomer
from crud.pages import PageRequest
from crud.people import PeopleFilters
from models import users
from schemas.accounts import UserCreate
from tasks.letter_kinds.account_made import LASTS, LETTER
from tasks.letter_kinds.base import link as page_of

STATUSES = ("active", "deactivated")
SHOWN = ("id", "email", "name", "status", "is_operator", "email_verified", "created_at", "last_seen_at")
# What stands in the place of a password where a link is given, to satisfy the form.
_NONE = "no password was given here"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wanted:
    """An account that is to be made; without a password a link to set one is printed or mailed."""

    email: str
    name: str
    timezone: str | None
    password: str | None
    operator: bool = False
    mail_link: bool = False


def _run(settings: Settings, verb: Callable[[Work], Awaitable[T]]) -> T:
    """Do one piece of work, commit it with its lines in the audit log, and ring; or end the command and say why."""
    logs.configure(settings, to="stderr")
    try:
        with asyncio.Runner(loop_factory=new_loop) as runner:
            return runner.run(_work(settings, verb))
    except DomainError as error:
        stop(error.detail)
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)
        stop("\n".join(f"{each['loc'][0]}: {each['msg']}" for each in found), MISCONFIGURED)
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        stop(f"the database does not answer ({type(error).__name__}); nothing was changed")


async def _work(settings: Settings, verb: Callable[[Work], Awaitable[T]]) -> T:
    database, ringer = open_engine(database_url(settings), pool_size=None), open_ringer(settings.redis_url)
    try:
        async with begin(database) as work:
            done = await verb(work)
            await audit.write(work)
        await ringer.ring(work)
        return done
    finally:
        await ringer.close()
        await database.dispose()


def create(settings: Settings, wanted: Wanted, *, as_json: bool) -> None:
    """Make an account."""

    async def verb(work: Work) -> tuple[Row[Any], str | None]:
        return await _create(work, settings, wanted)

    row, url = _run(settings, verb)
    _tell([row], as_json=as_json, link=url)


async def _create(work: Work, settings: Settings, wanted: Wanted) -> tuple[Row[Any], str | None]:
    form = {"email": wanted.email, "name": wanted.name, "timezone": wanted.timezone}
    checked = UserCreate.model_validate(form | {"password": wanted.password or _NONE})
    if wanted.password is not None:
        passwords.refuse_common(wanted.password)
    newcomer = Newcomer(
        accounts.normal_email(checked.email, settings),
        checked.name,
        await passwords.hashed(wanted.password or tokens.opaque()),
        timezone=checked.timezone,
        verified_at=work.now,
        is_operator=await registration.is_empty(work) or wanted.operator,
    )
    user_id = await accounts.make(work, settings, newcomer)
    work.note("account.created", object_type="user", object_id=user_id)
    url = None
    if wanted.mail_link:
        await letters.write(work, settings, LETTER, newcomer.email, user_id=user_id)
    elif wanted.password is None:
        url = await _link(work, settings, user_id)
    return await people.get(work, user_id), url


async def _link(work: Work, settings: Settings, user_id: UUID, lasts: timedelta = LASTS) -> str:
    token = await proofs.make(work, credentials.RESET, user_id=user_id, lifetime=lasts)
    return page_of(settings, "reset", token, "en")


def listed(settings: Settings, *, q: str | None, status: str | None, operators: bool, as_json: bool) -> None:
    """Print accounts."""
    if status not in {None, *STATUSES}:
        stop(f"--status is one of {', '.join(STATUSES)}", MISCONFIGURED)
    filters = PeopleFilters(q, cast("Literal['active', 'deactivated'] | None", status))

    async def verb(work: Work) -> list[Row[Any]]:
        found: list[Row[Any]] = []
        cursor: str | None = ""
        while cursor is not None:
            rows, cursor = await people.listed(work, filters, PageRequest(200, cursor or None))
            found += [row for row in rows if row.is_operator or not operators]
        return found

    _tell(_run(settings, verb), as_json=as_json, many=True)


def deactivate(settings: Settings, who: str, *, as_json: bool) -> None:
    """Shut somebody out."""

    async def verb(work: Work) -> Row[Any]:
        return await deactivation.deactivate(work, settings, await _known(work, settings, who))

    _tell([_run(settings, verb)], as_json=as_json)


def activate(settings: Settings, who: str, *, as_json: bool) -> None:
    """Let somebody in again."""

    async def verb(work: Work) -> Row[Any]:
        return await deactivation.activate(work, await _known(work, settings, who))

    _tell([_run(settings, verb)], as_json=as_json)


def set_operator(settings: Settings, who: str, *, is_operator: bool, as_json: bool) -> None:
    """Make or unmake an operator."""

    async def verb(work: Work) -> Row[Any]:
        return await deactivation.set_operator(work, await _known(work, settings, who), is_operator=is_operator)

    _tell([_run(settings, verb)], as_json=as_json)


def totp_off(settings: Settings, who: str, *, as_json: bool) -> None:
    """Switch somebody's second factor off."""

    async def verb(work: Work) -> Row[Any]:
        row = await people.get(work, await _known(work, settings, who))
        await totp.lift(work, settings, row.id)
        return row

    _tell([_run(settings, verb)], as_json=as_json)


def link(settings: Settings, who: str, *, as_json: bool) -> None:
    """Print a link by which somebody sets a new password."""

    async def verb(work: Work) -> tuple[Row[Any], str]:
        row = await people.get(work, await _known(work, settings, who))
        work.note("account.link_made", object_type="user", object_id=row.id)
        return row, await _link(work, settings, row.id)

    row, url = _run(settings, verb)
    _tell([row], as_json=as_json, link=url)


async def _known(work: Work, settings: Settings, who: str) -> UUID:
    try:
        return UUID(who)
    except ValueError:
        email = accounts.normal_email(who, settings)
    found: UUID | None = (
        await work.conn.execute(select(users.c.id).where(users.c.email == email))
    ).scalar_one_or_none()
    if found is None:
        stop("nobody has an account with this mail address")
    return found


def _tell(rows: Sequence[Row[Any]], *, as_json: bool, many: bool = False, link: str | None = None) -> None:
    if as_json:
        shown = [{name: getattr(row, name) for name in SHOWN} for row in rows]
        told: Any = shown if many else shown[0] | ({"link": link} if link else {})
        typer.echo(json.dumps(told, default=lambda value: iso(value) if hasattr(value, "tzinfo") else str(value)))
        return
    for row in rows:
        marks = ["operator"] * row.is_operator + [row.status] * (row.status != "active")
        typer.echo("  ".join((str(row.id), row.email, row.name, *marks)))
    if link:
        typer.echo(link)
