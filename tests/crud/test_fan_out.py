"""Fan-out: who gets a reminder, by which channel, and what shows the gaps."""

from collections import Counter

from models import deliveries, occurrences
from tests.fixtures.rows import Rows


async def statuses(rows: Rows) -> Counter[tuple[str, str, str | None]]:
    """Count deliveries by channel, status and reason."""
    return Counter((row.channel, row.status, row.reason) for row in await rows.all(deliveries))


async def test_a_team_is_everybody_in_it(rows: Rows) -> None:
    """Each member gets a delivery to their own address; people outside get none."""
    people = [await rows.person() for _ in range(3)]
    for user_id in [*people, await rows.person()]:
        await rows.address(user_id=user_id)
    team_id = await rows.team(*people)
    await rows.reminder(team_id, people[0])
    await rows.claim()
    assert {row.user_id for row in await rows.all(deliveries)} == set(people)


async def test_roles_users_and_creator_narrow_the_audience(rows: Rows) -> None:
    """Each kind of audience reaches those it names, as long as they belong to the team."""
    ada, bob, eve = [await rows.person() for _ in range(3)]
    for user_id in (ada, bob, eve):
        await rows.address(user_id=user_id)
    team_id = await rows.team(ada, bob)
    await rows.execute("update memberships set role = 'viewer' where user_id = :id", id=bob)
    reached = {}
    for kind, values in (
        ("roles", {"audience_roles": ["viewer"]}),
        ("users", {"audience_user_ids": [ada, eve]}),
        ("creator", {}),
    ):
        await rows.execute("delete from deliveries")
        await rows.reminder(team_id, ada, audience_kind=kind, **values)
        await rows.claim()
        reached[kind] = {row.user_id for row in await rows.all(deliveries)}
    assert reached == {"roles": {bob}, "users": {ada}, "creator": {ada}}


async def test_named_addresses_add_to_any_audience_once(rows: Rows) -> None:
    """A team's Slack channel is added, and an address that is reached anyway is not doubled."""
    ada = await rows.person()
    mail = await rows.address(user_id=ada)
    team_id = await rows.team(ada)
    channel = await rows.address("C0123456789", "slack", team_id=team_id)
    foreign = await rows.address("C9999999999", "slack", team_id=await rows.team())
    await rows.reminder(team_id, ada, audience_address_ids=[mail, channel, foreign])
    _, work = await rows.claim()
    assert {row.address_id for row in await rows.all(deliveries)} == {mail, channel}
    assert work.channels == {"email", "slack"}


async def test_a_missing_or_unproven_address_shows_as_a_gap(rows: Rows) -> None:
    """A member without an address for a chosen channel, or with an unproven one, has a row that says so."""
    ada, bob = await rows.person(), await rows.person()
    await rows.address(user_id=ada, verified_at=None)
    team_id = await rows.team(ada, bob)
    await rows.reminder(team_id, ada, channels=["email"])
    claimed, work = await rows.claim()
    assert (claimed.deliveries, work.channels) == (0, set())
    assert await statuses(rows) == {("email", "suppressed", "unverified"): 1, ("email", "suppressed", "no_address"): 1}


async def test_disabled_deleted_and_deactivated_get_nothing(rows: Rows) -> None:
    """Neither a disabled nor a removed address is used, nor anybody who was deactivated."""
    ada, bob = await rows.person(), await rows.person(status="deactivated")
    await rows.address("one@example.com", user_id=ada)
    await rows.address("two@example.com", user_id=ada)
    await rows.execute("update addresses set disabled_at = now() where shown_value = 'one@example.com'")
    await rows.execute("update addresses set deleted_at = now() where shown_value = 'two@example.com'")
    await rows.address(user_id=bob)
    team_id = await rows.team(ada, bob)
    await rows.reminder(team_id, ada)
    await rows.claim()
    assert await statuses(rows) == {("email", "suppressed", "no_address"): 1}


async def test_where_nobody_is_left_the_creator_is_told(rows: Rows) -> None:
    """An audience of nobody closes the occurrence as `no_recipient`, and its creator gets the message."""
    ada, gone = await rows.person(), await rows.person()
    await rows.address(user_id=ada)
    team_id = await rows.team(ada)
    await rows.reminder(team_id, ada, audience_kind="users", audience_user_ids=[gone])
    await rows.claim()
    [occurrence], [delivery] = await rows.all(occurrences), await rows.all(deliveries)
    assert (occurrence.status, occurrence.reason) == ("closed", "no_recipient")
    assert (delivery.user_id, delivery.status) == (ada, "pending")


async def test_a_held_destination_waits_for_its_instant(rows: Rows) -> None:
    """A delivery to an address that must rest is due when the rest is over."""
    ada = await rows.person()
    await rows.address(user_id=ada)
    await rows.execute("update addresses set next_allowed_at = '2026-11-02 09:05Z'")
    await rows.reminder(await rows.team(ada), ada)
    await rows.claim()
    [delivery] = await rows.all(deliveries)
    assert delivery.deliver_at.minute == 5


async def test_gaps_alone_are_nobody(rows: Rows) -> None:
    """Where all that would get it cannot, the occurrence is closed and the creator is told; gaps stay visible."""
    ada, bob = await rows.person(), await rows.person()
    await rows.address(user_id=ada)
    await rows.address("bob@example.com", user_id=bob, verified_at=None)
    team_id = await rows.team(ada, bob)
    await rows.reminder(team_id, ada, audience_kind="users", audience_user_ids=[bob])
    _, work = await rows.claim()
    [occurrence], [gap, told] = await rows.all(occurrences), await rows.all(deliveries)
    assert (occurrence.status, occurrence.reason) == ("closed", "no_recipient")
    assert (gap.user_id, gap.status, gap.reason) == (bob, "suppressed", "unverified")
    assert (told.user_id, told.status, told.kind) == (ada, "pending", "substitute")
    assert work.channels == {"email"}


async def test_a_creator_without_an_address_has_one_gap(rows: Rows) -> None:
    """Nobody else is there to be told, and the gap is not shown twice."""
    ada = await rows.person()
    await rows.reminder(await rows.team(ada, role="owner"), ada)
    await rows.claim()
    assert await statuses(rows) == {("email", "suppressed", "no_address"): 1}
    [occurrence] = await rows.all(occurrences)
    assert (occurrence.status, occurrence.reason) == ("closed", "no_recipient")


async def test_a_creator_by_another_channel(rows: Rows) -> None:
    """Without an address for the channel that was asked for, its creator is told by the channel they prefer."""
    ada = await rows.person()
    await rows.address(user_id=ada)
    await rows.reminder(await rows.team(ada), ada, channels=["slack"])
    await rows.claim()
    assert await statuses(rows) == {("slack", "suppressed", "no_address"): 1, ("email", "pending", None): 1}


async def test_where_the_creator_is_not_there_the_owners_are_told(rows: Rows) -> None:
    """Whoever made it has left, or cannot be reached: then it is for those who own the team."""
    gone, ada, bob = [await rows.person() for _ in range(3)]
    for number, user_id in enumerate((gone, ada)):
        await rows.address(f"{number}@example.com", user_id=user_id)
    team_id = await rows.team(ada, bob)
    await rows.execute("update memberships set role = 'owner' where user_id = :id", id=ada)
    for creator in (gone, bob):
        await rows.reminder(team_id, creator, audience_kind="creator")
    await rows.claim()
    assert [row.user_id for row in await rows.all(deliveries) if row.status == "pending"] == [ada, ada]
