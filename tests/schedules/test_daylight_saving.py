"""What daylight saving does to cron, zone by zone; every line was worked out on paper from the zone's own rules."""

import pytest

from tests.schedules.times import clocks, schedule, utc

# Zone, expression, the instant after which to look, and what the wall clock shows.
FIXED = [
    (
        "Europe/Berlin",
        "30 2 * * *",
        "2026-03-28T00:00Z",
        ["03-28 02:30+0100", "03-29 03:00+0200 dst_gap", "03-30 02:30+0200"],
    ),
    (
        "Europe/Berlin",
        "30 2 * * *",
        "2026-10-24T00:00Z",
        ["10-24 02:30+0200", "10-25 02:30+0200 dst_fold", "10-26 02:30+0100"],
    ),
    ("Europe/Berlin", "0 9 * * *", "2026-03-28T00:00Z", ["03-28 09:00+0100", "03-29 09:00+0200"]),
    ("Europe/Berlin", "0,30 2,3 * * *", "2026-03-29T00:00Z", ["03-29 03:00+0200 dst_gap", "03-29 03:30+0200"]),
    ("America/New_York", "30 2 * * *", "2026-03-07T12:00Z", ["03-08 03:00-0400 dst_gap", "03-09 02:30-0400"]),
    ("America/New_York", "30 1 * * *", "2026-10-31T12:00Z", ["11-01 01:30-0400 dst_fold", "11-02 01:30-0500"]),
    ("Australia/Lord_Howe", "15 2 * * *", "2026-10-03T00:00Z", ["10-04 02:30+1100 dst_gap", "10-05 02:15+1100"]),
    ("Australia/Lord_Howe", "45 1 * * *", "2026-04-04T00:00Z", ["04-05 01:45+1100 dst_fold", "04-06 01:45+1030"]),
    ("Asia/Kathmandu", "0 9 * * *", "2026-03-29T00:00Z", ["03-29 09:00+0545", "03-30 09:00+0545"]),
    ("Africa/Casablanca", "30 2 * * *", "2026-02-14T12:00Z", ["02-15 02:30+0100 dst_fold", "02-16 02:30+0000"]),
    ("Africa/Casablanca", "30 2 * * *", "2026-03-21T12:00Z", ["03-22 03:00+0100 dst_gap", "03-23 02:30+0100"]),
    ("Africa/Cairo", "0 0 * * *", "2026-04-23T12:00Z", ["04-24 01:00+0300 dst_gap", "04-25 00:00+0300"]),
    ("Asia/Beirut", "30 0 * * *", "2026-03-28T12:00Z", ["03-29 01:00+0300 dst_gap", "03-30 00:30+0300"]),
    ("America/Sao_Paulo", "0 0 * * *", "2018-11-03T12:00Z", ["11-04 01:00-0200 dst_gap", "11-05 00:00-0200"]),
    ("America/Havana", "0 0 * * *", "2026-03-07T12:00Z", ["03-08 01:00-0400 dst_gap", "03-09 00:00-0400"]),
    ("America/Havana", "30 0 * * *", "2024-11-02T12:00Z", ["11-03 00:30-0400 dst_fold", "11-04 00:30-0500"]),
    ("Pacific/Apia", "0 9 * * *", "2011-12-29T00:00Z", ["12-29 09:00-1000", "12-31 09:00+1400", "01-01 09:00+1400"]),
    ("Pacific/Apia", "0 9 30 12 *", "2011-01-01T00:00Z", ["12-30 09:00+1400"]),
]

RUNNING = [
    (
        "Europe/Berlin",
        "*/30 * * * *",
        "2026-03-29T00:00Z",
        ["03-29 01:30+0100", "03-29 03:00+0200", "03-29 03:30+0200"],
    ),
    ("Europe/Berlin", "*/30 2 * * *", "2026-03-28T12:00Z", ["03-30 02:00+0200", "03-30 02:30+0200"]),
    (
        "Europe/Berlin",
        "30 * * * *",
        "2026-10-25T00:00Z",
        ["10-25 02:30+0200 dst_fold", "10-25 02:30+0100 dst_fold", "10-25 03:30+0100"],
    ),
    (
        "Europe/Berlin",
        "*/45 * * * *",
        "2026-10-25T00:00Z",
        ["10-25 02:45+0200 dst_fold", "10-25 02:00+0100 dst_fold", "10-25 02:45+0100 dst_fold", "10-25 03:00+0100"],
    ),
    (
        "Australia/Lord_Howe",
        "*/20 * * * *",
        "2026-04-04T14:30Z",
        ["04-05 01:40+1100 dst_fold", "04-05 01:40+1030 dst_fold", "04-05 02:00+1030"],
    ),
    ("Pacific/Apia", "0 */12 * * *", "2011-12-29T12:00Z", ["12-29 12:00-1000", "12-31 00:00+1400"]),
]


@pytest.mark.parametrize(("zone", "expression", "after", "expected"), [*FIXED, *RUNNING])
def test_cron_across_a_change_of_offset(zone: str, expression: str, after: str, expected: list[str]) -> None:
    """Fixed times are never dropped and never doubled; a `*` in minute or hour follows the running clock."""
    asked = schedule(kind="cron", expression=expression, timezone=zone, now=after)
    assert clocks(asked.upcoming(utc(after), len(expected))) == expected


POLICIES = [
    ({"dst_gap": "skip"}, "2026-03-28T12:00Z", ["03-30 02:30+0200"]),
    ({"dst_gap": "next_valid"}, "2026-03-28T12:00Z", ["03-29 03:00+0200 dst_gap"]),
    ({"dst_fold": "first"}, "2026-10-24T12:00Z", ["10-25 02:30+0200 dst_fold", "10-26 02:30+0100"]),
    ({"dst_fold": "second"}, "2026-10-24T12:00Z", ["10-25 02:30+0100 dst_fold", "10-26 02:30+0100"]),
    ({"dst_fold": "second"}, "2026-10-25T00:45Z", ["10-25 02:30+0100 dst_fold"]),
    ({"dst_fold": "first"}, "2026-10-25T01:15Z", ["10-26 02:30+0100"]),
    ({"dst_fold": "both"}, "2026-10-24T12:00Z", ["10-25 02:30+0200 dst_fold", "10-25 02:30+0100 dst_fold"]),
]


@pytest.mark.parametrize(("policy", "after", "expected"), POLICIES)
def test_policy_is_the_schedules_choice(policy: dict[str, str], after: str, expected: list[str]) -> None:
    """Each schedule may say what becomes of a missing and of a doubled local time."""
    asked = schedule(kind="cron", expression="30 2 * * *", timezone="Europe/Berlin", now="2026-01-01T00:00Z", **policy)
    assert clocks(asked.upcoming(utc(after), len(expected))) == expected


@pytest.mark.parametrize(
    ("at", "policy", "expected"),
    [
        ("2027-03-28T02:30:00", {}, ["03-28 03:00+0200 dst_gap"]),
        ("2027-10-31T02:30:00", {}, ["10-31 02:30+0200 dst_fold"]),
        ("2027-10-31T02:30:00", {"dst_fold": "second"}, ["10-31 02:30+0100 dst_fold"]),
        ("2027-10-31T02:30:00", {"dst_fold": "both"}, ["10-31 02:30+0200 dst_fold", "10-31 02:30+0100 dst_fold"]),
        ("2027-03-28T01:30:00Z", {}, ["03-28 03:30+0200"]),
    ],
)
def test_once_across_a_change_of_offset(at: str, policy: dict[str, str], expected: list[str]) -> None:
    """A local `once` obeys the same policies; an aware one needs none."""
    asked = schedule(kind="once", at=at, timezone="Europe/Berlin", **policy)
    assert clocks(asked.upcoming(utc("2027-01-01T00:00Z"), 3)) == expected


def test_an_interval_knows_no_daylight_saving() -> None:
    """A day of elapsed time is 24 hours, so that the wall clock moves by one hour."""
    asked = schedule(kind="interval", every="P1D", starts_at="2026-03-28T09:00", timezone="Europe/Berlin")
    found = asked.upcoming(utc("2026-03-28T00:00Z"), 2)
    assert clocks(found) == ["03-28 09:00+0100", "03-29 10:00+0200"]
