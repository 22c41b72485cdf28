"""People who leave: what only they had falls to somebody else, and nothing of theirs is left behind."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from core.work import begin
from crud import leavers
from crud.leavers import Report
from models import (
    addresses,
    api_keys,
    deliveries,
    invitations,
    letters,
    memberships,
    occurrences,
    reminders,
)
from models import teams as table
from tests.fixtures.rows import DUE, Rows


@dataclass
class Team:
    """A team of an owner, an author and a leaver, each with a mailbox."""

    rows: Rows
    id: UUID
    owner: UUID
    author: UUID
    leaver: UUID

    async def fired(self, **values: Any) -> UUID:
        """Fire a reminder for the leaver alone, unless told otherwise; return its id."""
        given = {"audience_kind": "users", "audience_user_ids": [self.leaver], "completion": "any"} | values
        reminder_id = await self.rows.reminder(self.id, given.pop("created_by", self.author), **given)
        await self.rows.claim()
        return reminder_id

    async def leaves(self, user_id: UUID | None = None) -> Report:
        """Let the leaver go."""
        async with begin(self.rows.db) as work:
            return await leavers.leaves(work, self.id, user_id or self.leaver)

    async def asked(self) -> set[UUID | None]:
        """Return who still has something to come or has had it, and belongs to the team."""
        here = {row.user_id for row in await self.members()} | {None}
        standing = ("pending", "delivered")
        return {row.user_id for row in await self.rows.all(deliveries) if row.status in standing} & here

    async def members(self) -> list[Any]:
        """Return the memberships."""
        async with self.rows.db.connect() as conn:
            return list((await conn.execute(memberships.select())).all())


@pytest.fixture
async def team(rows: Rows) -> Team:
    """A team of three, of whom one owns it."""
    owner, author, leaver = [await rows.person() for _ in range(3)]
    for user_id in (owner, author, leaver):
        await rows.address(f"{user_id}@example.com", user_id=user_id)
    team_id = await rows.team(owner, author, leaver)
    await rows.execute("update memberships set role = 'owner' where user_id = :id", id=owner)
    return Team(rows, team_id, owner, author, leaver)


async def test_what_only_they_had_falls_to_its_creator(team: Team) -> None:
    """An open occurrence that nobody else was asked about goes to who made the reminder; what waits is cancelled."""
    await team.fired()
    report = await team.leaves()
    assert (report.occurrences_reassigned, report.audiences_changed) == (1, 1)
    old, new = await team.rows.all(deliveries)
    assert (old.user_id, old.status, old.reason) == (team.leaver, "cancelled", "left_team")
    assert (new.user_id, new.status, new.kind, new.seq) == (team.author, "pending", "substitute", 1)
    [occurrence] = await team.rows.all(occurrences)
    assert occurrence.status == "open"


@pytest.mark.parametrize("rule", ["creator", "owners"])
async def test_the_rule_of_the_team_says_who(team: Team, rule: str) -> None:
    """A team may have everything fall to its owners; and they have what its creator leaves behind."""
    await team.rows.execute("update teams set on_leave = :rule", rule=rule)
    await team.fired(created_by=team.author if rule == "owners" else team.leaver)
    await team.leaves()
    assert await team.asked() == {team.owner}


async def test_what_was_delivered_and_not_done_is_asked_anew(team: Team) -> None:
    """Who got it and left without saying done leaves it open; where nothing is to be said, it is over."""
    await team.fired()
    await team.fired(completion=None)
    await team.rows.execute("update deliveries set status = 'delivered'")
    assert (await team.leaves()).occurrences_reassigned == 1
    assert len([row for row in await team.rows.all(deliveries) if row.kind == "substitute"]) == 1


async def test_others_are_left_alone(team: Team) -> None:
    """Where somebody else or a channel of the team was asked too, nobody is asked anew; one who left counts no more."""
    both = [team.leaver, team.owner]
    channel = await team.rows.address("C0123456789", "slack", team_id=team.id)
    await team.fired(audience_user_ids=both)
    await team.fired(audience_address_ids=[channel])
    await team.rows.execute("update deliveries set status = 'delivered'")
    assert (await team.leaves()).occurrences_reassigned == 0
    assert await team.asked() == {team.owner, None}
    await team.rows.execute("update memberships set role = 'owner' where user_id = :id", id=team.author)
    assert (await team.leaves(team.owner)).occurrences_reassigned == 1
    assert await team.asked() == {team.author, None}


async def test_what_waits_for_a_later_hour_goes_on_waiting(team: Team) -> None:
    """The substitute does not get it before the leaver would have."""
    await team.fired()
    await team.rows.execute("update deliveries set deliver_at = now() + interval '5 hours'")
    await team.leaves()
    old, new = await team.rows.all(deliveries)
    assert new.deliver_at == old.deliver_at


async def test_the_creator_out_of_reach_is_passed_over(team: Team) -> None:
    """Without a proven mailbox of the creator it is the owners; without any it is closed, and the report says so."""
    await team.rows.execute("update addresses set verified_at = null where user_id = :id", id=team.author)
    await team.fired()
    await team.leaves()
    assert await team.asked() == {team.owner}
    await team.rows.execute("update addresses set disabled_at = now()")
    await team.rows.execute("delete from deliveries where user_id = :id", id=team.leaver)
    await team.rows.execute("insert into memberships values (:t, :u, 'member')", t=team.id, u=team.leaver)
    await team.rows.execute("update deliveries set user_id = :u, address_id = null", u=team.leaver)
    report = await team.leaves()
    assert (report.occurrences_reassigned, report.occurrences_without_recipient) == (0, 1)
    [occurrence] = await team.rows.all(occurrences)
    assert (occurrence.status, occurrence.reason) == ("closed", "no_recipient")


async def test_audiences_lose_them(team: Team) -> None:
    """They and their own addresses are named no more; what named nobody else falls to whom the rule says."""
    mine = next(row.id for row in await team.rows.all(addresses) if row.user_id == team.leaver)
    cases = {
        "both": {"audience_kind": "users", "audience_user_ids": [team.leaver, team.owner]},
        "alone": {"audience_kind": "users", "audience_user_ids": [team.leaver]},
        "address": {"audience_kind": "addresses", "audience_address_ids": [mine]},
        "beside": {"audience_kind": "team", "audience_address_ids": [mine]},
        "own": {"audience_kind": "creator", "created_by": team.leaver},
        "other": {"audience_kind": "creator"},
    }
    ids = {
        name: await team.rows.reminder(team.id, values.pop("created_by", team.author), **values)  # type: ignore[arg-type]  # kinds of their own
        for name, values in cases.items()
    }
    assert (await team.leaves()).audiences_changed == 5
    found = {}
    for name, reminder_id in ids.items():
        row = await team.rows.one(reminders, reminder_id)
        assert row.audience_address_ids == []
        found[name] = (row.audience_kind, row.audience_user_ids, row.audience_roles, row.version)
    assert found == {
        "both": ("users", [team.owner], [], 2),
        "alone": ("creator", [], [], 2),
        "address": ("creator", [], [], 2),
        "beside": ("team", [], [], 2),
        "own": ("roles", [], ["owner"], 2),
        "other": ("creator", [], [], 1),
    }


async def test_what_opens_the_team_is_taken_away(team: Team) -> None:
    """Keys and invitations of theirs are gone; those of others stay."""
    rows = team.rows
    for who in (team.leaver, team.author):
        key = {"team_id": team.id, "name": "k", "public_id": str(who), "secret_hash": b"", "scope": "read"}
        invitation = {"team_id": team.id, "email": f"{who}@elsewhere.example", "role": "viewer", "expires_at": DUE}
        async with rows.db.begin() as conn:
            await conn.execute(api_keys.insert().values(**key, created_by=who))
            await conn.execute(invitations.insert().values(**invitation, invited_by=who))
    report = await team.leaves()
    assert (report.api_keys_revoked, report.invitations_revoked) == (1, 1)
    assert {row.created_by for row in await rows.all(api_keys) if row.revoked_at is None} == {team.author}
    assert {row.invited_by for row in await rows.all(invitations) if row.status == "pending"} == {team.author}


async def leave_all(rows: Rows, user_id: UUID) -> None:
    """Let somebody leave all teams, as erasing does."""
    async with begin(rows.db) as work:
        await leavers.leaves_all(work, rows.settings, user_id)


async def test_the_last_owner_leaves_an_heir(team: Team) -> None:
    """Whoever stands highest, and of those joined first, owns the team from then on and is written to."""
    await team.rows.execute("update memberships set role = 'admin' where user_id = :id", id=team.leaver)
    await leave_all(team.rows, team.owner)
    assert {row.user_id: row.role for row in await team.members()} == {team.author: "member", team.leaver: "owner"}
    [letter] = await team.rows.all(letters)
    assert (letter.kind, letter.user_id, letter.about) == ("team_handed_on", team.leaver, team.id)


async def test_a_team_of_one_ends_with_them(rows: Rows) -> None:
    """Where nobody else is, the team ends at once; the personal one is left to whoever erases the account."""
    team_id, reminder_id = await rows.solo()
    person = (await rows.one(reminders, reminder_id)).created_by
    own = await rows.team(person, personal_of=person)
    await leave_all(rows, person)
    async with rows.db.connect() as conn:
        assert [row.team_id for row in (await conn.execute(memberships.select())).all()] == [own]
    ended = await rows.one(table, team_id)
    assert ended.purge_at == ended.deleted_at
    assert (await rows.one(reminders, reminder_id)).status == "deleted"


async def test_who_is_only_away_stays_a_member(team: Team) -> None:
    """Somebody who is deactivated is a member still, but others are asked, and what they alone owned is handed on."""
    await team.fired(audience_user_ids=[team.owner])
    await team.rows.execute("update users set status = 'deactivated' where id = :id", id=team.owner)
    async with begin(team.rows.db) as work:
        await leavers.rests(work, team.rows.settings, team.owner)
    assert {row.user_id: row.role for row in await team.members()} == {
        team.owner: "owner",
        team.author: "owner",
        team.leaver: "member",
    }
    assert await team.asked() == {team.author}
