"""Whoever has not proven their own mailbox makes us send nothing to anybody else."""

import pytest

from tests.fixtures.api import Person
from tests.fixtures.letters import Post
from tests.fixtures.people import Arrive
from tests.fixtures.reminders import Crowd

ONCE = {"kind": "once", "at": "2099-01-01T09:00:00Z"}
REMINDER = {"message": "buy this", "schedule": ONCE, "audience": {"kind": "team"}}
UNPROVE = "update users set email_verified_at = null where email = :email"


@pytest.fixture
async def guest(crowd: Crowd, arrive: Arrive, post: Post) -> Person:
    """A member who came by a link, and whose mailbox is not proven."""
    link = await crowd.admin.post(f"/teams/{crowd.team_id}/invitations", json={"link": True})
    guest = await arrive("guest")
    await post.execute(UNPROVE, email=guest.user["email"])
    joined = await guest.post("/invitations/accept", json={"token": link.json()["token"]})
    assert (joined.status_code, joined.json()["my_role"]) == (200, "viewer")
    return guest


async def refused(person: Person, path: str, **body: object) -> bool:
    """Tell whether somebody is refused because their mailbox is not proven."""
    answer = await person.post(path, json=body)
    return bool((answer.status_code, answer.json().get("code")) == (403, "email_not_verified"))


async def test_the_unproven_only_look_in_teams_with_others(guest: Person, crowd: Crowd) -> None:
    """No reminder of theirs, one or many, in words or of somebody else, reaches others; they see what is there."""
    team = f"/teams/{crowd.team_id}"
    theirs = (await crowd.owner.post(f"{team}/reminders", json=REMINDER)).json()["id"]
    assert await refused(guest, "/reminders", **REMINDER, team_id=crowd.team_id)
    assert await refused(guest, f"{team}/reminders", **REMINDER)
    assert await refused(guest, f"{team}/reminders/bulk", reminders=[REMINDER])
    assert await refused(guest, f"{team}/quick-add", text="call @owner tomorrow at 9")
    assert await refused(guest, f"/reminders/{theirs}/run")
    assert (await guest.patch(f"/reminders/{theirs}", json={"message": "buy this"})).status_code == 403
    assert (await guest.get(f"/reminders/{theirs}")).status_code == 200


async def test_nothing_is_tried_out_for_the_unproven(guest: Person, crowd: Crowd) -> None:
    """An address of the team gets no test message, and a mailbox no question, because of them."""
    home = {"kind": "email", "value": "ops@example.com"}
    address = (await crowd.owner.post(f"/teams/{crowd.team_id}/addresses", json=home)).json()["id"]
    assert await refused(guest, f"/teams/{crowd.team_id}/addresses/{address}/test")
    assert await refused(guest, f"/teams/{crowd.team_id}/addresses/{address}/verify")


async def test_the_unproven_gather_nobody(guest: Person) -> None:
    """They make no team, fetch no address, and have their own reminders in their personal team all the same."""
    assert await refused(guest, "/teams", name="Sales")
    calendars = f"/teams/{guest.team_id}/calendars"
    calendar = (await guest.post(calendars, json={"name": "Mine"})).json()["id"]
    assert await refused(guest, f"{calendars}/{calendar}/import", url="https://example.com/days.ics")
    assert (await guest.post("/reminders", json=REMINDER)).status_code == 201


async def test_proof_opens_all_of_it(guest: Person, crowd: Crowd, post: Post) -> None:
    """The role that they were invited with counts from the moment of the proof; without verification at once."""
    path = f"/teams/{crowd.team_id}/reminders"
    post.app.state.settings = post.app.state.settings.model_copy(update={"email_verification": "off"})
    assert (await guest.post(path, json=REMINDER)).status_code == 201
    post.app.state.settings = post.app.state.settings.model_copy(update={"email_verification": "required"})
    assert await refused(guest, path, **REMINDER)
    await post.execute("update users set email_verified_at = now() where email = :email", email=guest.user["email"])
    assert (await guest.post(path, json=REMINDER)).status_code == 201


async def test_who_is_unproven_may_leave(guest: Person, crowd: Crowd, post: Post) -> None:
    """Leaving sends nothing to anybody, so that they can, even as an owner."""
    await post.execute("update memberships set role = 'owner' where user_id = :who", who=guest.user["id"])
    assert (await guest.delete(f"/teams/{crowd.team_id}/members/{crowd.owner.user['id']}")).status_code == 403
    assert (await guest.post(f"/teams/{crowd.team_id}/leave")).status_code == 200
