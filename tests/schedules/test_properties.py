"""What is true of every schedule in every zone."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from core.clock import iso
from schedules.plan import load, normalize
from schedules.preview import preview
from schedules.zones import names, zone
from tests.schedules.reference import Wanted, change_near, occurrences

ZONES = st.sampled_from(sorted(names()))
TIMES = st.datetimes(datetime(1990, 1, 1), datetime(2037, 12, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001  Hypothesis wants naive bounds
    lambda at: at.replace(second=0, microsecond=0)
)
POLICY = st.fixed_dictionaries(
    {"dst_gap": st.sampled_from(["next_valid", "skip"]), "dst_fold": st.sampled_from(["first", "second", "both"])}
)

Field = st.SearchStrategy[tuple[str, frozenset[int]]]


@st.composite
def wanted(draw: st.DrawFn) -> Wanted:
    """Draw an expression together with the sets that it means."""
    minute, minutes = draw(_field(59, [1, 7, 15, 20, 30]))
    # Hours around which clocks are changed are drawn often.
    hour, hours = draw(_field(23, [1, 2, 5], often=[0, 1, 2, 3]))
    weekday, weekdays = draw(st.one_of(st.just(("*", frozenset(range(7)))), _weekdays()))
    return Wanted(f"{minute} {hour} * * {weekday}", minutes, hours, weekdays)


def _field(high: int, steps: list[int], often: list[int] | None = None) -> Field:
    def listed(numbers: set[int]) -> tuple[str, frozenset[int]]:
        return ",".join(map(str, sorted(numbers))), frozenset(numbers)

    number = st.sampled_from(often) if often else st.integers(0, high)
    return st.one_of(
        st.sets(number, min_size=1, max_size=4).map(listed),
        st.sets(st.integers(0, high), min_size=1, max_size=3).map(listed),
        st.sampled_from(steps).map(lambda step: (f"*/{step}", frozenset(range(0, high + 1, step)))),
        st.integers(0, high).map(lambda low: (f"{low}-{high}", frozenset(range(low, high + 1)))),
    )


def _weekdays() -> Field:
    days = st.sets(st.integers(0, 6), min_size=1, max_size=6)
    return days.map(lambda found: (",".join(str((day + 1) % 7) for day in sorted(found)), frozenset(found)))


def _cron(meant: Wanted, place: str, at: datetime, policy: dict[str, str]) -> dict[str, str]:
    spec = {"kind": "cron", "expression": meant.expression, "timezone": place, "starts_at": iso(at), **policy}
    return spec if not meant.running else {name: text for name, text in spec.items() if not name.startswith("dst_")}


@settings(max_examples=100, deadline=None)
@given(wanted(), ZONES, TIMES, POLICY)
def test_cron_equals_a_walk_over_every_minute(meant: Wanted, place: str, at: datetime, policy: dict[str, str]) -> None:
    """Around changes of offset, in every zone, cron is what a clock watched minute by minute would give."""
    start = change_near(zone(place), at) - timedelta(hours=20)
    end = start + timedelta(hours=60)
    asked = load(normalize(_cron(meant, place, start - timedelta(days=9), policy), now=start, timezone="UTC"))
    found = []
    after = start
    while (coming := asked.next(after)) and coming.at <= end:
        found.append(coming.at)
        after = coming.at
    assert found == occurrences(meant, zone(place), start, end, **policy)


@settings(max_examples=150, deadline=None)
@given(wanted(), ZONES, TIMES, POLICY, st.integers(1, 10**6))
def test_asking_from_anywhere_gives_the_same(
    meant: Wanted, place: str, at: datetime, policy: dict[str, str], part: int
) -> None:
    """Occurrences rise strictly, and a question from between two of them is answered by the later one."""
    start = change_near(zone(place), at) - timedelta(hours=30)
    asked = load(normalize(_cron(meant, place, start, policy), now=start, timezone="UTC"))
    found = asked.upcoming(start, 40)
    for earlier, later in pairwise(found):
        assert earlier.at < later.at
        between = earlier.at + (later.at - earlier.at) * (part / 10**6) - timedelta(seconds=1)
        assert asked.next(max(between, earlier.at)) == later


@settings(max_examples=100, deadline=None)
@given(st.integers(60, 10**8), ZONES, TIMES, TIMES)
def test_intervals_are_equal_steps_from_the_anchor(every: int, place: str, anchor: datetime, after: datetime) -> None:
    """Whatever the zone, an interval is found by division, and never before its anchor."""
    spec = {"kind": "interval", "every": every, "starts_at": iso(anchor), "timezone": place}
    found = load(normalize(spec, now=after, timezone="UTC")).upcoming(after, 5)
    seconds = [int((instant.at - anchor).total_seconds()) for instant in found]
    first = 0 if after < anchor else (int((after - anchor).total_seconds()) // every + 1) * every
    assert seconds == [first + step * every for step in range(len(found))]


@settings(max_examples=100, deadline=None)
@given(wanted(), ZONES, TIMES, POLICY, st.one_of(st.none(), st.integers(1, 20)))
def test_a_preview_is_the_plan(
    meant: Wanted, place: str, at: datetime, policy: dict[str, str], count: int | None
) -> None:
    """What is shown before saving is what happens after it."""
    spec = {**_cron(meant, place, at, policy), "count": count}
    shown = preview(spec, now=at, after=None, count=30, timezone="UTC")["occurrences"]
    planned = load(normalize(spec, now=at, timezone="UTC")).upcoming(at, 30)
    assert [occurrence["at"] for occurrence in shown] == [iso(instant.at) for instant in planned]
    assert all(instant.at.second == 0 and instant.at == instant.local for instant in planned)
