"""Two changes of who belongs to a team that meet: it keeps an owner, and a link lets in as many as it says."""

from typing import Any
from uuid import UUID

import pytest

from core.errors import DomainError
from core.ids import uuid7
from core.work import Work, begin
from crud import invitations, inviting, joining, members, proofs, team_ends
from crud.access import Actor
from crud.inviting import Invited
from models import memberships
from schemas.teams import InvitationCreate
from tests.fixtures.rows import Rows
from tests.races.meeting import Verb, second_waits

LINK = InvitationCreate(link=True)


async def owners(rows: Rows) -> tuple[UUID, UUID, UUID]:
    """Write a team with two owners; return it and them."""
    first, second = await rows.person(), await rows.person()
    return await rows.team(first, second, role="owner"), first, second


def refused(verb: Verb, refusals: list[str]) -> Verb:
    """Let a verb be refused, and keep why."""

    async def asked(work: Work) -> None:
        try:
            await verb(work)
        except DomainError as error:
            refusals.append(error.code)

    return asked


async def roles(rows: Rows) -> list[str]:
    """Return the roles of all who are left."""
    async with rows.db.connect() as conn:
        return sorted((await conn.execute(memberships.select())).scalars(2))  # type: ignore[type-var]  # texts


def leave(team_id: UUID, who: UUID) -> Verb:
    """Leave."""
    return lambda work: members.remove(work, Actor(who), team_id, who)


def step_down(team_id: UUID, who: UUID) -> Verb:
    """Become an admin."""
    return lambda work: members.change(work, Actor(who), team_id, who, "admin")


@pytest.mark.parametrize("first", [leave, step_down])
@pytest.mark.parametrize("second", [leave, step_down])
async def test_the_last_owner_stays(rows: Rows, first: Any, second: Any) -> None:
    """Of two owners who go at the same moment, whoever is second is the last and may not."""
    team_id, ada, bob = await owners(rows)
    refusals: list[str] = []
    await second_waits(rows, first(team_id, ada), refused(second(team_id, bob), refusals))
    assert refusals == ["last_owner"]
    assert "owner" in await roles(rows)


async def invited(rows: Rows, team_id: UUID, by: UUID) -> Invited:
    """Make a link for one."""
    async with begin(rows.db) as work:
        return await inviting.create(work, rows.settings, Actor(by), team_id, LINK)


async def test_the_last_use_of_a_link_is_for_one(rows: Rows) -> None:
    """Two who accept at the same moment: the first is in, the other is told that the link opens nothing any more."""
    team_id, ada, _ = await owners(rows)
    made, refusals = await invited(rows, team_id, ada), []
    eve, joe = await rows.person(), await rows.person()

    def accepts(who: UUID) -> Verb:
        return lambda work: invitations.accept_token(work, rows.settings, who, str(made.token))

    await second_waits(rows, accepts(eve), refused(accepts(joe), refusals))
    assert (refusals, await roles(rows)) == (["invalid_token"], ["member", "owner", "owner"])


async def test_nobody_joins_a_team_that_is_being_deleted(rows: Rows) -> None:
    """Who accepts while the team ends waits for it, and finds the invitation gone."""
    team_id, ada, _ = await owners(rows)
    made, refusals = await invited(rows, team_id, ada), []
    eve = await rows.person(id=uuid7())
    await second_waits(
        rows,
        lambda work: team_ends.delete(work, rows.settings, Actor(ada), team_id, versions=None),
        refused(lambda work: invitations.accept_token(work, rows.settings, eve, str(made.token)), refusals),
    )
    assert (refusals, await roles(rows)) == (["invalid_token"], [])


async def test_whoever_is_being_removed_leaves_no_link_behind(rows: Rows) -> None:
    """A link that would let them in again waits for their removal, and is refused."""
    team_id, ada, bob = await owners(rows)
    refusals: list[str] = []
    inviting_late = refused(lambda work: inviting.create(work, rows.settings, Actor(bob), team_id, LINK), refusals)
    await second_waits(rows, lambda work: members.remove(work, Actor(ada), team_id, bob), inviting_late)
    assert refusals == ["not_found"]


async def test_one_invitation_sets_one_password(rows: Rows) -> None:
    """Of two who take an unproven account over by the same secret, the second is told that it has been used."""
    team_id, ada, _ = await owners(rows)
    await rows.person(email="bob@example.com", email_verified_at=None)
    async with begin(rows.db) as work:
        asked = InvitationCreate(email="bob@example.com")
        invitation = (await inviting.create(work, rows.settings, Actor(ada), team_id, asked)).row
        token = await proofs.make(work, inviting.PURPOSE, about=invitation.id)

    def join(password: str) -> Verb:
        return lambda work: joining.by_mailbox(work, rows.settings, token, password)

    refusals: list[str] = []
    await second_waits(rows, join("four dry socks in a drawer"), refused(join("five dry socks in a drawer"), refusals))
    assert refusals == ["invalid_token"]
