"""An answer that is kept under an Idempotency-Key is for whoever asked, and only for as long as they may ask."""

from tests.fixtures.world import World
from tests.matrix import traces
from tests.matrix.operations import operations
from tests.matrix.policy import POLICY
from tests.matrix.rules import Ask, ask

KEPT = ("create_team_reminder", "create_reminder", "create_reminders", "add_calendar", "add_team_address", "invite",
        "run_reminder", "quick_add_reminder", "create_api_key")  # fmt: skip


def repeatable(world: World, id_: str) -> Ask:
    """Return a request with a key that names its operation."""
    made = ask(operations()[id_], POLICY[id_], world.ours.ids)
    return Ask(made.method, made.path, made.options | {"headers": made.options["headers"] | {"Idempotency-Key": id_}})


async def test_a_key_is_only_its_senders(world: World) -> None:
    """Somebody else under the same key is answered as if there were no such answer, with a role or without."""
    for id_ in KEPT:
        first = await world.send(world.principal("admin"), repeatable(world, id_))
        assert first.status_code == POLICY[id_].status, f"{id_}: {first.text}"
        for other in ("viewer", "stranger", "key to read"):
            principal = world.principal(other)
            answer = await world.send(principal, repeatable(world, id_))
            assert answer.status_code == principal.expects(POLICY[id_]), f"{id_} as {other}"
            assert traces.leaked(answer, [world.ours.marker]) == []


async def test_who_has_left_is_not_answered_again(world: World) -> None:
    """Once somebody is removed, what they were told as a member is told to nobody under their key."""
    admin, team = world.principal("admin"), world.ours.ids["team"]
    for id_ in KEPT:
        assert (await world.send(admin, repeatable(world, id_))).status_code == POLICY[id_].status, id_
        again = await world.send(admin, repeatable(world, id_))
        assert again.headers["Idempotent-Replayed"] == "true", id_
    await world.ours.owner.delete(f"/teams/{team}/members/{admin.ids['me']}")
    for id_ in KEPT:
        answer = await world.send(admin, repeatable(world, id_))
        assert answer.status_code == 404, f"{id_}: {answer.status_code}"
