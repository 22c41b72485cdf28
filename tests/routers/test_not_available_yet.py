"""Fields of the contract that are not built yet are refused, never ignored."""

from typing import Any

import pytest

from tests.fixtures.api import Person
from tests.fixtures.reminders import once

UUID = "0190b5f0-0000-7000-8000-000000000000"

LATER: list[tuple[dict[str, Any], str]] = [
    ({"nag_every": "PT1H"}, "nag_every"),
    ({"nag_every": ""}, "nag_every"),
    ({"stop": {"any_of": [{"kind": "count", "max": 5}]}}, "stop"),
    ({"escalation_id": UUID}, "escalation_id"),
    ({"template_id": UUID}, "template_id"),
    ({"priority": "urgent"}, "priority"),
    ({"completion": "all"}, "completion"),
    ({"channels": ["sms"]}, "channels.0"),
    ({"audience": {"kind": "rotation"}}, "audience.kind"),
    ({"audience": {"kind": "team", "rotation_id": UUID}}, "audience.rotation_id"),
]


@pytest.mark.parametrize(("fields", "field"), LATER, ids=[str(fields) for fields, _ in LATER])
async def test_what_is_planned_is_refused(ada: Person, fields: dict[str, Any], field: str) -> None:
    """On creation and on change, a planned field answers 422 `not_available_yet` with its name."""
    made = (await ada.post("/reminders", json=once())).json()
    for answer in (
        await ada.post("/reminders", json=once() | fields),
        await ada.patch(f"/reminders/{made['id']}", json=fields),
    ):
        assert answer.status_code == 422
        assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, "not_available_yet")]


async def test_several_planned_fields_are_one_refusal(ada: Person) -> None:
    """Whoever sends several planned fields finds `not_available_yet` as the code of the answer, too."""
    answer = await ada.post("/reminders", json=once(nag_every="PT1H", stop={"any_of": []}, priority="urgent"))
    assert (answer.status_code, answer.json()["code"], len(answer.json()["errors"])) == (422, "not_available_yet", 3)


async def test_null_is_as_good_as_left_out(ada: Person) -> None:
    """A client that sends the whole contract with empty planned fields is understood."""
    empty = {"nag_every": None, "stop": {}, "escalation_id": None, "template_id": None, "priority": None}
    audience = {"kind": "team", "users": [], "roles": [], "rotation_id": None, "addresses": []}
    answer = await ada.post("/reminders", json=once(audience=audience, completion="any", **empty))
    assert (answer.status_code, answer.json()["priority"]) == (201, "normal")
