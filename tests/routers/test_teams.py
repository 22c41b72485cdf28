"""Teams, their members, and invitations into them."""

import pytest

from tests.fixtures.api import Person
from tests.fixtures.reminders import Crowd, Fire, join, once


async def test_everybody_has_a_personal_team(ada: Person) -> None:
    """From the start there is one team, one's own, which can neither be left, shared nor deleted."""
    items = (await ada.get("/teams")).json()["items"]
    assert [(item["id"], item["personal"], item["my_role"]) for item in items] == [(ada.team_id, True, "owner")]
    path = f"/teams/{ada.team_id}"
    answers = [
        await ada.post(f"{path}/leave"),
        await ada.post(f"{path}/invitations", json={"email": "ada@example.com"}),
        await ada.delete(path),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(409, "personal_team")}


async def test_a_team_is_made_read_and_changed(ada: Person) -> None:
    """Whoever makes a team owns it, and may change it on the version that was read."""
    made = await ada.post("/teams", json={"name": "Ops", "timezone": "Europe/Berlin"})
    team = made.json()
    assert (made.status_code, made.headers["etag"], team["my_role"], team["personal"]) == (201, '"1"', "owner", False)
    path = f"/teams/{team['id']}"
    assert (await ada.get(path)).json() == team
    changed = await ada.patch(path, json={"name": "Operations"}, headers={"If-Match": '"1"'})
    assert (changed.json()["name"], changed.json()["timezone"], changed.json()["version"]) == (
        "Operations", "Europe/Berlin", 2,
    )  # fmt: skip
    assert (await ada.patch(path, json={"name": "X"}, headers={"If-Match": '"1"'})).status_code == 412


async def test_who_may_change_a_team(crowd: Crowd) -> None:
    """Admins change it, owners delete it, others are told that their role is too low."""
    path = f"/teams/{crowd.team_id}"
    people = (crowd.viewer, crowd.member, crowd.admin)
    assert [(await person.patch(path, json={"name": "A"})).status_code for person in people] == [403, 403, 200]
    assert [(await person.delete(path)).status_code for person in people] == [403, 403, 403]
    assert (await crowd.owner.delete(path)).status_code == 204


async def test_a_deleted_team_is_gone(crowd: Crowd, fire: Fire) -> None:
    """With a team end its reminders, and nobody reaches anything of it any more."""
    made = (await crowd.member.post(crowd.reminders, json=once())).json()
    await crowd.owner.delete(f"/teams/{crowd.team_id}")
    await fire(made["next_run_at"])
    for path in (f"/teams/{crowd.team_id}", crowd.reminders, f"/reminders/{made['id']}"):
        assert (await crowd.owner.get(path)).status_code == 404
    assert (await crowd.owner.get("/deliveries")).json()["items"] == []
    assert len((await crowd.member.get("/teams")).json()["items"]) == 1


async def test_members_are_listed_for_members(crowd: Crowd) -> None:
    """Every member sees who belongs to the team, page by page, in the order in which they joined."""
    path = f"/teams/{crowd.team_id}/members"
    first = (await crowd.viewer.get(path, params={"limit": 3})).json()
    rest = (await crowd.viewer.get(path, params={"cursor": first["next_cursor"]})).json()
    assert [item["role"] for item in first["items"] + rest["items"]] == ["owner", "admin", "member", "viewer"]


async def test_roles_are_given_from_above(crowd: Crowd) -> None:
    """Admins give roles below owner; only owners make and unmake owners."""

    async def give(actor: Person, whom: Person, role: str) -> int:
        path = f"/teams/{crowd.team_id}/members/{whom.user['id']}"
        return (await actor.patch(path, json={"role": role})).status_code

    assert await give(crowd.member, crowd.viewer, "member") == 403
    assert await give(crowd.admin, crowd.viewer, "member") == 200
    assert await give(crowd.admin, crowd.admin, "owner") == 403
    assert await give(crowd.admin, crowd.owner, "member") == 403
    assert await give(crowd.admin, crowd.stranger, "member") == 404
    assert await give(crowd.owner, crowd.admin, "owner") == 200
    assert await give(crowd.owner, crowd.owner, "member") == 200


async def test_a_team_keeps_an_owner(crowd: Crowd) -> None:
    """The last owner can neither step down nor leave, but can hand the team over."""
    path = f"/teams/{crowd.team_id}"
    me = crowd.owner.user["id"]
    answers = [
        await crowd.owner.patch(f"{path}/members/{me}", json={"role": "admin"}),
        await crowd.owner.post(f"{path}/leave"),
        await crowd.owner.delete(f"{path}/members/{me}"),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(409, "last_owner")}
    handed = await crowd.owner.post(f"{path}/transfer", json={"user_id": crowd.viewer.user["id"]})
    assert (handed.status_code, handed.json()["role"]) == (200, "owner")
    assert (await crowd.owner.get(path)).json()["my_role"] == "admin"
    assert (await crowd.owner.post(f"{path}/leave")).status_code == 200


@pytest.mark.parametrize("way", ["leave", "remove"])
async def test_who_is_gone_gets_nothing_more(crowd: Crowd, fire: Fire, way: str) -> None:
    """Leaving or being removed cancels what waits for that person, and closes the team to them."""
    made = (await crowd.member.post(crowd.reminders, json=once())).json()
    await fire(made["next_run_at"])
    path, viewer = f"/teams/{crowd.team_id}", crowd.viewer.user["id"]
    if way == "leave":
        assert (await crowd.viewer.post(f"{path}/leave")).status_code == 200
    else:
        assert (await crowd.member.delete(f"{path}/members/{viewer}")).status_code == 403
        assert (await crowd.admin.delete(f"{path}/members/{viewer}")).status_code == 200
    assert (await crowd.viewer.get(path)).status_code == 404
    items = (await crowd.member.get("/deliveries")).json()["items"]
    theirs = [(item["status"], item["reason"]) for item in items if item["user_id"] == viewer]
    assert theirs == [("cancelled", "left_team")]
    assert [item["status"] for item in items].count("pending") == 3


async def test_joining_again_after_leaving(crowd: Crowd) -> None:
    """Whoever has left can be invited and join again."""
    await crowd.viewer.post(f"/teams/{crowd.team_id}/leave")
    await join(crowd.owner, crowd.team_id, crowd.viewer, "member")
    assert (await crowd.viewer.get(f"/teams/{crowd.team_id}")).json()["my_role"] == "member"


async def test_addresses_of_a_team(crowd: Crowd, fire: Fire) -> None:
    """Admins name where a team can be reached; it adds to any audience, and removal cancels what waits."""
    path = f"/teams/{crowd.team_id}/addresses"
    body = {"kind": "email", "value": "list@example.com", "label": "Mailing list"}
    assert (await crowd.member.post(path, json=body)).status_code == 403
    address = (await crowd.admin.post(path, json=body)).json()
    assert [item["id"] for item in (await crowd.viewer.get(path)).json()["items"]] == [address["id"]]
    audience = {"kind": "addresses", "addresses": [address["id"]]}
    foreign = await crowd.member.post("/reminders", json=once(audience=audience))
    assert foreign.json()["errors"][0]["field"] == "audience.addresses"
    made = (await crowd.member.post(crowd.reminders, json=once(audience=audience))).json()
    await fire(made["next_run_at"])
    sent = (await crowd.viewer.get("/deliveries")).json()["items"]
    assert [(item["address_id"], item["address"], item["user_id"]) for item in sent] == [
        (address["id"], "list@example.com", None)
    ]
    assert (await crowd.admin.delete(f"{path}/{address['id']}")).status_code == 204
    assert (await crowd.viewer.get(f"/deliveries/{sent[0]['id']}")).json()["reason"] == "address_removed"
