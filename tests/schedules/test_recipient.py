"""`timezone: recipient`: one schedule on everybody's own clocks."""

from typing import Any

import pytest

from schedules import plan
from schedules.base import ScheduleError
from schedules.preview import preview
from schedules.zones import UnknownZone
from tests.schedules.times import clocks, saved, utc

NOW = utc("2026-11-22T12:00Z")
DAILY = {"kind": "cron", "expression": "0 9 * * *", "timezone": "recipient"}


def test_everybody_has_the_same_local_times() -> None:
    """Counted and started on the wall clock: three mornings, the same three, in every zone."""
    stored = saved(**DAILY, count=3)
    assert (stored["timezone"], stored["starts_at"]) == ("recipient", "2026-11-22T13:00:01")
    for place in ("Pacific/Auckland", "Europe/Berlin", "Pacific/Honolulu"):
        found = plan.load(stored, place).upcoming(NOW, 9)
        assert [text[:11] for text in clocks(found)] == ["11-23 09:00", "11-24 09:00", "11-25 09:00"]
        assert {instant.timezone for instant in found} == {place}


def test_a_preview_shows_it_to_the_asker() -> None:
    """In the zone of whoever asks."""
    shown = preview(DAILY, now=NOW, after=None, count=1, timezone="Asia/Tokyo")["occurrences"]
    assert shown[0]["local"] == "2026-11-23T09:00:00+09:00"


def test_a_zone_is_needed_to_ask_it() -> None:
    """Nobody plans it in the wrong zone by accident; elsewhere the zone counts for nothing."""
    with pytest.raises(UnknownZone):
        plan.load(saved(**DAILY))
    berlin = saved(kind="cron", expression="0 9 * * *")
    assert plan.load(berlin, "Asia/Tokyo") is plan.load(berlin)


def test_a_local_instant_has_passed_only_when_it_has_everywhere() -> None:
    """At noon in Greenwich, eleven in the morning has still to come in Honolulu."""
    assert saved(kind="once", at="2026-11-22T11:00", timezone="recipient")["at"] == "2026-11-22T11:00:00"
    with pytest.raises(ScheduleError) as refused:
        saved(kind="once", at="2026-11-21T11:00", timezone="recipient")
    assert refused.value.reason == "in_the_past"


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        ({"kind": "once", "at": "2026-12-01T09:00:00Z"}, "at"),
        ({"kind": "interval", "every": "PT1H"}, "timezone"),
        ({"kind": "cron", "expression": "*/5 * * * *"}, "timezone"),
        ({"kind": "cron", "expression": "0 9 * * *", "starts_at": "2026-12-01T09:00:00Z"}, "starts_at"),
        ({"kind": "cron", "expression": "0 9 * * *", "ends_at": "2026-12-01T09:00:00+01:00"}, "ends_at"),
        ({"kind": "cron", "expression": "0 9 * * *", "exclude": ["2026-12-01T09:00:00Z"]}, "exclude"),
        ({"kind": "rrule", "rrule": "FREQ=HOURLY", "starts_at": "2026-12-01T09:00:00"}, "timezone"),
        ({"kind": "rrule", "rrule": "FREQ=DAILY;UNTIL=20261224T090000Z", "starts_at": "2026-12-01T09:00:00"}, "rrule"),
    ],
)
def test_what_is_no_local_time_is_refused(spec: dict[str, Any], field: str) -> None:
    """Elapsed time, the running clock and instants with an offset are the same for everybody."""
    with pytest.raises(ScheduleError) as refused:
        saved(**spec, timezone="recipient")
    assert refused.value.field == f"schedule.{field}"


def test_rules_of_the_calendar_are_taken() -> None:
    """With their exceptions, all of them local."""
    spec = {"kind": "rrule", "rrule": "FREQ=WEEKLY;BYDAY=MO;COUNT=3", "starts_at": "2026-11-23T09:00:00"}
    stored = saved(**spec, timezone="recipient", exclude=["2026-11-30"], include=["2026-12-01"])
    found = plan.load(stored, "Asia/Kathmandu").upcoming(NOW, 9)
    assert [text[:11] for text in clocks(found)] == ["11-23 09:00", "12-01 09:00", "12-07 09:00"]


def test_counting_knows_no_zone() -> None:
    """The night on which clocks in the team's own zone leave the time out counts for those elsewhere."""
    spec = {"kind": "rrule", "rrule": "FREQ=DAILY;COUNT=3", "starts_at": "2027-03-27T02:30:00", "dst_gap": "skip"}
    stored = saved(**spec, timezone="recipient")
    assert stored["last_at"] == "2027-03-29T02:30:00"
    assert len(plan.load(stored, "Asia/Tokyo").upcoming(NOW, 9)) == 3
