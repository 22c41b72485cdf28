"""One more of anything that is listed."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

from sqlalchemy import text

from core.work import begin
from tests.api.stage import Stage
from tests.fixtures.people import Arrive
from tests.fixtures.reminders import hourly
from tests.matrix.world import made


@dataclass
class More:
    """Lets there be one more in the list of an operation."""

    stage: Stage
    arrive: Arrive
    numbers: Iterator[int] = field(default_factory=count)

    async def of(self, operation: str) -> None:
        """Add one thing to a list."""
        await MORE[operation](self, next(self.numbers))

    async def post(self, path: str, **body: Any) -> None:
        """Make something as the owner of the team."""
        await made(self.stage.side.owner, path.format(**self.stage.side.ids), **body)

    async def execute(self, statement: str, **values: Any) -> None:
        """Write a row that takes too long to come into being otherwise."""
        async with begin(self.stage.app.state.database) as work:
            await work.conn.execute(text(statement), self.stage.side.ids | values)


async def _reminder(more: More, n: int) -> None:
    await more.post("/teams/{team}/reminders", **hourly(message=f"Number {n}"))


async def _occurrence(more: More, n: int) -> None:
    statement = """
        insert into occurrences (team_id, reminder_id, scheduled_for, reminder_version)
        select team_id, id, date_trunc('second', now()) + :n * interval '1 hour', 1
          from reminders where id = cast(:reminder as uuid)"""
    await more.execute(statement, n=n)


async def _delivery(more: More, n: int) -> None:
    statement = """
        insert into deliveries (team_id, occurrence_id, channel, kind, seq, address_team_id, address_id, deliver_at,
                                give_up_at)
        select team_id, occurrence_id, channel, 'nag', :n, address_team_id, address_id, deliver_at, give_up_at
          from deliveries where id = cast(:delivery as uuid)"""
    await more.execute(statement, n=n)


async def _member(more: More, n: int) -> None:
    person = await more.arrive(f"member{n}")
    statement = "insert into memberships (team_id, user_id, role) values (cast(:team as uuid), :who, 'viewer')"
    await more.execute(statement, who=person.user["id"])


async def _person(more: More, n: int) -> None:
    await more.arrive(f"person{n}")


async def _session(more: More, n: int) -> None:
    statement = """
        insert into sessions (user_id, user_agent, last_used_at)
        values (cast(:me as uuid), 'agent', now() - :n * interval '1 minute')"""
    await more.execute(statement, n=n)


async def _my_invitation(more: More, n: int) -> None:
    host = await more.arrive(f"host{n}")
    team = await made(host, "/teams", name=f"Guests {n}")
    await made(host, f"/teams/{team['id']}/invitations", email=more.stage.side.owner.user["email"])


def _posted(path: str, **body: Any) -> Callable[[More, int], Awaitable[None]]:
    async def post(more: More, n: int) -> None:
        await more.post(path, **{name: each.replace("#", str(n)) for name, each in body.items()})

    return post


MORE: Final[dict[str, Callable[[More, int], Awaitable[None]]]] = {
    "list_reminders": _reminder,
    "list_team_reminders": _reminder,
    "list_occurrences": _occurrence,
    "list_occurrence_deliveries": _delivery,
    "list_deliveries": _delivery,
    "list_teams": _posted("/teams", name="Team #"),
    "list_members": _member,
    "list_team_addresses": _posted("/teams/{team}/addresses", kind="email", value="list#@example.com"),
    "list_calendars": _posted("/teams/{team}/calendars", name="Calendar #"),
    "list_api_keys": _posted("/teams/{team}/api-keys", name="key #", scope="read"),
    "list_audit": _posted("/teams/{team}/calendars", name="Noted #"),
    "list_team_invitations": _posted("/teams/{team}/invitations", email="guest#@example.com", role="member"),
    "list_my_invitations": _my_invitation,
    "list_people": _person,
    "list_addresses": _posted("/users/me/addresses", kind="email", value="mine#@example.com"),
    "list_sessions": _session,
}
