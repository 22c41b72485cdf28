"""`GET /teams/{id}/audit`: who did what, and never what was in it."""

from typing import Any

import pytest

from models import audit_log
from tests.fixtures.api import Person
from tests.fixtures.programs import program
from tests.fixtures.reminders import KEY, Crowd, once
from tests.fixtures.rows import Rows


async def lines(who: Person, team_id: str, **filters: str) -> list[dict[str, Any]]:
    """Return what somebody sees of a team's log."""
    answer = await who.get(f"/teams/{team_id}/audit", params=filters)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_line_says_who_did_what(ada: Person) -> None:
    """Person, action, object, names of fields and the request are there."""
    made = (await ada.post("/reminders", json=once())).json()
    patched = await ada.patch(f"/reminders/{made['id']}", json={"message": "Secret plan", "notes": "hidden"})
    last, first = (await lines(ada, ada.team_id))[:2]
    assert last["actor"] == {"id": ada.user["id"], "name": "ada", "api_key": None}
    assert (last["action"], last["object_type"], last["object_id"]) == ("reminder.changed", "reminder", made["id"])
    assert (last["fields"], last["request_id"]) == (["message", "notes"], patched.headers["x-request-id"])
    assert (first["action"], first["fields"]) == ("reminder.created", [])
    assert "Secret" not in str(await lines(ada, ada.team_id))


async def test_a_program_is_named(ada: Person) -> None:
    """What an API key did stands under its maker's name, with the key's public id."""
    key = await program(ada, ada.team_id)
    await key.post("/reminders", json=once())
    line = (await lines(ada, ada.team_id, action="reminder.created"))[0]
    assert line["actor"] == {"id": ada.user["id"], "name": "ada", "api_key": key.user["public_id"]}


async def test_every_change_is_noted_once(ada: Person) -> None:
    """Each verb leaves one line; what changes nothing, or is refused, leaves none."""
    made = (await ada.post("/reminders", json=once(completion="any", **KEY))).json()
    path = f"/reminders/{made['id']}"
    await ada.post("/reminders", json=once(**KEY))
    await ada.post(f"{path}/resume")
    for verb in ("pause", "resume", "run", "acknowledge", "skip"):
        await ada.post(f"{path}/{verb}")
    await ada.delete(path)
    await ada.delete(path)
    await ada.post(f"{path}/restore")
    calendar = (await ada.post(f"/teams/{ada.team_id}/calendars", json={"name": "Office"})).json()
    calendar_path = f"/teams/{ada.team_id}/calendars/{calendar['id']}"
    await ada.post(f"{calendar_path}/dates", json={"date": "2026-12-24"})
    await ada.delete(calendar_path)
    seen = [line["action"] for line in reversed(await lines(ada, ada.team_id))]
    verbs = ("created", "paused", "resumed", "run", "acknowledged", "skipped", "deleted", "restored")
    expected = [f"reminder.{verb}" for verb in verbs]
    assert seen == [*expected, "calendar.created", "calendar.changed", "calendar.removed"]


async def test_addresses_of_people_are_nobody_elses_business(ada: Person, rows: Rows) -> None:
    """A team's addresses are in its log, a person's in none, but noted all the same."""
    own = (await ada.post("/users/me/addresses", json={"kind": "email", "value": "ada@example.org"})).json()
    team = f"/teams/{ada.team_id}/addresses"
    added = (await ada.post(team, json={"kind": "email", "value": "list@example.org"})).json()
    await ada.patch(f"{team}/{added['id']}", json={"label": "List"})
    await ada.delete(f"{team}/{added['id']}")
    seen = [(line["action"], line["fields"]) for line in reversed(await lines(ada, ada.team_id))]
    assert seen == [("address.added", []), ("address.changed", ["label"]), ("address.removed", [])]
    mine = [row for row in await rows.all(audit_log) if str(row.object_id) == own["id"]]
    assert [(row.action, row.team_id, str(row.user_id)) for row in mine] == [("address.added", None, ada.user["id"])]


async def test_who_may_read_it(crowd: Crowd) -> None:
    """Owners and admins; members are told so, and others that there is no such team."""
    path = f"/teams/{crowd.team_id}/audit"
    people = (crowd.owner, crowd.admin, crowd.member, crowd.viewer, crowd.stranger)
    assert [(await each.get(path)).status_code for each in people] == [200, 200, 403, 403, 404]


async def test_filters(crowd: Crowd) -> None:
    """By actor, action, object and time; a time up to now has all, from now on nothing."""
    one = (await crowd.owner.post(crowd.reminders, json=once())).json()
    await crowd.admin.post(crowd.reminders, json=once())
    team = crowd.team_id
    assert len(await lines(crowd.owner, team, actor=crowd.admin.user["id"], action="reminder.created")) == 1
    assert [line["object_id"] for line in await lines(crowd.owner, team, object=one["id"])] == [one["id"]]
    everything = await lines(crowd.owner, team)
    latest = everything[0]["created_at"]
    assert await lines(crowd.owner, team, **{"from": latest}) == everything[:1]
    assert await lines(crowd.owner, team, to=latest) == everything[1:]
    for wrong in ({"action": "x' or 1=1"}, {"from": "yesterday"}, {"actor": "me"}):
        assert (await crowd.owner.get(f"/teams/{team}/audit", params=wrong)).status_code == 422


async def test_pages(ada: Person) -> None:
    """Page by page comes the same as at once, also while more is being done."""
    for _ in range(5):
        await ada.post("/reminders", json=once())
    whole, seen, cursor = await lines(ada, ada.team_id), [], None
    while True:
        page = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        answer = (await ada.get(f"/teams/{ada.team_id}/audit", params=page)).json()
        seen += answer["items"]
        cursor = answer["next_cursor"]
        await ada.post("/reminders", json=once())
        if cursor is None:
            break
    assert seen == whole


@pytest.mark.parametrize("gone", ["update users set status = 'erased', name = ''", "update users set name = 'Ada L.'"])
async def test_names_are_those_of_now(crowd: Crowd, rows: Rows, gone: str) -> None:
    """A changed name is the new one, and an erased account has none."""
    await crowd.member.post(crowd.reminders, json=once())
    await rows.execute(f"{gone} where name = 'member'")
    line = (await lines(crowd.owner, crowd.team_id, action="reminder.created"))[0]
    assert line["actor"]["name"] == ("erased" if "erased" in gone else "Ada L.")


async def test_a_refused_change_leaves_no_line(ada: Person, rows: Rows) -> None:
    """What is rolled back is not noted either: a line tells of what was done."""
    before = len(await rows.all(audit_log))
    made = (await ada.post("/reminders", json=once())).json()
    assert (await ada.delete(f"/reminders/{made['id']}", headers={"If-Match": '"9"'})).status_code == 412
    assert len(await rows.all(audit_log)) == before + 1
