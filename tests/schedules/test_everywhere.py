"""One local time for everybody: in each zone as if the schedule were of that zone, and opened in time for all."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedules import plan, zones
from schedules.everywhere import Everywhere, Opening, on_clock

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
EAST, WEST = "Pacific/Kiritimati", "Pacific/Honolulu"
NINE = datetime.fromisoformat("2026-12-01T09:00")
names = st.sampled_from(sorted(zones.names()))


def cron(expression: str, starts_at: str = "2026-12-01T00:00:00", **fields: Any) -> dict[str, Any]:
    """Return a stored schedule on everybody's own clock."""
    return {"kind": "cron", "expression": expression, "timezone": "recipient", "starts_at": starts_at} | fields


@given(
    zone=names,
    year=st.integers(1990, 2037),
    expression=st.sampled_from(
        ["0 9 * * *", "0,30 2 * * *", "15 0,1,2,3 * * *", "0 0 1 * *", "59 23 * * SUN", "0 9 L * *"]
    ),
    gap=st.sampled_from(["next_valid", "skip"]),
    fold=st.sampled_from(["first", "second", "both"]),
)
@settings(max_examples=60, deadline=None)
def test_in_a_zone_it_is_the_schedule_of_that_zone(zone: str, year: int, expression: str, gap: str, fold: str) -> None:
    """What is due in a zone, local time by local time, is what the same schedule gives that names the zone."""
    stored = cron(
        expression, f"{year}-01-01T00:00:00", dst_gap=gap, dst_fold=fold, ends_at=f"{year + 1}-01-10T00:00:00"
    )
    everywhere = Everywhere(stored, [zone])
    local, found = everywhere.first(), []
    while local:
        found += everywhere.due(local, zone)
        local = everywhere.next(local)
    assert sorted(found) == [i.at for i in plan.load(stored, zone).upcoming(datetime(1980, 1, 1, tzinfo=UTC), 5000)]


@given(audience=st.sets(names, min_size=2, max_size=4), day=st.integers(0, 17_000), hour=st.integers(0, 23))
@settings(max_examples=60, deadline=None)
def test_it_is_opened_in_time_for_everybody(audience: set[str], day: int, hour: int) -> None:
    """Openings never go back, and nothing is due anywhere before its own local time is opened."""
    since = datetime(1990, 1, 1, hour, tzinfo=UTC) + timedelta(days=day)
    everywhere = Everywhere(cron(f"30 {hour} * * *", "1989-01-01T00:00:00", dst_gap="skip"), audience, since)
    local = everywhere.first()
    opened: list[Opening] = []
    for _ in range(5):
        assert local
        opening = everywhere.opening(local)
        assert opening
        opened.append(opening)
        local = everywhere.next(local)
    assert all(earlier.at <= later.at for earlier, later in pairwise(opened))
    for each in opened:
        assert all(at >= each.at > since for zone in audience for at in everywhere.due(each.local, zone))


def test_the_first_zone_opens_it() -> None:
    """It is opened for the zone that reaches the local time first."""
    everywhere = Everywhere(cron("0 9 * * *"), [WEST, "Europe/Berlin", EAST], NOW)
    assert everywhere.coming() == Opening(datetime(2026, 11, 30, 19, tzinfo=UTC), NINE, EAST)


def test_what_some_have_behind_them_begins_for_the_others() -> None:
    """A schedule that begins between the first zone and the last begins today for those who have it before them."""
    begun = datetime(2026, 12, 1, 12, tzinfo=UTC)
    everywhere = Everywhere(cron("0 9 * * *"), [WEST, "Europe/Berlin"], begun)
    assert everywhere.coming() == Opening(datetime(2026, 12, 1, 19, tzinfo=UTC), NINE, WEST)
    assert everywhere.due(NINE, "Europe/Berlin") == ()
    assert everywhere.all_due(NINE, "Europe/Berlin") == (datetime(2026, 12, 1, 8, tzinfo=UTC),)


def test_several_local_times_may_begin_at_one_instant() -> None:
    """An hourly schedule that begins now begins at different hours in different places, and nobody waits."""
    hours = cron("0 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23 * * *")
    everywhere = Everywhere(hours, [WEST, EAST], datetime(2026, 12, 3, 12, 30, tzinfo=UTC))
    first = everywhere.first()
    assert first == datetime.fromisoformat("2026-12-03T03:00")
    at = datetime(2026, 12, 3, 13, tzinfo=UTC)
    assert everywhere.opening(first) == Opening(at, first, WEST)
    assert everywhere.due(datetime.fromisoformat("2026-12-04T03:00"), EAST) == (at,)
    # Opened with the first, because the next local time of somebody else is due at the same instant.
    assert everywhere.opening(datetime.fromisoformat("2026-12-03T04:00")) == Opening(
        at, datetime.fromisoformat("2026-12-03T04:00"), EAST
    )


@pytest.mark.parametrize(("zone", "hours"), [("Pacific/Apia", None), ("Pacific/Pago_Pago", 20)])
def test_a_missing_date_is_missing_there_only(zone: str, hours: int | None) -> None:
    """Apia had no 30 December 2011; everybody else did."""
    stored = {"kind": "once", "at": "2011-12-30T09:00:00", "timezone": "recipient"}
    due = Everywhere(stored, [zone]).due(datetime.fromisoformat("2011-12-30T09:00"), zone)
    assert due == (() if hours is None else (datetime(2011, 12, 30, hours, tzinfo=UTC),))


def test_a_zone_that_is_gone_counts_as_utc() -> None:
    """A name that the zone data no longer know holds nobody up."""
    assert Everywhere(cron("0 9 * * *"), ["Atlantis/Nowhere"]).due(NINE, "Atlantis/Nowhere") == (
        NINE.replace(tzinfo=UTC),
    )
    assert on_clock(NOW, "Atlantis/Nowhere") == NOW
