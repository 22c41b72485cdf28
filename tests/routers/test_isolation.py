"""Teams are closed: what is foreign looks as if it were not there, and a role too low is told so."""

from typing import Any

import pytest

from tests.fixtures.reminders import Crowd, Fire, hourly, once

NOBODY = "0190b5f0-0000-7000-8000-000000000000"

READS = [
    "/teams/{team}", "/teams/{team}/members", "/teams/{team}/reminders", "/teams/{team}/addresses",
    "/reminders/{reminder}", "/reminders/{reminder}/occurrences", "/occurrences/{occurrence}",
    "/occurrences/{occurrence}/deliveries", "/deliveries/{delivery}",
]  # fmt: skip
WRITES: list[tuple[str, str, dict[str, Any] | None]] = [
    ("post", "/teams/{team}/reminders", once()),
    ("patch", "/reminders/{reminder}", {"message": "Hacked"}),
    ("delete", "/reminders/{reminder}", None),
    *(("post", f"/reminders/{{reminder}}/{verb}", None) for verb in ("pause", "resume", "skip", "run", "acknowledge")),
    ("post", "/occurrences/{occurrence}/acknowledge", None),
    ("post", "/deliveries/{delivery}/retry", None),
]
GOVERNING: list[tuple[str, str, dict[str, Any] | None]] = [
    ("patch", "/teams/{team}", {"name": "Hacked"}),
    ("delete", "/teams/{team}", None),
    ("patch", "/teams/{team}/members/{user}", {"role": "viewer"}),
    ("delete", "/teams/{team}/members/{user}", None),
    ("post", "/teams/{team}/transfer", {"user_id": NOBODY}),
    ("get", "/teams/{team}/invitations", None),
    ("post", "/teams/{team}/invitations", {"email": "someone@example.com"}),
    ("post", "/teams/{team}/addresses", {"kind": "email", "value": "a@example.com"}),
]


@pytest.fixture
async def ids(crowd: Crowd, fire: Fire) -> dict[str, str]:
    """The ids of one of everything in the team of the crowd."""
    made = (await crowd.member.post(crowd.reminders, json=hourly())).json()
    await fire(made["next_run_at"])
    delivery = (await crowd.member.get("/deliveries")).json()["items"][0]
    return {
        "team": crowd.team_id,
        "reminder": made["id"],
        "occurrence": delivery["occurrence_id"],
        "delivery": delivery["id"],
        "user": crowd.admin.user["id"],
    }


async def test_foreign_ids_are_like_none(crowd: Crowd, ids: dict[str, str]) -> None:
    """A stranger gets for everything of another team what they get for what does not exist: 404."""
    requests = [("get", path, None) for path in READS] + WRITES + GOVERNING
    for method, path, body in requests:
        foreign = await crowd.stranger.request(method, path.format(**ids), json=body)
        absent = await crowd.stranger.request(method, path.format(**dict.fromkeys(ids, NOBODY)), json=body)
        assert (foreign.status_code, absent.status_code) == (404, 404), f"{method} {path}: {foreign.text}"
        told = [{k: v for k, v in answer.json().items() if k != "instance"} for answer in (foreign, absent)]
        assert told[0] == told[1], path


async def test_nothing_foreign_is_listed(crowd: Crowd, ids: dict[str, str]) -> None:
    """A stranger's own lists show nothing of another team, even when they name its ids."""
    for path in ("/reminders", "/deliveries", "/invitations", f"/deliveries?reminder_id={ids['reminder']}"):
        answer = await crowd.stranger.get(path)
        assert (answer.status_code, answer.json()["items"]) == (200, [])


async def test_nothing_foreign_was_touched(crowd: Crowd, ids: dict[str, str]) -> None:
    """After every attempt of a stranger and of a viewer, everything is as it was."""
    reads = [path.format(**ids) for path in READS]
    before = [(await crowd.member.get(path)).json() for path in reads]
    for person in (crowd.stranger, crowd.viewer):
        for method, path, body in WRITES + GOVERNING:
            await person.request(method, path.format(**ids), json=body)
    assert [(await crowd.member.get(path)).json() for path in reads] == before


async def test_viewers_read_and_no_more(crowd: Crowd, ids: dict[str, str]) -> None:
    """A viewer reads everything of the team, and is refused with 403 wherever something would change."""
    for path in READS:
        assert (await crowd.viewer.get(path.format(**ids))).status_code == 200, path
    for method, path, body in WRITES + GOVERNING:
        answer = await crowd.viewer.request(method, path.format(**ids), json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "role_too_low"), path


async def test_members_do_not_govern(crowd: Crowd, ids: dict[str, str]) -> None:
    """A member changes reminders, but neither team, members, invitations nor addresses."""
    for method, path, body in GOVERNING:
        answer = await crowd.member.request(method, path.format(**ids), json=body)
        assert answer.status_code == 403, path


async def test_strangers_must_sign_in(crowd: Crowd, ids: dict[str, str]) -> None:
    """Without a token everything is 401, whether it exists or not."""
    for method, path, body in [("get", path, None) for path in READS] + WRITES + GOVERNING:
        answer = await crowd.stranger.client.request(method, path.format(**ids), json=body)
        assert answer.status_code == 401, path
