"""What is true of every recurrence rule in every zone."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.clock import iso
from schedules.base import ScheduleError
from schedules.plan import load, normalize
from schedules.schedule import Schedule
from schedules.zones import zone
from tests.schedules.reference import change_near, occurrences
from tests.schedules.rrule_reference import Meant, elapsed, walls
from tests.schedules.test_properties import POLICY, TIMES, ZONES


def some(numbers: list[int], most: int = 3) -> st.SearchStrategy[tuple[int, ...]]:
    """Draw a few numbers, or none."""
    return st.one_of(
        st.just(()), st.sets(st.sampled_from(numbers), max_size=most).map(lambda found: tuple(sorted(found)))
    )


@st.composite
def calendar_rules(draw: st.DrawFn) -> Meant:
    """Draw a rule of days and above; hours around which clocks are changed are drawn often."""
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    ordinals = [0, 0, 1, 2, -1, 5] if freq in {"MONTHLY", "YEARLY"} else [0]
    weekdays = st.sets(st.tuples(st.sampled_from(ordinals), st.integers(0, 6)), max_size=4)
    meant = Meant(
        freq,
        interval=draw(st.integers(1, 4)),
        week_start=draw(st.integers(0, 6)),
        months=draw(some(list(range(1, 13)), 6)),
        month_days=draw(some([1, 2, 13, 15, 28, 29, 30, 31, -1, -2, -31])) if freq != "WEEKLY" else (),
        weekdays=tuple(sorted(draw(weekdays))),
        hours=draw(some([0, 1, 2, 3, 9, 23])),
        minutes=draw(some([0, 15, 30, 59])),
    )
    chosen = draw(some([1, 2, 3, -1, -2])) if meant.months or meant.weekdays or meant.hours else ()
    return Meant(**{**{name: getattr(meant, name) for name in meant.__dataclass_fields__}, "positions": chosen})


@st.composite
def elapsed_rules(draw: st.DrawFn) -> Meant:
    """Draw a rule of hours or minutes."""
    weekdays = tuple((0, weekday) for weekday in draw(some(list(range(7)), 6)))
    freq, interval = draw(
        st.sampled_from([("HOURLY", 1), ("HOURLY", 2), ("HOURLY", 5), ("MINUTELY", 15), ("MINUTELY", 90)])
    )
    hours, minutes = draw(some([0, 1, 2, 3, 12])), draw(some([0, 15, 30, 45]))
    return Meant(freq, interval=interval, weekdays=weekdays, hours=hours, minutes=minutes)


def asked(meant: Meant, start: datetime, place: str, **more: object) -> Schedule:
    """Load a rule; one that never happens is left out of the test."""
    text = iso(start) if start.tzinfo else start.isoformat()
    spec = {"kind": "rrule", "rrule": meant.rule, "starts_at": text, "timezone": place, **more}
    try:
        return load(normalize(spec, now=datetime(1990, 1, 1, tzinfo=UTC), timezone="UTC"))
    except ScheduleError as error:
        assume(error.reason != "never_matches")
        raise


@settings(max_examples=150, deadline=None)
@given(calendar_rules(), ZONES, TIMES, POLICY, st.integers(0, 500))
def test_calendar_rules_equal_a_walk_over_every_day(
    meant: Meant, place: str, at: datetime, policy: dict[str, str], back: int
) -> None:
    """Around changes of offset, in every zone, a rule is what a clock watched minute by minute would give."""
    begins = change_near(zone(place), at) - timedelta(hours=20)
    ends = begins + timedelta(hours=60)
    start = begins.astimezone(zone(place)).replace(tzinfo=None, fold=0) - timedelta(days=back)
    schedule = asked(meant, start, place, **policy)
    wanted = walls(meant, start, start + timedelta(days=back + 6))
    found, after = [], begins
    while (coming := schedule.next(after)) and coming.at <= ends:
        found.append(coming.at)
        after = coming.at
    assert found == occurrences(wanted, zone(place), max(begins, schedule.begins_after), ends, **policy)


@settings(max_examples=150, deadline=None)
@given(elapsed_rules(), ZONES, TIMES)
def test_rules_below_a_day_equal_a_walk_over_every_minute(meant: Meant, place: str, at: datetime) -> None:
    """Elapsed time from the start, judged by the running clock."""
    start = change_near(zone(place), at) - timedelta(hours=20)
    ends = start + timedelta(hours=60)
    schedule = asked(meant, start, place)
    found, after = [], start - timedelta(seconds=1)
    while (coming := schedule.next(after)) and coming.at <= ends:
        found.append(coming.at)
        after = coming.at
    assert found == elapsed(meant, start, ends, zone(place))
    assert schedule.tally(start - timedelta(seconds=1), ends) == len(found)


@settings(max_examples=150, deadline=None)
@given(calendar_rules(), TIMES)
def test_calendar_rules_equal_dateutil(meant: Meant, at: datetime) -> None:
    """On a clock without daylight saving an independent implementation gives the same, rule after rule.

    Left out is what it gets wrong: positions within a first week that it begins at the start instead of on its day,
    and weekdays of which some bear a number and others none, which it wants to hold both at once.
    """
    assume(not (meant.freq == "WEEKLY" and meant.positions))
    assume(len({bool(ordinal) for ordinal, _ in meant.weekdays}) < 2)
    schedule = asked(meant, at, "UTC")
    peer = iter(rrulestr(meant.rule, dtstart=at.replace(tzinfo=None)))
    found = schedule.upcoming(at - timedelta(seconds=1), 8)
    for instant in found:
        assert instant.at.replace(tzinfo=None) == next(peer)
    assert schedule.tally(at - timedelta(seconds=1), found[-1].at) == len(found)


@settings(max_examples=150, deadline=None)
@given(st.one_of(calendar_rules(), elapsed_rules()), ZONES, TIMES, st.integers(0, 10**6))
def test_asking_a_rule_from_anywhere_gives_the_same(meant: Meant, place: str, at: datetime, part: int) -> None:
    """Occurrences rise strictly, and a question from between two of them is answered by the later one."""
    schedule = asked(meant, at, place)
    found = schedule.upcoming(at - timedelta(seconds=1), 30)
    for earlier, later in pairwise(found):
        assert earlier.at < later.at
        between = earlier.at + (later.at - earlier.at) * (part / 10**6) - timedelta(seconds=1)
        assert schedule.next(max(between, earlier.at)) == later
    assert schedule.latest(at - timedelta(seconds=1), found[-1].at) == found[-1]
