"""What a claim does on everybody's own clock: each zone catches up as if it were the only one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schedules.everywhere import Everywhere
from schedules.local_firing import LocalFiring, firing

EAST, WEST = "Pacific/Kiritimati", "Pacific/Honolulu"
NINE = datetime.fromisoformat("2026-12-01T09:00")
FIRST = datetime(2026, 11, 30, 19, tzinfo=UTC)
DAY = timedelta(days=1)


def fire(
    now: datetime, *zones: str, expression: str = "0 9 * * *", local: datetime = NINE, **values: Any
) -> LocalFiring:
    """Decide about a schedule from nine o'clock on the first of December on."""
    stored = {"kind": "cron", "expression": expression, "timezone": "recipient", "starts_at": "2026-12-01T00:00:00"}
    given = {"catch_up": "latest", "max_lateness": None} | values
    return firing(Everywhere(stored, zones), local, now, **given)


def seen(decided: LocalFiring) -> dict[tuple[int, str], tuple[str, str | None]]:
    """Return state and reason by day of the month and zone."""
    return {(local.day, p.zone): (p.status, p.reason) for local, places in decided.fires for p in places}


def test_on_time_everybody_waits_for_it() -> None:
    """One occurrence, a place for each zone, and the next one a day later."""
    decided = fire(FIRST, EAST, WEST)
    assert seen(decided) == {(1, EAST): ("pending", None), (1, WEST): ("pending", None)}
    assert decided.coming
    assert (decided.coming.at, decided.coming.local, decided.coming.zone) == (FIRST + DAY, NINE + DAY, EAST)


def test_too_early_nothing_is_opened() -> None:
    """If the first zone has left meanwhile, only the instant is set right."""
    decided = fire(FIRST, "Europe/Berlin")
    assert (decided.fires, decided.expired) == ([], [])
    assert decided.coming
    assert decided.coming.at == datetime(2026, 12, 1, 8, tzinfo=UTC)


def test_too_late_for_the_first_is_not_too_late_for_the_last() -> None:
    """After thirteen hours the first zone has missed it; the last, half a day on, has it at its hour."""
    decided = fire(FIRST + timedelta(hours=13), EAST, WEST)
    assert seen(decided) == {(1, EAST): ("expired", "too_late"), (1, WEST): ("pending", None)}
    assert decided.expired == []


def test_two_days_off_are_caught_up_in_each_zone() -> None:
    """Each zone gets its latest one, at its own date; what none gets has expired as a whole."""
    decided = fire(FIRST + 3 * DAY, EAST, WEST)
    assert [(local.day, reason) for local, _, reason in decided.expired] == [(1, "coalesced"), (2, "coalesced")]
    assert seen(decided) == {
        (3, EAST): ("expired", "coalesced"), (3, WEST): ("pending", None),
        (4, EAST): ("pending", None), (4, WEST): ("pending", None),
    }  # fmt: skip


@pytest.mark.parametrize(("catch_up", "status"), [("skip", "expired"), ("all", "pending"), ("latest", "pending")])
def test_catch_up_is_as_asked(catch_up: str, status: str) -> None:
    """What is two minutes late is left out with `skip` only."""
    decided = fire(FIRST + timedelta(minutes=2), EAST, WEST, catch_up=catch_up)
    assert seen(decided)[1, EAST][0] == status
    assert seen(decided)[1, WEST] == ("pending", None)


def test_of_what_is_behind_all_the_last_ten_may_come() -> None:
    """With `all`, ten at the most, as everywhere."""
    decided = fire(FIRST + 12 * DAY, EAST, catch_up="all", max_lateness=timedelta(days=30))
    assert (len(decided.fires), len(decided.expired)) == (10, 3)


def test_a_very_long_time_is_worked_off_in_portions() -> None:
    """Minutely for a week: the oldest are written off, nothing fires yet, and the next claim goes on from there."""
    minutely = f"{','.join(map(str, range(60)))} {','.join(map(str, range(24)))} * * *"
    decided = fire(FIRST + 7 * DAY, EAST, WEST, expression=minutely)
    assert (decided.fires, len(decided.expired)) == ([], 3_000)
    assert decided.coming
    assert decided.coming.local == NINE + timedelta(minutes=3_000)
    assert {reason for _, _, reason in decided.expired} == {"coalesced"}


def test_a_gap_is_told_of_and_opens_for_the_others() -> None:
    """Who has no such time, or had it at the same instant already, is shown with the reason."""
    march = datetime.fromisoformat("2027-03-28T02:00")
    at = datetime(2027, 3, 28, 1, tzinfo=UTC)
    decided = fire(at + DAY, "Europe/Berlin", "Africa/Lagos", expression="0,30 2 * * *", local=march, catch_up="all")
    reasons = {
        (local.day, local.minute, p.zone): p.reason for local, places in decided.fires for p in places if p.reason
    }
    assert reasons == {(28, 30, "Europe/Berlin"): "no_such_local_time"}
