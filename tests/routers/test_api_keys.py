"""API keys: who makes them, what they can do, and everything that ends them."""

from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import select, text

from core.api_keys import read
from core.settings import Settings
from models import api_keys
from tests.fixtures.api import Person, client_of, serve
from tests.fixtures.people import Arrive
from tests.fixtures.programs import program
from tests.fixtures.reminders import Crowd, once
from tests.fixtures.rows import Rows

NEW = {"name": "billing", "scope": "read"}


async def answers(who: Person) -> int:
    """Return the status with which a program is answered."""
    return (await who.get("/reminders")).status_code


async def test_a_key_is_shown_once(crowd: Crowd, rows: Rows, settings: Settings) -> None:
    """The secret is in the first answer only, and neither it nor a plain hash of it is in the database."""
    path = f"/teams/{crowd.team_id}/api-keys"
    made = await crowd.admin.post(path, json=NEW)
    shown = made.json()
    key = shown.pop("key")
    assert (made.status_code, key.split("_")[1], shown["last_used_at"]) == (201, shown["public_id"], None)
    one = await crowd.owner.get(f"{path}/{shown['id']}")
    assert (one.json(), one.headers["etag"]) == (shown, '"1"')
    assert (await crowd.owner.get(path)).json()["items"] == [shown]
    row = await rows.one(api_keys, shown["id"])
    assert row.secret_hash == read(settings, key).secret_hash
    assert key.split("_")[2] not in str(row)


async def test_how_long_a_key_lives(ada: Person) -> None:
    """Ninety days unless said otherwise, 366 at most, and never for ever."""
    path = f"/teams/{ada.team_id}/api-keys"
    now = datetime.now(UTC)
    for given in ({}, {"expires_at": None}):
        ends = datetime.fromisoformat((await ada.post(path, json=NEW | given)).json()["expires_at"])
        assert timedelta(days=89) < ends - now < timedelta(days=91)
    for days, status, code in ((365, 201, None), (367, 422, "expiry_too_far"), (-1, 422, "in_the_past")):
        at = (now + timedelta(days=days)).isoformat()
        answer = await ada.post(path, json=NEW | {"expires_at": at})
        assert (answer.status_code, answer.json().get("code")) == (status, code)


async def test_admins_and_owners_manage_keys(crowd: Crowd) -> None:
    """Members and viewers are told that their role is too low, and others that there is no such team."""
    path = f"/teams/{crowd.team_id}/api-keys"
    people = (crowd.owner, crowd.admin, crowd.member, crowd.viewer, crowd.stranger)
    assert [(await each.post(path, json=NEW)).status_code for each in people] == [201, 201, 403, 403, 404]
    assert [(await each.get(path)).status_code for each in people] == [200, 200, 403, 403, 404]
    one = f"{path}/{(await crowd.owner.get(path)).json()['items'][0]['id']}"
    assert [(await each.get(one)).status_code for each in people] == [200, 200, 403, 403, 404]
    assert [(await each.delete(one)).status_code for each in reversed(people)] == [404, 403, 403, 204, 404]


async def test_scopes(crowd: Crowd) -> None:
    """To read, write and administer are three things, and each includes the ones before."""
    made = (await crowd.owner.post(crowd.reminders, json=once())).json()
    statuses = []
    for scope in ("read", "write", "admin"):
        key = await program(crowd.owner, crowd.team_id, scope)
        asked = [
            await key.get(f"/reminders/{made['id']}"),
            await key.post(crowd.reminders, json=once()),
            await key.patch(f"/teams/{crowd.team_id}", json={"name": scope}),
        ]
        statuses.append([answer.status_code for answer in asked])
    assert statuses == [[200, 403, 403], [200, 201, 403], [200, 201, 200]]


async def test_a_key_stands_no_higher_than_its_maker_now(crowd: Crowd) -> None:
    """Whoever loses a role takes it from their keys as well."""
    key = await program(crowd.admin, crowd.team_id, "admin")
    member = f"/teams/{crowd.team_id}/members/{crowd.admin.user['id']}"
    await crowd.owner.patch(member, json={"role": "member"})
    assert (await key.patch(f"/teams/{crowd.team_id}", json={"name": "A"})).status_code == 403
    assert (await key.post(crowd.reminders, json=once())).status_code == 201
    await crowd.owner.patch(member, json={"role": "viewer"})
    assert (await key.post(crowd.reminders, json=once())).status_code == 403
    assert await answers(key) == 200


async def test_a_key_sees_its_own_team_only(crowd: Crowd) -> None:
    """Of all that its maker has elsewhere there is nothing: no rows in lists, 404 for the rest."""
    key = await program(crowd.owner, crowd.team_id, "admin")
    elsewhere = (await crowd.owner.post("/reminders", json=once())).json()
    mine = (await key.post("/reminders", json=once())).json()
    assert mine["team_id"] == crowd.team_id
    assert [each["id"] for each in (await key.get("/reminders")).json()["items"]] == [mine["id"]]
    assert [each["id"] for each in (await key.get("/teams")).json()["items"]] == [crowd.team_id]
    home = crowd.owner.team_id
    for method, path, body in (
        ("GET", f"/reminders/{elsewhere['id']}", None),
        ("DELETE", f"/reminders/{elsewhere['id']}", None),
        ("GET", f"/teams/{home}", None),
        ("GET", f"/teams/{home}/reminders", None),
        ("POST", f"/teams/{home}/reminders", once()),
        ("POST", "/reminders", once(team_id=home)),
    ):
        assert (await key.request(method, path, json=body)).status_code == 404, path


async def test_deliveries_are_those_of_the_team(crowd: Crowd, rows: Rows) -> None:
    """What was sent in another team of the maker's is not in the list of a key."""
    key = await program(crowd.owner, crowd.team_id, "read")
    for team_id in (crowd.team_id, crowd.owner.team_id):
        await rows.reminder(team_id, crowd.owner.user["id"], audience_kind="creator")  # type: ignore[arg-type]  # as text
    await rows.claim()
    assert len((await crowd.owner.get("/deliveries")).json()["items"]) == 2
    assert len((await key.get("/deliveries")).json()["items"]) == 1


async def test_what_no_key_may_do(crowd: Crowd) -> None:
    """Accounts, sessions, members, invitations, keys and the audit log are for people who are signed in."""
    key = await program(crowd.owner, crowd.team_id, "admin")
    team, other = f"/teams/{crowd.team_id}", crowd.member.user["id"]
    for method, path, body in (
        ("GET", "/users/me", None),
        ("PATCH", "/users/me", {"name": "Eve"}),
        ("GET", "/users/me/addresses", None),
        ("GET", "/auth/sessions", None),
        ("POST", "/auth/logout", None),
        ("POST", "/teams", {"name": "Mine"}),
        ("DELETE", team, None),
        ("PATCH", f"{team}/members/{other}", {"role": "admin"}),
        ("DELETE", f"{team}/members/{other}", None),
        ("POST", f"{team}/leave", None),
        ("POST", f"{team}/transfer", {"user_id": other}),
        ("POST", f"{team}/invitations", {"email": "eve@example.com", "role": "admin"}),
        ("GET", f"{team}/invitations", None),
        ("POST", f"{team}/api-keys", NEW),
        ("GET", f"{team}/api-keys", None),
        ("DELETE", f"{team}/api-keys/{key.user['id']}", None),
        ("GET", f"{team}/audit", None),
    ):
        answer = await key.request(method, path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_for_api_keys"), path


async def test_a_revoked_key_ends_at_once(crowd: Crowd) -> None:
    """The next request with it is refused, and it is listed no more; the others go on."""
    key, other = [await program(crowd.owner, crowd.team_id) for _ in range(2)]
    path = f"/teams/{crowd.team_id}/api-keys"
    one = f"{path}/{key.user['id']}"
    assert (await crowd.admin.delete(one, headers={"If-Match": '"2"'})).status_code == 412
    assert (await crowd.admin.delete(one, headers={"If-Match": '"1"'})).status_code == 204
    assert [await answers(each) for each in (key, other)] == [401, 200]
    assert [each["id"] for each in (await crowd.owner.get(path)).json()["items"]] == [other.user["id"]]
    assert (await crowd.admin.delete(one)).status_code == 404


ENDINGS = {
    "it expires": "update api_keys set expires_at = now()",
    "its maker leaves": "delete from memberships m using users u where u.id = m.user_id and u.name = 'admin'",
    "its maker is deactivated": "update users set status = 'deactivated' where name = 'admin'",
    "its secret is another": "update api_keys set secret_hash = 'other'",
}


@pytest.mark.parametrize("statement", ENDINGS.values(), ids=ENDINGS)
async def test_what_ends_a_key(crowd: Crowd, rows: Rows, statement: str) -> None:
    """A key lives until it expires, and as long as its maker is there."""
    key = await program(crowd.admin, crowd.team_id)
    assert await answers(key) == 200
    await rows.execute(statement)
    refused = await key.get("/reminders")
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")


async def test_a_text_that_cannot_be_a_key_needs_no_database(ada: Person, app: FastAPI) -> None:
    """A wrong checksum, another length or letters that keys do not have are refused without a connection."""
    key = (await program(ada, ada.team_id)).tokens["access_token"]
    flipped = key[:-1] + ("0" if key[-1] != "0" else "1")
    before = app.state.database.pool.checkedin()
    async with app.state.database.connect(), app.state.database.connect():
        for wrong in (flipped, key[:-1], key + "0", key.replace("_", "-"), "rk_", "rk_" + "ä" * 62, key.upper()):
            ada.tokens["access_token"] = wrong
            answer = await ada.client.get("/reminders", headers={"Authorization": b"Bearer " + wrong.encode()})
            assert answer.status_code == 401
    assert app.state.database.pool.checkedin() >= before


async def test_a_key_in_the_query_is_no_key(ada: Person, client: AsyncClient) -> None:
    """Addresses end up in logs and histories, so nothing there signs anybody in."""
    key = (await program(ada, ada.team_id)).tokens["access_token"]
    for name in ("api_key", "access_token", "token", "key", "authorization"):
        assert (await client.get(f"/reminders?{name}={key}")).status_code == 401


async def test_when_a_key_was_used_last(ada: Person, rows: Rows) -> None:
    """Its use is written down, once a minute at most."""
    key = await program(ada, ada.team_id)
    seen = []
    for statement in ("select 1", "select 1", "update api_keys set last_used_at = now() - interval '2 minutes'"):
        await rows.execute(statement)
        await key.get("/reminders")
        seen.append((await rows.one(api_keys, key.user["id"])).last_used_at)
    assert seen[0] == seen[1] < seen[2]


async def test_idempotency_keys_of_a_person_and_of_their_programs(ada: Person) -> None:
    """The same Idempotency-Key of another is another request; of the same program it is the same."""
    who = [ada, await program(ada, ada.team_id), await program(ada, ada.team_id)]
    body, same = once(), {"Idempotency-Key": "one"}
    first = [await each.post("/reminders", json=body, headers=same) for each in who]
    assert len({answer.json()["id"] for answer in first}) == 3
    again = [await each.post("/reminders", json=body, headers=same) for each in who]
    assert [answer.content for answer in again] == [answer.content for answer in first]
    assert {answer.headers["idempotent-replayed"] for answer in again} == {"true"}


async def test_a_lost_answer_is_given_again_and_kept_sealed(ada: Person, rows: Rows) -> None:
    """Repeating the request under its Idempotency-Key gives the same key, which the database cannot be read for."""
    path, same = f"/teams/{ada.team_id}/api-keys", {"Idempotency-Key": "one"}
    made, again = [await ada.post(path, json=NEW, headers=same) for _ in range(2)]
    assert (made.json(), again.headers["idempotent-replayed"]) == (again.json(), "true")
    async with rows.db.connect() as conn:
        assert len((await conn.execute(select(api_keys))).all()) == 1
        kept = (await conn.execute(text("select body from idempotency_keys"))).scalar_one()
    assert made.json()["key"].encode() not in kept
    assert b"public_id" not in kept


async def test_keys_outlive_a_new_secret_key(ada: Person, settings: Settings) -> None:
    """With the former key in SECRET_KEYS_PREVIOUS what was made with it works on."""
    key = await program(ada, ada.team_id)
    rotated = {
        "secret_key": "a new secret that is as long as it has to be",
        "secret_keys_previous": [settings.secret_key],
    }
    changed = Settings(_env_file=None, **(settings.model_dump() | rotated))
    async with serve(changed) as app, client_of(app) as client:
        token = {"Authorization": f"Bearer {key.tokens['access_token']}"}
        assert (await client.get("/reminders", headers=token)).status_code == 200


async def test_a_key_of_one_team_is_none_of_another(crowd: Crowd, arrive: Arrive) -> None:
    """An admin of one team can neither see nor end the keys of another by their id."""
    key = await program(crowd.owner, crowd.team_id)
    eve = await arrive("eve")
    for team_id in (eve.team_id, crowd.team_id):
        one = f"/teams/{team_id}/api-keys/{key.user['id']}"
        assert [(await eve.get(one)).status_code, (await eve.delete(one)).status_code] == [404, 404]
    assert await answers(key) == 200
