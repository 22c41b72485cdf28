"""`exclude` and `include`, for every kind of schedule."""

from typing import Any

import pytest

from schedules import plan
from schedules.base import ScheduleError
from tests.schedules.times import clocks, instants, saved, schedule, utc

CRON = {"kind": "cron", "expression": "0 9,16 * * *", "timezone": "Europe/Berlin"}
DAILY = {"kind": "rrule", "rrule": "FREQ=DAILY", "starts_at": "2026-11-20T09:00", "timezone": "Europe/Berlin"}
AFTER = utc("2026-11-22T23:00Z")


def coming(spec: dict[str, Any], count: int = 4) -> list[str]:
    """Write down what comes from 23 November on."""
    return [text[:11] for text in clocks(schedule(**spec).upcoming(AFTER, count))]


def test_a_date_takes_away_all_that_falls_on_it() -> None:
    """Both runs of the 24th are gone, by the calendar of the schedule's zone."""
    assert coming({**CRON, "exclude": ["2026-11-24"]}) == ["11-23 09:00", "11-23 16:00", "11-25 09:00", "11-25 16:00"]


def test_a_date_time_takes_away_one() -> None:
    """Local or with an offset, and whether or not anything is there."""
    spec = {**CRON, "exclude": ["2026-11-23T16:00", "2026-11-24T08:00:00Z", "2026-11-24T11:11"]}
    assert coming(spec) == ["11-23 09:00", "11-24 16:00", "11-25 09:00", "11-25 16:00"]


def test_a_count_counts_what_is_excluded() -> None:
    """As in RFC 5545: three from the 20th, of which one is left out."""
    found = schedule(**{**DAILY, "rrule": "FREQ=DAILY;COUNT=5"}, exclude=["2026-11-23"]).upcoming(AFTER, 9)
    assert clocks(found) == ["11-24 09:00+0100"]


def test_what_is_included_comes_on_top_and_only_once() -> None:
    """Also after the end; what meets an occurrence is that occurrence."""
    spec = {**DAILY, "ends_at": "2026-11-24T12:00", "include": ["2026-11-24T09:00", "2026-11-23T15:30", "2026-12-01"]}
    assert coming(spec, 9) == ["11-23 09:00", "11-23 15:30", "11-24 09:00", "12-01 09:00"]


def test_exclusion_wins_over_inclusion() -> None:
    """What stands in both lists does not happen."""
    assert coming({**DAILY, "include": ["2026-11-23T15:00"], "exclude": ["2026-11-23"]}, 1) == ["11-24 09:00"]


def test_every_kind_takes_both() -> None:
    """Intervals and single instants, too."""
    spec = {"kind": "interval", "every": "PT12H", "starts_at": "2026-11-23T00:00Z", "timezone": "UTC"}
    found = schedule(**spec, exclude=["2026-11-24"], include=["2026-11-23T06:00"]).upcoming(AFTER, 4)
    assert [text[8:13] for text in instants(found)] == ["23T00", "23T06", "23T12", "25T00"]
    once = schedule(kind="once", at="2026-11-23T09:00", timezone="UTC", include=["2026-11-24"])
    assert instants(once.upcoming(AFTER, 3)) == ["2026-11-23T09:00:00Z", "2026-11-24T09:00:00Z"]


def test_a_gap_and_a_fold_can_be_excluded() -> None:
    """The local time that was written in the rule names the occurrence, wherever daylight saving put it."""
    spec = {**CRON, "expression": "30 2 * * *", "exclude": ["2027-03-28T02:30", "2026-10-25T02:30"]}
    asked = schedule(**spec, now="2026-10-01T00:00Z")
    assert clocks(asked.upcoming(utc("2026-10-24T12:00Z"), 1)) == ["10-26 02:30+0100"]
    assert clocks(asked.upcoming(utc("2027-03-27T12:00Z"), 1)) == ["03-29 02:30+0200"]


def test_counting_knows_of_exceptions() -> None:
    """A tally is what walking counts."""
    asked = schedule(
        **CRON,
        exclude=["2026-11-24", "2026-11-25T09:00", "2026-11-25T10:00"],
        include=["2026-11-24T12:00", "2026-11-26T09:00"],
    )
    until = utc("2026-12-01T00:00Z")
    walked = [instant for instant in asked.upcoming(AFTER, 99) if instant.at <= until]
    assert asked.tally(AFTER, until) == len(walked)
    assert asked.latest(AFTER, until) == walked[-1]


@pytest.mark.parametrize(
    ("more", "field", "advice"),
    [
        ({"exclude": "2026-12-24"}, "exclude", "list"),
        ({"exclude": ["2026-12-24"] * 101}, "exclude", "at most 100"),
        ({"exclude": ["24.12.2026"]}, "exclude", "2026-11-27T16:00:00"),
        ({"exclude": ["2026-02-30"]}, "exclude", "no such date"),
        ({"exclude": ["1969-12-31"]}, "exclude", "1970"),
        ({"exclude": [20261224]}, "exclude", "date-time"),
        ({"include": ["2026-12-24"]}, "include", "write a date-time"),
        ({"timezone": None, "include": ["2026-12-24T09:00"]}, "include", "timezone"),
    ],
)
def test_odd_exceptions_are_refused(more: dict[str, Any], field: str, advice: str) -> None:
    """The error names the list and says what would be right."""
    with pytest.raises(ScheduleError, match=advice) as refused:
        saved(**{**CRON, **more})
    assert refused.value.field == f"schedule.{field}"


def test_leaving_nothing_is_refused() -> None:
    """Whoever excludes the only occurrence is told so."""
    with pytest.raises(ScheduleError, match="every single occurrence") as refused:
        saved(kind="once", at="2026-11-23T09:00", timezone="UTC", exclude=["2026-11-23"])
    assert (refused.value.field, refused.value.reason) == ("schedule.exclude", "never_matches")


def test_exceptions_are_stored_in_order_and_complete() -> None:
    """A date that is included takes over the time of day, so that later changes of the rule do not move it."""
    stored = saved(**DAILY, exclude=["2026-12-25", "2026-12-24", "2026-12-24"], include=["2026-12-27"])
    assert (stored["exclude"], stored["include"]) == (["2026-12-24", "2026-12-25"], ["2026-12-27T09:00:00"])
    assert saved(**plan.public(stored)) == stored
