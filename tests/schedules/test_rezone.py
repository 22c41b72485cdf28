"""What becomes of planned instants when the rules of a zone change."""

from datetime import UTC, datetime
from typing import Any

import pytest

from schedules import plan
from schedules.rezone import carry, last_at, moved
from schedules.zones import zone

BERLIN = zone("Europe/Berlin")
# Rules of before, as if Berlin had kept them: an hour behind, an hour ahead, half an hour off, always summer.
LONDON, HELSINKI, ADELAIDE = zone("Europe/London"), zone("Europe/Helsinki"), zone("Australia/Adelaide")
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def saved(**spec: Any) -> dict[str, Any]:
    """Return a stored schedule in Berlin."""
    return plan.save({"timezone": "Europe/Berlin", **spec}, now=NOW, timezone="UTC")


def at(text: str) -> datetime:
    """Read an instant of November 2026, such as `03T08:00`."""
    return datetime.fromisoformat(f"2026-11-{text}:00+00:00")


def test_a_later_zone_moves_an_occurrence_back() -> None:
    """Nine o'clock was planned by rules an hour behind; by these it comes an hour earlier, on the same day."""
    daily = saved(kind="cron", expression="0 9 * * *")
    assert moved(daily, at("03T09:00"), LONDON) == at("03T08:00")


def test_what_fired_by_the_old_rules_does_not_fire_again() -> None:
    """Fired today at 07:00Z by old rules, 08:00Z by new ones: tomorrow's comes next, not today's a second time."""
    daily = saved(kind="cron", expression="0 9 * * *")
    assert moved(daily, at("04T07:00"), HELSINKI) == at("04T08:00")


def test_the_same_nominal_time_is_meant_among_many() -> None:
    """Where both rules run at an instant, the one of ten o'clock does not become the one of nine."""
    office = saved(kind="cron", expression="0 9-17 * * *")
    assert moved(office, at("03T09:00"), LONDON) == at("03T08:00")
    assert moved(office, at("03T09:00"), LONDON, certain=False) == at("03T09:00")


def test_what_the_new_rules_have_planned_stays() -> None:
    """A process with the new rules was quicker: its instant is right, and is not carried over once more."""
    daily = saved(kind="cron", expression="0 9 * * *")
    assert moved(daily, at("03T08:00"), HELSINKI) == at("03T08:00")
    assert moved(daily, at("03T08:00"), LONDON) == at("03T08:00")


def test_a_second_try_after_a_fault_stays() -> None:
    """A claim that failed looks again minutes later, at an instant that no rule knows; it is not lost by this."""
    daily = saved(kind="cron", expression="0 9 * * *")
    assert moved(daily, at("03T08:05"), LONDON) == at("03T08:05")


def test_one_local_instant_follows_and_an_aware_one_stays() -> None:
    """`16:00` in Berlin is a promise about clocks, `15:00Z` is one about the instant."""
    local = saved(kind="once", at="2026-11-27T16:00:00")
    aware = saved(kind="once", at="2026-11-27T15:00:00Z")
    assert moved(local, at("27T16:00"), LONDON) == at("27T15:00")
    assert moved(aware, at("27T15:00"), LONDON) == at("27T15:00")


def test_elapsed_time_moves_with_a_local_anchor_only() -> None:
    """Every 24 hours from nine o'clock in Berlin moves with its anchor; from an instant it does not."""
    local = saved(kind="interval", every="P1D", starts_at="2026-11-03T09:00:00")
    aware = saved(kind="interval", every="P1D", starts_at="2026-11-03T08:00:00Z")
    assert moved(local, at("05T09:00"), LONDON, settled=at("04T09:00")) == at("05T08:00")
    assert moved(aware, at("05T08:00"), LONDON, settled=at("04T08:00")) == at("05T08:00")


def test_the_running_clock_never_goes_back() -> None:
    """Every quarter of an hour is the same in zones an hour apart, and nothing that has fired comes again."""
    quarters = saved(kind="cron", expression="*/15 * * * *")
    assert moved(quarters, at("03T09:00"), LONDON, settled=at("03T08:45")) == at("03T09:00")
    morning = saved(kind="cron", expression="*/15 9 * * *")
    assert moved(morning, at("03T09:00"), LONDON, settled=at("02T09:45")) == at("03T08:00")


def test_a_time_that_the_new_rules_leave_out() -> None:
    """It comes at the end of the gap, or not at all where the schedule says so; with the next day's in its place."""
    spec = {"kind": "cron", "expression": "30 2 * * *"}
    planned = datetime(2027, 3, 28, 2, 30, tzinfo=UTC)
    utc = zone("UTC")
    assert moved(saved(**spec), planned, utc) == datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert moved(saved(**spec, dst_gap="skip"), planned, utc) == datetime(2027, 3, 29, 0, 30, tzinfo=UTC)
    once = saved(kind="once", at="2027-03-28T02:30:00", dst_gap="next_valid")
    assert moved(once, planned, utc) == datetime(2027, 3, 28, 1, tzinfo=UTC)


def test_a_time_that_the_old_rules_had_moved_out_of_a_gap() -> None:
    """Where the gap is gone, it gets its own local time back."""
    daily = plan.save({"kind": "cron", "expression": "30 2 * * *", "timezone": "Etc/GMT-1"}, now=NOW, timezone="UTC")
    planned = datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert moved(daily, planned, BERLIN) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("old", [LONDON, HELSINKI, ADELAIDE, zone("Pacific/Apia"), zone("America/New_York")])
def test_carrying_keeps_what_clocks_show(old: Any) -> None:
    """Hour by hour through a year: the wall shows the same, or the new rules have no such time."""
    for hour in range(0, 366 * 24, 5):
        planned = datetime.fromtimestamp(1_790_000_000 // 3600 * 3600 + hour * 3600, UTC)
        shown = planned.astimezone(old).replace(tzinfo=None, fold=0)
        got = carry(planned, old, BERLIN)
        wall = got.astimezone(BERLIN).replace(tzinfo=None, fold=0)
        assert wall == shown or (wall > shown and (wall - shown).total_seconds() <= 3600)


def test_the_last_instant_of_a_count_is_worked_out_anew() -> None:
    """What counts elapsed time keeps its end as an instant, which follows its anchor."""
    thrice = saved(kind="interval", every="P1D", starts_at="2026-11-03T09:00:00", count=3)
    stale = {**thrice, "last_at": "2026-11-05T09:00:00Z"}
    assert last_at(stale) == "2026-11-05T08:00:00Z"
    assert last_at(saved(kind="cron", expression="0 9 * * *")) is None
