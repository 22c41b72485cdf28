"""What becomes of what fell due while nobody was looking."""

from datetime import timedelta
from typing import Any

import pytest

from core.clock import iso
from schedules.catch_up import CatchUp, Firing, firing
from tests.schedules.times import schedule, utc

DAILY = {"kind": "cron", "expression": "0 9 * * *"}
HOURLY = {"kind": "interval", "every": "PT1H", "starts_at": "2026-11-01T00:00Z"}
MINUTELY = {"kind": "cron", "expression": "* * * * *"}


def decide(
    spec: dict[str, Any], due: str, now: str, *, catch_up: CatchUp = "latest", lateness: timedelta | None = None
) -> Firing:
    """Decide about a reminder that has existed since the start of 2020."""
    asked = schedule(now="2020-01-01T00:00:00Z", zone="UTC", **spec)
    return firing(asked, utc(due), utc(now), catch_up=catch_up, max_lateness=lateness)


def told(found: Firing) -> tuple[list[str], list[str], str | None, int]:
    """Write a decision down in short."""
    coming = found.next_run_at
    expired = [f"{iso(at)[8:16]} {reason}" for at, reason in found.expired]
    return [iso(at)[8:16] for at in found.fires], expired, iso(coming)[8:16] if coming else None, found.missed


def test_on_time() -> None:
    """The usual case: one fires, nothing was missed, the next is later than now."""
    found = decide(DAILY, "2026-11-20T09:00Z", "2026-11-20T09:00:00.4Z")
    assert told(found) == (["20T09:00"], [], "21T09:00", 0)


def test_latest_sends_one_message_for_all() -> None:
    """Three earlier ones are coalesced into the latest, and counted."""
    found = decide(HOURLY, "2026-11-20T09:00Z", "2026-11-20T12:10Z")
    expired = ["20T09:00 coalesced", "20T10:00 coalesced", "20T11:00 coalesced"]
    assert told(found) == (["20T12:00"], expired, "20T13:00", 3)


def test_a_recurring_one_is_dropped_after_half_its_interval() -> None:
    """Nearer to the next than to the last, the last is of no use any more."""
    assert told(decide(HOURLY, "2026-11-20T09:00Z", "2026-11-20T09:30Z"))[0] == ["20T09:00"]
    found = decide(HOURLY, "2026-11-20T08:00Z", "2026-11-20T09:30:01Z")
    assert told(found) == ([], ["20T08:00 too_late", "20T09:00 too_late"], "20T10:00", 2)


def test_a_recurring_one_is_dropped_after_a_day() -> None:
    """Also where half the interval would be months."""
    yearly = {"kind": "cron", "expression": "0 9 1 11 *"}
    assert decide(yearly, "2026-11-01T09:00Z", "2026-11-02T09:00Z").fire == utc("2026-11-01T09:00Z")
    assert decide(yearly, "2026-11-01T09:00Z", "2026-11-02T09:00:01Z").fire is None


def test_the_last_of_a_series_is_dropped_after_a_day() -> None:
    """Where nothing follows there is no interval to halve."""
    last = {**HOURLY, "ends_at": "2026-11-20T09:00Z"}
    assert decide(last, "2026-11-20T09:00Z", "2026-11-20T20:00Z").fire == utc("2026-11-20T09:00Z")
    assert told(decide(last, "2026-11-20T09:00Z", "2026-11-22T20:00Z")) == ([], ["20T09:00 too_late"], None, 1)


def test_a_once_is_delivered_however_late() -> None:
    """Unless its owner set a limit."""
    once = {"kind": "once", "at": "2026-11-20T09:00Z"}
    assert told(decide(once, "2026-11-20T09:00Z", "2027-11-20T09:00Z")) == (["20T09:00"], [], None, 0)
    late = decide(once, "2026-11-20T09:00Z", "2026-11-20T11:00Z", lateness=timedelta(hours=1))
    assert told(late) == ([], ["20T09:00 too_late"], None, 1)


def test_max_lateness_is_the_owners_choice() -> None:
    """It replaces the default in both directions, and zero means on time or not at all."""
    long = decide(HOURLY, "2026-11-20T09:00Z", "2026-11-20T09:59Z", lateness=timedelta(hours=2))
    short = decide(HOURLY, "2026-11-20T09:00Z", "2026-11-20T09:00:01Z", lateness=timedelta(0))
    assert (told(long)[0], told(short)[0]) == (["20T09:00"], [])


def test_all_sends_at_most_ten() -> None:
    """The ten latest fire in order, older ones are coalesced."""
    found = decide(HOURLY, "2026-11-20T00:00Z", "2026-11-20T12:10Z", catch_up="all")
    assert [at.hour for at in found.fires] == list(range(3, 13))
    assert [(at.hour, reason) for at, reason in found.expired] == [(hour, "coalesced") for hour in range(3)]


def test_all_leaves_out_what_is_a_day_old() -> None:
    """What comes later than its limit is not sent with the others."""
    found = decide(DAILY, "2026-11-18T09:00Z", "2026-11-20T08:59Z", catch_up="all")
    assert told(found) == (["19T09:00"], ["18T09:00 too_late"], "20T09:00", 1)


def test_skip_fires_only_on_time() -> None:
    """A minute is on time; what is later is written down as missed, and so is everything before."""
    assert told(decide(HOURLY, "2026-11-20T09:00Z", "2026-11-20T09:01Z", catch_up="skip"))[0] == ["20T09:00"]
    found = decide(HOURLY, "2026-11-20T08:00Z", "2026-11-20T09:01:01Z", catch_up="skip")
    assert told(found) == ([], ["20T08:00 too_late", "20T09:00 too_late"], "20T10:00", 2)


def test_skip_coalesces_nothing() -> None:
    """What came before the one that is on time was not folded into it, but left out for being late."""
    found = decide(HOURLY, "2026-11-20T08:00Z", "2026-11-20T09:00:30Z", catch_up="skip")
    assert told(found) == (["20T09:00"], ["20T08:00 too_late"], "20T10:00", 1)


def test_a_moved_instant_counts_as_an_occurrence() -> None:
    """What was put off to an instant of its own fires then, and the rule goes on."""
    found = decide(DAILY, "2026-11-20T09:07Z", "2026-11-20T09:07Z")
    assert told(found) == (["20T09:07"], [], "21T09:00", 0)


@pytest.mark.timeout(10)
def test_years_of_absence_are_not_walked_through() -> None:
    """The list ends at five thousand, the rest is counted, and the latest is still the latest."""
    found = decide(MINUTELY, "2021-01-01T00:00Z", "2026-11-20T09:00:10Z", catch_up="all")
    assert [at.minute for at in found.fires] == [51, 52, 53, 54, 55, 56, 57, 58, 59, 0]
    assert len(found.expired) == 5_000
    minutes = (utc("2026-11-20T09:00Z") - utc("2021-01-01T00:00Z")) // timedelta(minutes=1)
    assert found.missed == minutes + 1 - 10
