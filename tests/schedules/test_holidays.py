"""What `holidays` and `on_holiday` do with occurrences; the dates are those of Germany and the United States."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from schedules import plan
from schedules.base import ScheduleError
from tests.schedules.times import clocks, saved, schedule, utc

# Christmas 2026: Friday the 25th and Saturday the 26th are holidays in all of Germany, as is Friday, 1 January.
WEEKDAYS = {"kind": "cron", "expression": "0 9 * * MON-FRI", "timezone": "Europe/Berlin", "holidays": "DE"}
DAILY = {**WEEKDAYS, "expression": "0 9 * * *"}
CALENDAR = "calendar:0190b5f0-0000-7000-8000-000000000000"


def christmas(spec: dict[str, Any], count: int = 4) -> list[str]:
    """Write down what comes from 24 December on."""
    return [text.replace("+0100", "") for text in clocks(schedule(**spec).upcoming(utc("2026-12-23T23:00Z"), count))]


def test_holidays_alone_change_nothing() -> None:
    """`keep` is what holds where nothing is said."""
    assert christmas(WEEKDAYS, 2) == ["12-24 09:00", "12-25 09:00"]
    assert saved(**WEEKDAYS)["on_holiday"] == "keep"


def test_skip_leaves_holidays_out() -> None:
    """Also one on a Saturday; the Sunday after it is an ordinary day of this rule."""
    assert christmas({**DAILY, "on_holiday": "skip"}, 3) == ["12-24 09:00", "12-27 09:00", "12-28 09:00"]


def test_after_moves_to_the_next_working_day() -> None:
    """Friday and Saturday, both holidays, are moved to Monday, where they meet the one that is there anyway."""
    spec = {**DAILY, "on_holiday": "after"}
    assert christmas(spec, 3) == ["12-24 09:00", "12-27 09:00", "12-28 09:00"]
    friday = {**spec, "expression": "0 16 * * FRI"}
    assert christmas(friday, 3) == ["12-28 16:00 holiday_moved", "01-04 16:00 holiday_moved", "01-08 16:00"]


def test_before_moves_to_the_working_day_before() -> None:
    """In the order of the clock: what is moved to Thursday at nine comes before Thursday's own at four."""
    spec = {**WEEKDAYS, "on_holiday": "before", "expression": "0 16 * * THU"}
    mixed = schedule(**spec, include=["2026-12-24T12:00"])
    assert clocks(mixed.upcoming(utc("2026-12-23T23:00Z"), 2)) == ["12-24 12:00+0100", "12-24 16:00+0100"]
    both = {**spec, "kind": "rrule", "rrule": "FREQ=WEEKLY;BYDAY=TH,SA;BYHOUR=9,16", "starts_at": "2026-11-26T09:00"}
    del both["expression"]
    assert christmas(both, 4) == ["12-24 09:00", "12-24 16:00", "12-31 09:00", "12-31 16:00"]


def test_working_days_are_those_of_the_country() -> None:
    """In Israel the week ends on Friday and Saturday."""
    # Independence Day 2027 is Wednesday, 12 May; the last day of Passover 2027 is Wednesday, 28 April.
    spec = {"kind": "cron", "expression": "0 9 * * WED", "timezone": "Asia/Jerusalem", "holidays": "IL"}
    found = schedule(**spec, on_holiday="after").upcoming(utc("2027-04-26T00:00Z"), 1)
    assert clocks(found) == ["04-29 09:00+0300 holiday_moved"]


def test_regions_have_holidays_of_their_own() -> None:
    """Epiphany, 6 January, is one in Bavaria and none in Berlin."""
    spec = {**WEEKDAYS, "on_holiday": "skip", "now": "2027-01-05T12:00Z"}
    found = [
        schedule(**{**spec, "holidays": code}).upcoming(utc("2027-01-05T12:00Z"), 1) for code in ("de-by", "DE-BE")
    ]
    assert [clocks(one) for one in found] == [["01-07 09:00+0100"], ["01-06 09:00+0100"]]


def test_a_team_calendar_brings_its_dates_along() -> None:
    """They are part of the stored form and hidden from those who read it."""
    spec = {**WEEKDAYS, "holidays": CALENDAR, "on_holiday": "after", "expression": "0 9 24 12 *"}
    dates = ["2026-12-25", "2026-12-24", "2026-12-31"]
    stored = plan.save(spec, now=utc("2026-11-22T12:00Z"), timezone="UTC", holiday_dates=dates)
    assert stored["holiday_dates"] == ["2026-12-24", "2026-12-25", "2026-12-31"]
    assert "holiday_dates" not in plan.public(stored)
    assert clocks(plan.load(stored).upcoming(utc("2026-11-22T12:00Z"), 1)) == ["12-28 09:00+0100 holiday_moved"]


def test_local_time_is_kept_across_daylight_saving() -> None:
    """From Easter Monday 2027, the day after clocks went forward, back to Thursday at the same time of day."""
    spec = {**WEEKDAYS, "expression": "30 2 * * MON", "on_holiday": "before"}
    found = schedule(**spec).upcoming(utc("2027-03-23T00:00Z"), 2)
    assert clocks(found) == ["03-25 02:30+0100 holiday_moved", "04-05 02:30+0200"]


def test_an_exclusion_holds_before_and_after_the_move() -> None:
    """Neither the holiday itself nor the day to which it was moved is meant any more."""
    friday = {**WEEKDAYS, "expression": "0 16 * * FRI", "on_holiday": "after"}
    for day in ("2026-12-25", "2026-12-28"):
        assert christmas({**friday, "exclude": [day]}, 1) == ["01-04 16:00 holiday_moved"]


def test_the_last_of_a_count_may_be_moved_beyond_it() -> None:
    """Start and end bound the rule's own dates: the only occurrence is not lost for being moved."""
    spec = {**WEEKDAYS, "expression": "0 9 25 12 *", "on_holiday": "after", "count": 1}
    assert christmas(spec, 3) == ["12-28 09:00 holiday_moved"]


@pytest.mark.parametrize("policy", ["skip", "before", "after"])
@pytest.mark.parametrize("expression", ["0 9 * * *", "*/20 8-16 * * *", "0 9 * * FRI,SAT,MON", "0 9 1,4 * *"])
def test_counting_knows_of_holidays(policy: str, expression: str) -> None:
    """A tally is what walking counts, and splitting changes nothing."""
    asked = schedule(**{**WEEKDAYS, "expression": expression, "on_holiday": policy})
    low, high = utc("2026-12-24T10:00Z"), utc("2027-01-15T10:00Z")
    walked = [instant for instant in asked.upcoming(low, 999) if instant.at <= high]
    assert asked.tally(low, high) == len(walked)
    assert asked.latest(low, high) == walked[-1]
    assert all(asked.next(earlier.at) == later for earlier, later in pairwise(walked))


@pytest.mark.parametrize(
    ("more", "field", "advice"),
    [
        ({"holidays": "XX"}, "holidays", "DE-BY"),
        ({"holidays": "Germany"}, "holidays", "DE or US"),
        ({"holidays": "DE-XX"}, "holidays", "DE-BY"),
        ({"holidays": 49}, "holidays", "country code"),
        ({"holidays": "calendar:nowhere"}, "holidays", "no such team calendar"),
        ({"holidays": None, "on_holiday": "skip"}, "holidays", "name the holidays"),
        ({"on_holiday": "move"}, "on_holiday", "keep, skip, before, after"),
    ],
)
def test_unknown_holidays_are_refused(more: dict[str, Any], field: str, advice: str) -> None:
    """The error says what there is."""
    with pytest.raises(ScheduleError, match=advice) as refused:
        saved(**{**WEEKDAYS, **more})
    assert refused.value.field == f"schedule.{field}"


def test_a_rule_of_holidays_alone_is_refused() -> None:
    """Whoever skips every occurrence is told so, in bounded time."""
    with pytest.raises(ScheduleError, match="every single occurrence") as refused:
        saved(**{**WEEKDAYS, "expression": "0 9 25 12 *", "on_holiday": "skip"}, ends_at="2090-01-01T00:00Z")
    assert (refused.value.field, refused.value.reason) == ("schedule.on_holiday", "never_matches")


def test_the_library_is_imported_only_when_it_is_asked() -> None:
    """It is slow to import, and the API starts without it."""
    code = "import sys, schedules.plan, schedules.preview; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(plan.__file__).parents[1]).returncode == 0


@pytest.mark.parametrize("policy", ["before", "after"])
@pytest.mark.parametrize("often", ["* * * * *", "*/20 * * * *"])
def test_what_runs_all_day_is_not_moved(often: str, policy: str) -> None:
    """A year of holidays would come to lie on one day, minute by minute; `skip` is what is meant."""
    spec = {**WEEKDAYS, "expression": often}
    with pytest.raises(ScheduleError, match="skip") as refused:
        saved(**spec, on_holiday=policy)
    assert (refused.value.field, refused.value.reason) == ("schedule.on_holiday", "too_frequent")
    assert saved(**spec, on_holiday="skip")["on_holiday"] == "skip"
    assert saved(**{**spec, "expression": "*/30 * * * *"}, on_holiday=policy)
