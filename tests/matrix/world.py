"""Two teams with one of everything, alike but for the words in them; nobody belongs to both."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from sqlalchemy import select

from core.work import begin
from models import addresses, sessions
from tests.fixtures.api import Person
from tests.fixtures.people import Arrive
from tests.fixtures.reminders import hourly, join

SOMETIME = "2027-12-31"


@dataclass
class Side:
    """One team: its people, the ids of one of everything in it, and the word that stands in all that it wrote."""

    marker: str
    owner: Person
    ids: dict[str, str] = field(default_factory=dict)

    async def make(self, path: str, **body: Any) -> dict[str, Any]:
        """Make something in the team, as its owner."""
        return await made(self.owner, f"/teams/{self.ids['team']}{path}", **body)


async def made(person: Person, path: str, **body: Any) -> dict[str, Any]:
    """Post something, which must succeed, and return the answer."""
    answer = await person.post(path, json=body)
    assert answer.status_code in {200, 201}, f"{path}: {answer.text}"
    found: dict[str, Any] = answer.json()
    return found


def new_marker() -> str:
    """Return a word that stands nowhere else."""
    return f"q{secrets.token_hex(8)}"


async def settle(arrive: Arrive) -> Side:
    """Let an owner arrive, and furnish a team of theirs."""
    marker = new_marker()
    side = Side(marker, await arrive(f"{marker}owner"))
    team = await made(side.owner, "/teams", name=f"{marker} team", timezone="Europe/Berlin")
    spare = await arrive(f"{marker}spare")
    side.ids |= {"team": team["id"], "spare": spare.user["id"], "day": SOMETIME}
    await join(side.owner, team["id"], spare, "member")
    await _furnish(side)
    return side


async def _furnish(side: Side) -> None:
    word = side.marker
    address = await side.make("/addresses", kind="email", value=f"{word}list@example.com", label=f"{word} list")
    calendar = await side.make("/calendars", name=f"{word} days", dates=[{"date": SOMETIME, "name": f"{word} day"}])
    unheeded = await side.make("/calendars", name=f"{word} other days")
    invitation = await side.make("/invitations", email=f"{word}guest@example.com", role="member")
    side.ids |= {"address": address["id"], "calendar": calendar["id"], "unheeded": unheeded["id"]}
    key = await side.make("/api-keys", name=f"{word} key", scope="read")
    gone = await made(side.owner, "/teams", name=f"{word} gone")
    await side.owner.delete(f"/teams/{gone['id']}")
    side.ids |= {"invitation": invitation["id"], "key": key["id"], "gone": gone["id"]}
    for name in ("reminder", "paused", "deleted"):
        reminder = await side.make("/reminders", **written(side, name))
        side.ids |= {name: reminder["id"], "due": reminder["next_run_at"]}
    await made(side.owner, f"/reminders/{side.ids['paused']}/pause", reason=f"{word} reason")
    await side.owner.delete(f"/reminders/{side.ids['deleted']}")


def written(side: Side, name: str) -> dict[str, Any]:
    """Return the body of a reminder every text of which holds the word of its team."""
    word = side.marker
    key = {"entity_type": f"{word}type", "entity_id": f"{word}{name}", "event_type": f"{word}event"}
    schedule = {"kind": "interval", "every": "PT1H", "holidays": f"calendar:{side.ids['calendar']}"}
    people = {"kind": "users", "users": [side.ids["spare"]], "addresses": [side.ids["address"]]}
    return hourly(message=f"{word} message", notes=f"{word} notes", schedule=schedule, audience=people) | key


async def belongings(app: FastAPI, person: Person) -> dict[str, str]:
    """Return the ids of what a person has for themselves; a second session comes into being."""
    who = person.user["id"]
    async with begin(app.state.database) as work:
        address = await work.conn.execute(select(addresses.c.id).where(addresses.c.user_id == who))
        other = await work.conn.execute(
            sessions.insert()
            .values(user_id=who, user_agent=f"{person.user['email']} agent", last_used_at=work.now)
            .returning(sessions.c.id)
        )
        return {
            "me": who,
            "my_team": person.team_id,
            "my_address": str(address.scalar_one()),
            "my_session": str(other.scalar_one()),
        }


async def fail(app: FastAPI, *sides: Side) -> None:
    """Let the delivery to each team's own address, which has fired, have failed for good."""
    async with begin(app.state.database) as work:
        for side in sides:
            statement = """
                update deliveries set status = 'dead', last_error = $2 || ' error', attempt_count = 1
                 where team_id = $1 and address_team_id = $1 returning id, occurrence_id"""
            row = (await work.conn.exec_driver_sql(statement, (side.ids["team"], side.marker))).one()
            proven = "update addresses set verified_at = now() where team_id = $1"
            await work.conn.exec_driver_sql(proven, (side.ids["team"],))
            attempt = "insert into attempts values ($1, $2, 1, 'permanent', now(), now(), $3 || ' detail')"
            await work.conn.exec_driver_sql(attempt, (side.ids["team"], row.id, side.marker))
            side.ids |= {"delivery": str(row.id), "occurrence": str(row.occurrence_id)}
