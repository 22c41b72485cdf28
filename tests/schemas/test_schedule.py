"""The shape of schedules on the wire."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.schedule import PreviewRequest

CRON = {"kind": "cron", "expression": "0 9 * * *"}
RRULE = {"kind": "rrule", "rrule": "FREQ=DAILY", "starts_at": "2026-11-27T16:00:00"}


@pytest.mark.parametrize(
    "spec",
    [
        {"kind": "once", "at": "2026-11-27T16:00:00", "timezone": "Europe/Berlin", "dst_fold": "both"},
        {"kind": "interval", "every": "PT90M", "starts_at": "2026-11-27T16:00:00Z"},
        {"kind": "interval", "every": 5400, "count": 3},
        {**CRON, "timezone": "Europe/Berlin", "ends_at": "2026-12-01T00:00:00Z", "dst_gap": "skip"},
        {**CRON, "timezone": "recipient", "exclude": ["2026-12-24"], "include": ["2026-12-23"]},
        {**RRULE, "timezone": "Europe/Berlin", "holidays": "DE-BY", "on_holiday": "after"},
    ],
)
def test_what_is_sent_reaches_the_plan(spec: dict[str, Any]) -> None:
    """Nothing is added, nothing lost."""
    assert PreviewRequest.model_validate({"schedule": spec}).schedule.spec() == spec


def test_null_is_as_good_as_left_out() -> None:
    """A client may send the whole contract."""
    spec: dict[str, object] = {**CRON, "exclude": None, "include": None, "holidays": None, "on_holiday": None}
    assert PreviewRequest.model_validate({"schedule": spec}).schedule.spec() == CRON


@pytest.mark.parametrize(
    ("spec", "place", "code"),
    [
        ({}, (), "invalid_schedule"),
        ("0 9 * * *", (), "invalid_schedule"),
        ({"kind": "\ud800"}, (), "invalid_schedule"),
        ({"kind": "rrule", "rrule": "FREQ=DAILY"}, ("rrule", "starts_at"), "missing"),
        ({**CRON, "exclude": "2026-12-24"}, ("cron", "exclude"), "list_type"),
        ({**CRON, "include": ["2026-12-24"] * 101}, ("cron", "include"), "too_long"),
        ({**CRON, "on_holiday": "move"}, ("cron", "on_holiday"), "literal_error"),
        ({**CRON, "holidays": ["DE"]}, ("cron", "holidays"), "string_type"),
        ({**CRON, "surprise": 1}, ("cron", "surprise"), "extra_forbidden"),
        ({**CRON, "at": "2026-11-27T16:00:00Z"}, ("cron", "at"), "extra_forbidden"),
        ({"kind": "cron", "expression": "0 9\0* * *"}, ("cron", "expression"), "invalid_text"),
        ({"kind": "cron", "expression": "\udfff"}, ("cron", "expression"), "string_unicode"),
        ({"kind": "cron", "expression": 9}, ("cron", "expression"), "string_type"),
        ({"kind": "cron", "expression": "0" * 201}, ("cron", "expression"), "string_too_long"),
        ({**CRON, "count": "3"}, ("cron", "count"), "int_type"),
        ({**CRON, "count": 10**30}, ("cron", "count"), "less_than_equal"),
        ({**CRON, "dst_fold": "third"}, ("cron", "dst_fold"), "literal_error"),
        ({"kind": "interval", "every": True}, ("interval", "every"), "duration_format"),
        ({"kind": "interval", "every": 90.5}, ("interval", "every"), "duration_format"),
        ({"kind": "interval", "every": 10**30}, ("interval", "every"), "duration_format"),
        ({"kind": "interval", "every": "PT1H\0"}, ("interval", "every"), "duration_format"),
        ({"kind": "once", "at": 1_800_000_000}, ("once", "at"), "string_type"),
    ],
)
def test_other_shapes_are_refused_at_one_place(spec: object, place: tuple[str, ...], code: str) -> None:
    """One mistake, one error, at the field where it is."""
    with pytest.raises(ValidationError) as refused:
        PreviewRequest.model_validate({"schedule": spec})
    assert [(error["loc"], error["type"]) for error in refused.value.errors()] == [(("schedule", *place), code)]


def test_the_contract_shows_every_kind() -> None:
    """OpenAPI lists all four, with what each requires."""
    shown = PreviewRequest.model_json_schema()
    assert set(shown["$defs"]) == {"OnceIn", "IntervalIn", "CronIn", "RruleIn"}
    assert shown["$defs"]["IntervalIn"]["required"] == ["kind", "every"]
    assert shown["$defs"]["RruleIn"]["required"] == ["kind", "rrule", "starts_at"]
