"""In which language reminders are described."""

import pytest

from tests.fixtures.api import Person
from tests.fixtures.reminders import once

DAILY = {"kind": "cron", "expression": "0 9 * * MON-FRI", "timezone": "Europe/Berlin"}
GERMAN, ENGLISH = "Jeden Werktag um 09:00 (Europe/Berlin)", "Every weekday at 09:00 (Europe/Berlin)"


@pytest.mark.parametrize(
    ("own", "asked", "description"),
    [
        (None, None, ENGLISH),
        ("de", None, GERMAN),
        (None, "de-AT,en;q=0.5", GERMAN),
        ("de", "en", ENGLISH),
        ("de", "fr", GERMAN),
    ],
)
async def test_a_reminder_is_described_in_the_language_of_its_reader(
    ada: Person, own: str | None, asked: str | None, description: str
) -> None:
    """That of the request, else the person's own, else English; alike wherever the reminder is shown."""
    assert (await ada.patch("/users/me", json={"locale": own})).status_code == 200
    headers = {"Accept-Language": asked} if asked else {}
    made = (await ada.post("/reminders", json=once(schedule=DAILY), headers=headers)).json()
    read = (await ada.get(f"/reminders/{made['id']}", headers=headers)).json()
    paused = (await ada.post(f"/reminders/{made['id']}/pause", headers=headers)).json()
    [listed] = (await ada.get("/reminders", headers=headers)).json()["items"]
    previewed = (await ada.post("/schedules/preview", json={"schedule": DAILY}, headers=headers)).json()
    shown = [answer["description"] for answer in (made, read, paused, listed, previewed)]
    assert shown == [description] * 5
