"""Teams that are deleted: gone at once, restored within their grace, removed for good after it."""

from typing import Any
from uuid import UUID

from fastapi import FastAPI
from sqlalchemy import func, select

from core.work import begin
from crud import leavers, team_ends
from models import addresses, attempts, audit_log, deliveries, memberships, metadata, occurrences, reminders
from tests.fixtures.letters import Post, said
from tests.fixtures.reminders import KEY, Crowd, Fire, hourly, once


async def delete(crowd: Crowd) -> None:
    """Delete the team, as its owner."""
    answer = await crowd.owner.delete(f"/teams/{crowd.team_id}")
    assert answer.status_code == 204, answer.text


async def count(app: FastAPI, table: Any) -> int:
    """Return how many rows there are of a table, of all teams."""
    async with app.state.database.connect() as conn:
        found: int = (await conn.execute(select(func.count()).select_from(table))).scalar_one()
        return found


async def test_only_its_owners_see_a_deleted_team(crowd: Crowd) -> None:
    """It is nowhere any more, but among the deleted ones of those who owned it."""
    await delete(crowd)
    [gone] = (await crowd.owner.get("/teams", params={"deleted": "true"})).json()["items"]
    assert (gone["id"], gone["my_role"]) == (crowd.team_id, "owner")
    assert gone["deleted_at"] < gone["purge_at"]
    assert (await crowd.admin.get("/teams", params={"deleted": "true"})).json()["items"] == []
    for person in (crowd.owner, crowd.admin, crowd.stranger):
        assert (await person.get(f"/teams/{crowd.team_id}")).status_code == 404
        assert (await person.get("/reminders")).json()["items"] == []
    for person in (crowd.admin, crowd.stranger):
        assert (await person.post(f"/teams/{crowd.team_id}/restore")).status_code == 404


async def test_a_restored_team_is_as_it_was(crowd: Crowd) -> None:
    """Members, roles, addresses and reminders come back in the state they had; what was deleted before does not."""
    path = f"/teams/{crowd.team_id}"
    bodies = (once(), hourly(**KEY), hourly(), hourly())
    active, keyed, paused, deleted = [(await crowd.member.post(crowd.reminders, json=body)).json() for body in bodies]
    await crowd.member.post(f"/reminders/{paused['id']}/pause", json={"reason": "holiday"})
    await crowd.member.delete(f"/reminders/{deleted['id']}")
    await crowd.admin.post(f"{path}/addresses", json={"kind": "email", "value": "list@example.com"})
    before = [(await crowd.viewer.get(part)).json() for part in (f"{path}/members", f"{path}/addresses")]
    await delete(crowd)
    back = await crowd.owner.post(f"{path}/restore")
    assert (back.status_code, back.json()["deleted_at"], back.json()["my_role"]) == (200, None, "owner")
    assert [(await crowd.viewer.get(part)).json() for part in (f"{path}/members", f"{path}/addresses")] == before
    for made in (active, keyed):
        assert (await crowd.viewer.get(f"/reminders/{made['id']}")).json() == made
    assert (await crowd.viewer.get(f"/reminders/{paused['id']}")).json()["status"] == "paused"
    assert (await crowd.viewer.get(f"/reminders/{deleted['id']}")).status_code == 404
    assert (await crowd.owner.post(f"{path}/restore")).status_code == 404


async def test_schedules_go_on_from_now(crowd: Crowd, post: Post) -> None:
    """What recurs leaves out what it missed; what comes once and was missed comes late, as after a pause."""
    often, single = [(await crowd.member.post(crowd.reminders, json=body)).json() for body in (hourly(), once())]
    await delete(crowd)
    await post.execute("update reminders set next_run_at = next_run_at - interval '1 day'")
    await crowd.owner.post(f"/teams/{crowd.team_id}/restore")
    assert (await crowd.viewer.get(f"/reminders/{often['id']}")).json()["next_run_at"] == often["next_run_at"]
    late = (await crowd.viewer.get(f"/reminders/{single['id']}")).json()
    assert (late["status"], late["next_run_at"] < single["next_run_at"]) == ("active", True)


async def test_what_waits_is_cancelled_and_nothing_fires(crowd: Crowd, fire: Fire, app: FastAPI) -> None:
    """Not even to the address of a team to which somebody was just adding a reminder."""
    fired = (await crowd.member.post(crowd.reminders, json=hourly())).json()
    await crowd.admin.post(f"/teams/{crowd.team_id}/addresses", json={"kind": "email", "value": "list@example.com"})
    await fire(fired["next_run_at"])
    await delete(crowd)
    async with app.state.database.begin() as conn:
        assert {row.reason for row in await conn.execute(deliveries.select())} == {"team_deleted"}
        ids = (await conn.execute(select(addresses.c.id).where(addresses.c.team_id.is_not(None)))).scalars().all()
        late = reminders.update().values(status="active", audience_address_ids=ids).returning(reminders.c.next_run_at)
        at = (await conn.execute(late)).scalar_one()
    before = await count(app, deliveries)
    await fire(at.isoformat())
    assert await count(app, occurrences) == 2
    assert await count(app, deliveries) == before


async def test_owners_are_written_to(crowd: Crowd, post: Post) -> None:
    """Each owner gets a mail that says until when the team can be restored; after a restore there is nothing to say."""
    await crowd.owner.patch(f"/teams/{crowd.team_id}/members/{crowd.admin.user['id']}", json={"role": "owner"})
    await delete(crowd)
    first, second = await post.go()
    assert {first["to"], second["to"]} == {"owner@example.com", "admin@example.com"}
    assert f"/teams/{crowd.team_id}/restore" in said(first)
    await crowd.admin.post(f"/teams/{crowd.team_id}/restore")
    await delete(crowd)
    await crowd.owner.post(f"/teams/{crowd.team_id}/restore")
    assert await post.go() == []


async def test_a_key_sleeps_with_its_team(crowd: Crowd) -> None:
    """API keys open nothing while the team is deleted, work again when it is back, and know of no other."""
    body = {"name": "ci", "scope": "read"}
    key = (await crowd.owner.post(f"/teams/{crowd.team_id}/api-keys", json=body)).json()["key"]
    headers = {"Authorization": f"Bearer {key}"}
    asked = []
    for verb in (None, delete, lambda crowd: crowd.owner.post(f"/teams/{crowd.team_id}/restore")):
        if verb:
            await verb(crowd)
        asked.append((await crowd.owner.client.get(crowd.reminders, headers=headers)).status_code)
    assert asked == [200, 401, 200]
    other = (await crowd.owner.post("/teams", json={"name": "Other"})).json()
    await crowd.owner.delete(f"/teams/{other['id']}")
    gone = await crowd.owner.client.get("/teams", headers=headers, params={"deleted": "true"})
    assert (gone.status_code, gone.json()["items"]) == (200, [])


async def test_after_the_grace_it_is_removed_batch_by_batch(crowd: Crowd, fire: Fire, app: FastAPI, post: Post) -> None:
    """Row by row everything goes but the audit log and other teams; nobody can restore it meanwhile."""
    await crowd.admin.post(f"/teams/{crowd.team_id}/addresses", json={"kind": "email", "value": "list@example.com"})
    fired = (await crowd.member.post(crowd.reminders, json=once())).json()
    await fire(fired["next_run_at"])
    await post.execute(
        "insert into attempts select team_id, id, 1, 'accepted', now(), now() from deliveries order by id limit 2"
    )
    await delete(crowd)
    async with begin(app.state.database) as work:
        assert await team_ends.purge(work, 3) == 0
    await post.execute("update teams set purge_at = now() where deleted_at is not null")
    assert (await crowd.owner.post(f"/teams/{crowd.team_id}/restore")).status_code == 404
    assert (await crowd.owner.get("/teams", params={"deleted": "true"})).json()["items"] == []
    rounds = []
    while not rounds or rounds[-1]:
        async with begin(app.state.database) as work:
            rounds.append(await team_ends.purge(work, 3))
    assert rounds == [3, 3, 1, 1, 0]
    for table in metadata.sorted_tables:
        if "team_id" in table.c and table is not audit_log and table is not memberships and table is not addresses:
            assert await count(app, table) == 0, table.name
    assert await count(app, attempts) == 0
    assert await count(app, memberships) == 5
    assert await count(app, audit_log) > 0


async def test_the_heir_is_written_to(crowd: Crowd, app: FastAPI, post: Post) -> None:
    """Whose team it is now, because its only owner is gone, gets a mail; not if it is somebody else's meanwhile."""
    await crowd.admin.patch("/users/me", json={"locale": "de"})
    for gone in (crowd.owner, crowd.admin):
        async with begin(app.state.database) as work:
            await leavers.leaves_all(work, post.settings, UUID(gone.user["id"]))
    [mail] = await post.go()
    assert (mail["to"], mail["subject"]) == ("member@example.com", "Accounting is yours now")
