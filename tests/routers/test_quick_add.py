"""Reminders in one sentence."""

from typing import Any

from tests.fixtures.api import Person
from tests.fixtures.reminders import Crowd


async def quick_add(person: Person, team_id: str, text: str, **options: Any) -> Any:
    """Create a reminder from a sentence."""
    return await person.post(f"/teams/{team_id}/quick-add", json={"text": text}, **options)


async def test_a_sentence_becomes_a_reminder(crowd: Crowd) -> None:
    """It is created as any other, in the zone of the team, and comes back with what was understood."""
    answer = await quick_add(crowd.member, crowd.team_id, "send invoices every last Friday at 4pm")
    made = answer.json()
    assert answer.status_code == 201, made
    assert (made["message"], made["audience"]["kind"], made["created_via"]) == ("send invoices", "team", "api")
    assert made["description"] == "On the last Friday of every month at 16:00 (Europe/Berlin)"
    assert made["parsed"]["description"] == made["description"]
    assert made["parsed"]["occurrences"] == made["next_occurrences"]
    read = (await crowd.member.get(f"/reminders/{made['id']}")).json()
    assert read == {name: value for name, value in made.items() if name not in {"parsed", "undo"}}


async def test_the_echo_says_how_to_undo(crowd: Crowd) -> None:
    """The request in `undo` takes the reminder back."""
    made = (await quick_add(crowd.member, crowd.team_id, "call the bank in 20 minutes")).json()
    undo = made["undo"]
    undone = await crowd.member.request(undo["method"], undo["path"].removeprefix("/api/v1"))
    assert undone.status_code == 204
    assert (await crowd.member.get(f"/reminders/{made['id']}")).status_code == 404


async def test_mentions_are_found_in_the_team(crowd: Crowd) -> None:
    """`@name` is a member by name or mail, `#channel` an address of the team, and a bare name either."""
    address = {"kind": "email", "value": "ops@example.com", "label": "Ops"}
    channel = (await crowd.admin.post(f"/teams/{crowd.team_id}/addresses", json=address)).json()["id"]
    member, viewer = crowd.member.user["id"], crowd.viewer.user["id"]
    for text, kind, people, channels in (
        ("remind me to stretch in 20 minutes", "users", [member], []),
        ("remind @Viewer to stretch in 20 minutes", "users", [viewer], []),
        ("remind @viewer and me to stretch in 20 minutes", "users", [viewer, member], []),
        ("/remind #ops to stretch in 20 minutes", "addresses", [], [channel]),
        ("remind ops to stretch in 20 minutes", "addresses", [], [channel]),
        ("remind viewer to stretch in 20 minutes", "users", [viewer], []),
        ("erinnere das Team in 20 Minuten ans Dehnen", "team", [], []),
        ("remind accounting to stretch in 20 minutes", "team", [], []),
    ):
        answer = await quick_add(crowd.member, crowd.team_id, text)
        audience = answer.json().get("audience")
        assert answer.status_code == 201, (text, answer.text)
        assert (audience["kind"], audience["users"], audience["addresses"]) == (kind, people, channels), text


async def test_whom_nobody_knows_is_refused(crowd: Crowd) -> None:
    """A name that nobody has, or that two have, is refused with the field and the way out."""
    stranger = await quick_add(crowd.member, crowd.team_id, "remind @stranger to stretch in 20 minutes")
    assert (stranger.status_code, stranger.json()["code"]) == (422, "unknown_recipient")
    for person in (crowd.viewer, crowd.admin):
        await person.patch("/users/me", json={"name": "Kim"})
    two = await quick_add(crowd.member, crowd.team_id, "remind @kim to stretch in 20 minutes")
    assert (two.status_code, two.json()["code"]) == (422, "ambiguous_recipient")
    assert "@viewer" in two.json()["detail"]
    assert two.json()["errors"][0]["field"] == "text"


async def test_nothing_is_created_from_half_a_sentence(crowd: Crowd) -> None:
    """Without a message or a time there is no reminder, and viewers create none at all."""
    for text, code in (("remind me tomorrow at 17:00", "no_message"), ("buy milk", "no_time_found")):
        answer = await quick_add(crowd.member, crowd.team_id, text)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await quick_add(crowd.viewer, crowd.team_id, "stretch in 20 minutes")).status_code == 403
    assert (await quick_add(crowd.stranger, crowd.team_id, "stretch in 20 minutes")).status_code == 404
    assert (await crowd.member.get(crowd.reminders)).json()["items"] == []


async def test_a_personal_team_reminds_its_owner(ada: Person) -> None:
    """Where nobody is named in the personal team, it is for oneself."""
    answer = await quick_add(ada, ada.team_id, "in 20 Minuten dehnen", headers={"Accept-Language": "de"})
    assert answer.json()["audience"]["kind"] == "creator"
    assert answer.json()["description"].startswith("Einmal, ")


async def test_a_repeated_request_adds_nothing(ada: Person) -> None:
    """The same Idempotency-Key gives the first answer again."""
    once, again = [
        await quick_add(ada, ada.team_id, "stretch in 20 minutes", headers={"Idempotency-Key": "k"}) for _ in range(2)
    ]
    assert (again.headers["Idempotent-Replayed"], again.json()) == ("true", once.json())
    assert len((await ada.get("/reminders")).json()["items"]) == 1
