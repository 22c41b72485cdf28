"""What stays true with exclusions, inclusions and holidays around any schedule in any zone."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.clock import iso
from schedules import walls
from schedules.base import ScheduleError
from schedules.plan import load, normalize
from schedules.preview import preview
from schedules.zones import zone
from tests.schedules.test_properties import ZONES
from tests.schedules.test_rrule_properties import calendar_rules, elapsed_rules

CALENDAR = "calendar:0190b5f0-0000-7000-8000-000000000000"
START = datetime(2026, 3, 20, tzinfo=UTC)
DAYS = st.integers(-3, 40).map(lambda number: (date(2026, 3, 20) + timedelta(days=number)).isoformat())
MOMENTS = st.integers(0, 40 * 48).map(lambda number: iso(START + number * timedelta(minutes=30)))
EVERY = st.sampled_from(["PT30M", "PT6H", "PT24H", "PT50H"])


def rrule(text: str) -> dict[str, Any]:
    """Write a rule that starts at half past two."""
    return {"kind": "rrule", "rrule": text, "starts_at": "2026-03-20T02:30:00"}


RULES = st.one_of(
    st.one_of(calendar_rules(), elapsed_rules()).map(lambda meant: rrule(meant.rule)),
    EVERY.map(lambda every: {"kind": "interval", "every": every, "starts_at": iso(START)}),
    st.sampled_from(["0 9 * * *", "*/30 8-18 * * *", "30 2 * * MON-FRI", "0 0 1,15 * *"]).map(
        lambda text: {"kind": "cron", "expression": text, "starts_at": iso(START)}
    ),
)
EXTRAS = st.fixed_dictionaries(
    {
        "exclude": st.lists(st.one_of(DAYS, MOMENTS), max_size=4),
        "include": st.lists(MOMENTS, max_size=3),
        "holidays": st.just(CALENDAR),
        "on_holiday": st.sampled_from(["keep", "skip", "before", "after"]),
    }
)
DATES = st.lists(DAYS, max_size=12)


@settings(max_examples=150, deadline=None)
@given(RULES, EXTRAS, DATES, ZONES, st.integers(0, 10**6))
def test_nothing_is_lost_doubled_or_moved_by_asking(
    rule: dict[str, Any], extras: dict[str, Any], dates: list[str], place: str, part: int
) -> None:
    """Strictly rising, the same from any point, counted right, found from behind, and shown as it is planned."""
    spec = {**rule, **extras, "timezone": place}
    try:
        asked = load(normalize(spec, now=START, timezone="UTC", holiday_dates=dates))
    except ScheduleError as error:
        assume(error.reason not in {"never_matches", "too_frequent"})
        raise
    found = asked.upcoming(START, 40)
    for earlier, later in pairwise(found):
        assert earlier.at < later.at
        between = earlier.at + (later.at - earlier.at) * (part / 10**6) - timedelta(seconds=1)
        assert asked.next(max(between, earlier.at)) == later
    if found:
        assert asked.latest(START, found[-1].at) == found[-1]
    shown = preview(spec, now=START, after=START, count=40, timezone="UTC", holiday_dates=dates)["occurrences"]
    assert [occurrence["at"] for occurrence in shown] == [iso(instant.at) for instant in found]


@settings(max_examples=150, deadline=None)
@given(RULES, EXTRAS, DATES, ZONES)
def test_exceptions_do_what_they_say(
    rule: dict[str, Any], extras: dict[str, Any], dates: list[str], place: str
) -> None:
    """Worked out the slow way, from the plain occurrences of the rule."""
    spec = {**rule, "timezone": place}
    until = START + timedelta(days=25)
    try:
        plain = load(normalize(spec, now=START, timezone="UTC"))
        asked = load(normalize({**spec, **extras}, now=START, timezone="UTC", holiday_dates=dates))
    except ScheduleError as error:
        assume(error.reason not in {"never_matches", "too_frequent"})
        raise
    assume(extras["on_holiday"] in {"keep", "skip"})
    away, skipped = set(extras["exclude"]), set(dates) if extras["on_holiday"] == "skip" else set()
    wanted, after = set(), START
    while (coming := plain.next(after)) and coming.at <= until:
        after = coming.at
        if coming.local.date().isoformat() not in skipped:
            wanted.add(coming.at)
    wanted |= {at for text in extras["include"] if START < (at := datetime.fromisoformat(text)) <= until}
    expected = sorted(
        at for at in wanted if iso(at) not in away and at.astimezone(zone(place)).date().isoformat() not in away
    )
    found, after = [], START
    while (coming := asked.next(after)) and coming.at <= until:
        after = coming.at
        found.append(coming.at)
    assert found == expected
    if rule["kind"] == "interval" or "HOURLY" in str(rule) or "MINUTELY" in str(rule):
        assert asked.tally(START, until) == len(found)


@settings(max_examples=150, deadline=None)
@given(RULES, DATES, ZONES, st.sampled_from([("before", -1), ("after", 1)]))
def test_moves_go_where_a_calendar_on_the_wall_says(
    rule: dict[str, Any], dates: list[str], place: str, policy: tuple[str, int]
) -> None:
    """Each occurrence of the plain rule is carried day by day until it reaches a working day; then they are sorted."""
    spec, until = {**rule, "timezone": place}, START + timedelta(days=60)
    holidays = {date.fromisoformat(text) for text in dates}
    moved = {"holidays": CALENDAR, "on_holiday": policy[0]}
    try:
        plain = load(normalize(spec, now=START, timezone="UTC"))
        asked = load(normalize({**spec, **moved}, now=START, timezone="UTC", holiday_dates=dates))
    except ScheduleError as error:
        assume(error.reason not in {"never_matches", "too_frequent"})
        raise
    wanted, after = set(), START - timedelta(days=1)
    while (coming := plain.next(after)) and coming.at <= until:
        after, day = coming.at, coming.local.date()
        if day in holidays:
            while day in holidays or day.weekday() >= 5:
                day += timedelta(days=policy[1])
            wall = datetime.combine(day, coming.local.time().replace(fold=0))
            wanted |= {instant.at for instant in walls.place(wall, zone(place))}
        else:
            wanted.add(coming.at)
    found, after, end = [], START, until - timedelta(days=20)
    while (coming := asked.next(after)) and coming.at <= end:
        after = coming.at
        found.append(after)
    assert found == sorted(at for at in wanted if START < at <= end)
