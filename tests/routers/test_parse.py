"""Sentences tried out."""

from typing import Any

import pytest

from tests.fixtures.api import Person

SAID = {"timezone": "Europe/Berlin", "now": "2026-11-25T09:30:00Z"}


async def parse(person: Person, text: str, **options: Any) -> Any:
    """Ask what a sentence would do."""
    return await person.post("/schedules/parse", json={"text": text} | SAID, **options)


async def test_a_sentence_becomes_message_audience_and_schedule(ada: Person) -> None:
    """The answer holds all that a reminder needs, the sentence that says it back, and three occurrences."""
    answer = await parse(ada, "remind ops to send invoices every last Friday at 4pm")
    shown = answer.json()
    assert answer.status_code == 200, shown
    assert (shown["message"], shown["audience"]) == ("send invoices", {"kind": "names", "mentions": ["ops"]})
    assert shown["schedule"] == {
        "kind": "rrule", "rrule": "FREQ=MONTHLY;BYDAY=-1FR", "starts_at": "2026-11-27T16:00:00",
        "timezone": "Europe/Berlin",
    }  # fmt: skip
    assert shown["description"] == "On the last Friday of every month at 16:00 (Europe/Berlin)"
    local = [occurrence["local"] for occurrence in shown["occurrences"]]
    assert local == ["2026-11-27T16:00:00+01:00", "2026-12-25T16:00:00+01:00", "2027-01-29T16:00:00+01:00"]
    assert shown["ambiguities"] == []


async def test_doubts_are_listed(ada: Person) -> None:
    """What could have been meant otherwise is said, with the choices."""
    shown = (await parse(ada, "call mum at 5")).json()
    assert shown["ambiguities"] == [{"text": "at 5", "chosen": "17:00", "choices": ["17:00", "05:00"]}]
    assert shown["audience"] is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("buy milk", "no_time_found"),
        ("every third blue moon at 5", "not_understood"),
        ("every! 3 days water the cactus", "not_available_yet"),
        ("dinner on 31 February at 7pm", "impossible_date"),
        ("dinner on 3 June 2020", "in_the_past"),
        ("every 5 seconds ping", "too_frequent"),
    ],
)
async def test_what_is_not_understood_is_refused(ada: Person, text: str, code: str) -> None:
    """Nothing is guessed: the refusal names the field, and what to say instead."""
    answer = await parse(ada, text)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["errors"][0]["field"] == "text"


async def test_the_language_is_the_reader_s(ada: Person) -> None:
    """Accept-Language decides; where it is silent, the language of the text does."""
    spoken = [
        ("jeden Werktag um 9 Uhr Standup", {}, "Jeden Werktag um 09:00 (Europe/Berlin)"),
        (
            "jeden Werktag um 9 Uhr Standup",
            {"Accept-Language": "fr, en;q=0.5"},
            "Every weekday at 09:00 (Europe/Berlin)",
        ),
        ("standup every weekday at 9am", {"Accept-Language": "de-AT"}, "Jeden Werktag um 09:00 (Europe/Berlin)"),
    ]
    for text, headers, said in spoken:
        assert (await parse(ada, text, headers=headers)).json()["description"] == said
    schedule = {"kind": "cron", "expression": "0 9 * * 1-5", "timezone": "Europe/Berlin"}
    preview = await ada.post("/schedules/preview", json={"schedule": schedule}, headers={"Accept-Language": "de"})
    assert preview.json()["description"] == "Jeden Werktag um 09:00 (Europe/Berlin)"


async def test_what_a_preview_says_parses_to_the_same(ada: Person) -> None:
    """The sentence of a preview, sent back, gives the occurrences of the preview."""
    schedule = {"kind": "rrule", "rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", "starts_at": "2026-11-26T10:00:00"}
    body = {"schedule": schedule | {"timezone": "Europe/Berlin", "holidays": "DE", "on_holiday": "skip"}}
    preview = (await ada.post("/schedules/preview", json=body | {"after": SAID["now"], "count": 3})).json()
    shown = (await parse(ada, preview["description"])).json()
    assert (shown["message"], shown["occurrences"]) == ("", preview["occurrences"])
