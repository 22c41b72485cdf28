"""Which naive local times a cron expression matches."""

from datetime import datetime, timedelta

import pytest
from cronsim import CronSim
from hypothesis import given, settings
from hypothesis import strategies as st

from schedules.cron_fields import CronFields

NAIVE = st.datetimes(datetime(1990, 1, 1), datetime(2037, 12, 1))  # noqa: DTZ001  local times are naive on purpose
FIELDS = (
    ["*", "0", "5,50", "*/13", "10-20/3", "7/20"],
    ["*", "9", "0,23", "*/5", "8-17"],
    ["*", "1", "31", "L", "LW", "15,L", "*/10", "28-31", "LW,1"],
    ["*", "2", "JAN-MAR", "feb,apr", "*/4"],
    ["*", "0", "7", "MON-FRI", "sun", "5L", "1#2", "2#5,3", "*/2", "0-7"],
)


@settings(max_examples=200, deadline=None)
@given(st.tuples(*map(st.sampled_from, FIELDS)), NAIVE)
def test_fields_match_what_cronsim_matches(parts: tuple[str, ...], wall: datetime) -> None:
    """Our own search through precomputed days agrees with an independent implementation."""
    expression = " ".join(parts)
    fields, wall = CronFields(expression), wall.replace(second=0, microsecond=0)
    peer = CronSim(expression, wall) if "31 2" not in expression and "31 feb" not in expression else iter(())
    for _ in range(3):
        expected = next(peer, None)
        if expected is None:
            break
        wall = fields.next(wall) or datetime.min  # noqa: DTZ901  stands for “none”, which is wrong here
        assert wall == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("0 9 15W * *", ["2026-08-14", "2026-09-15", "2026-10-15", "2026-11-16"]),  # A Saturday and a Sunday.
        ("0 9 1W 8 *", ["2026-08-03", "2027-08-02"]),  # Not back into July.
        ("0 9 31W 10 *", ["2026-10-30", "2027-10-29"]),
        ("0 9 31W * *", ["2026-08-31", "2026-10-30", "2026-12-31"]),  # September has no 31st.
        ("0 9 LW * *", ["2026-08-31", "2026-09-30", "2026-10-30"]),
        ("0 9 * * FRIL", ["2026-08-28", "2026-09-25"]),
        ("0 9 * * FRI-SUN", ["2026-08-01", "2026-08-02", "2026-08-07"]),
        ("0 9 13 * 5", ["2026-08-07", "2026-08-13", "2026-08-14"]),  # Both restricted: either.
        ("0 9 */2 * 1", ["2026-08-03", "2026-08-17", "2026-08-31"]),  # A field with a star in front: both.
        ("0 9 31 * *", ["2026-08-31", "2026-10-31", "2026-12-31"]),
        ("0 0 29 2 *", ["2028-02-29", "2032-02-29"]),
        ("@monthly", ["2026-08-01", "2026-09-01"]),
    ],
)
def test_days_are_those_of_the_calendar(expression: str, expected: list[str]) -> None:
    """Dates that do not exist are skipped; nearest working days stay in their month."""
    fields = CronFields(expression)
    wall: datetime | None = datetime(2026, 7, 31, 23, 59)  # noqa: DTZ001  local times are naive on purpose
    found: list[str] = []
    while wall and len(found) < len(expected):
        wall = fields.next(wall)
        found.append(f"{wall:%Y-%m-%d}")
    assert found == expected


@settings(max_examples=50, deadline=None)
@given(st.tuples(*map(st.sampled_from, FIELDS)), NAIVE, st.integers(0, 5000))
def test_a_tally_is_what_walking_counts(parts: tuple[str, ...], low: datetime, minutes: int) -> None:
    """Counting by months gives the same as one match after the other."""
    fields, high = CronFields(" ".join(parts)), low + timedelta(minutes=minutes)
    walked, wall = 0, fields.next(low)
    while wall and wall <= high:
        walked, wall = walked + 1, fields.next(wall)
    assert fields.tally(low, high) == walked
