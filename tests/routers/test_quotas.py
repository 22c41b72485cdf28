"""Quotas: what is over them is refused with one code, and leaves nothing behind."""

from typing import Any

import pytest

from core.settings import Settings
from models import reminders
from tests.fixtures.api import Person
from tests.fixtures.people import Arrive
from tests.fixtures.reminders import KEY, Crowd, once
from tests.fixtures.rows import Rows


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Room for three of each."""
    names = ("reminders", "invitations", "addresses", "calendars", "api_keys", "teams")
    quotas = {f"quota_{name}": 3 for name in names} | {"quota_members": 4}
    return Settings(_env_file=None, **(settings.model_dump() | quotas))


async def filled(who: Person, path: str, bodies: list[dict[str, Any]]) -> list[tuple[int, str | None]]:
    """Post several, and return statuses and codes."""
    answers = [await who.post(path, json=body) for body in bodies]
    return [(answer.status_code, answer.json().get("code")) for answer in answers]


FULL = [(201, None)] * 3 + [(409, "quota_reached")]


async def test_every_quota_is_refused_alike(ada: Person) -> None:
    """The fourth of everything of which there may be three."""
    team = f"/teams/{ada.team_id}"
    mailboxes = [{"kind": "email", "value": f"{n}@example.org"} for n in range(4)]
    assert await filled(ada, "/reminders", [once()] * 4) == FULL
    assert await filled(ada, f"{team}/addresses", mailboxes) == FULL
    assert await filled(ada, f"{team}/calendars", [{"name": "Office"}] * 4) == FULL
    assert await filled(ada, f"{team}/api-keys", [{"name": "x", "scope": "read"}] * 4) == FULL
    assert await filled(ada, "/teams", [{"name": "Ops"}] * 4) == FULL
    # The mailbox that everybody begins with is one of the three.
    assert await filled(ada, "/users/me/addresses", mailboxes) == FULL[1:] + FULL[3:]


async def test_a_refusal_says_what_to_do(ada: Person, rows: Rows) -> None:
    """It names the quota, its limit and a way out; and nothing of the refused one is there."""
    await filled(ada, "/reminders", [once()] * 3)
    refused = (await ada.post("/reminders", json=once())).json()["detail"]
    assert "3 active reminders" in refused
    assert "QUOTA_REMINDERS" in refused
    assert "delete or pause" in refused
    assert len(await rows.all(reminders)) == 3


async def test_invitations_and_members_have_quotas(crowd: Crowd) -> None:
    """Three may wait to join, and a team of four is full."""
    people = [{"email": f"{n}@example.com", "role": "member"} for n in range(4)]
    path = f"/teams/{crowd.team_id}/invitations"
    assert await filled(crowd.owner, path, people[:2]) == FULL[:2]
    invited = await crowd.owner.post(path, json={"email": crowd.stranger.user["email"], "role": "viewer"})
    assert await filled(crowd.owner, path, people[2:3]) == FULL[3:]
    accepted = await crowd.stranger.post(f"/invitations/{invited.json()['id']}/accept")
    assert (accepted.status_code, accepted.json()["code"]) == (409, "quota_reached")


async def test_what_was_paused_counts_when_it_comes_back(ada: Person) -> None:
    """Resuming, restoring and planning anew are refused while there is no room, and possible when there is."""
    made = [(await ada.post("/reminders", json=once())).json()["id"] for _ in range(2)]
    await ada.post(f"/reminders/{made[0]}/pause")
    await ada.delete(f"/reminders/{made[1]}")
    others = [(await ada.post("/reminders", json=once())).json()["id"] for _ in range(3)]
    back = [await ada.post(f"/reminders/{made[0]}/resume"), await ada.post(f"/reminders/{made[1]}/restore")]
    assert {(answer.status_code, answer.json()["code"]) for answer in back} == {(409, "quota_reached")}
    await ada.delete(f"/reminders/{others[0]}")
    assert (await ada.post(f"/reminders/{made[0]}/resume")).status_code == 200


async def test_who_asks_again_is_not_refused(ada: Person) -> None:
    """An active reminder with the same natural key is answered also where there is no room for another."""
    first = await ada.post("/reminders", json=once(**KEY))
    await filled(ada, "/reminders", [once()] * 2)
    again = await ada.post("/reminders", json=once(**KEY))
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])


async def test_teams_do_not_count_for_each_other(arrive: Arrive) -> None:
    """A full team leaves all others their room."""
    ada, eve = await arrive("ada"), await arrive("eve")
    assert [await filled(each, "/reminders", [once()] * 4) for each in (ada, eve)] == [FULL, FULL]
