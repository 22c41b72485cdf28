"""What daylight saving does to recurrence rules, zone by zone; worked out on paper from the zones' own rules."""

import pytest

from tests.schedules.times import clocks, schedule, utc

# Zone, time of day of a daily rule, the instant after which to look, and what the wall clock shows.
DAILY = [
    ("Europe/Berlin", "02:30", "2026-03-28T12:00Z", ["03-29 03:00+0200 dst_gap", "03-30 02:30+0200"]),
    ("Europe/Berlin", "02:30", "2026-10-24T12:00Z", ["10-25 02:30+0200 dst_fold", "10-26 02:30+0100"]),
    ("America/New_York", "02:30", "2026-03-07T12:00Z", ["03-08 03:00-0400 dst_gap", "03-09 02:30-0400"]),
    ("America/New_York", "09:00", "2026-10-31T12:00Z", ["10-31 09:00-0400", "11-01 09:00-0500"]),
    ("Australia/Lord_Howe", "02:15", "2026-10-03T00:00Z", ["10-04 02:30+1100 dst_gap", "10-05 02:15+1100"]),
    ("Australia/Lord_Howe", "01:45", "2026-04-04T00:00Z", ["04-05 01:45+1100 dst_fold", "04-06 01:45+1030"]),
    ("Asia/Kathmandu", "09:00", "2026-03-29T00:00Z", ["03-29 09:00+0545", "03-30 09:00+0545"]),
    ("Africa/Casablanca", "02:30", "2026-02-14T12:00Z", ["02-15 02:30+0100 dst_fold", "02-16 02:30+0000"]),
    ("Africa/Cairo", "00:00", "2026-04-23T12:00Z", ["04-24 01:00+0300 dst_gap", "04-25 00:00+0300"]),
    ("Asia/Beirut", "00:30", "2026-03-28T12:00Z", ["03-29 01:00+0300 dst_gap", "03-30 00:30+0300"]),
    ("America/Sao_Paulo", "00:00", "2018-11-03T12:00Z", ["11-04 01:00-0200 dst_gap", "11-05 00:00-0200"]),
    ("America/Havana", "00:30", "2024-11-02T12:00Z", ["11-03 00:30-0400 dst_fold", "11-04 00:30-0500"]),
    ("Pacific/Apia", "09:00", "2011-12-29T12:00Z", ["12-29 09:00-1000", "12-31 09:00+1400"]),
]
# Zone, rule, its first instant, and what the wall clock shows after it.
ELAPSED = [
    (
        "Europe/Berlin",
        "FREQ=HOURLY",
        "2026-10-24T23:30:00Z",
        ["10-25 02:30+0200 dst_fold", "10-25 02:30+0100 dst_fold", "10-25 03:30+0100"],
    ),
    ("Europe/Berlin", "FREQ=HOURLY", "2026-03-29T00:30:00Z", ["03-29 03:30+0200", "03-29 04:30+0200"]),
    ("Europe/Berlin", "FREQ=HOURLY;INTERVAL=24", "2026-03-28T08:00:00Z", ["03-29 10:00+0200", "03-30 10:00+0200"]),
    ("Europe/Berlin", "FREQ=MINUTELY;BYHOUR=2;INTERVAL=30", "2026-03-28T01:30:00Z", ["03-30 02:00+0200"]),
    (
        "Europe/Berlin",
        "FREQ=MINUTELY;BYHOUR=2;INTERVAL=30",
        "2026-10-25T00:00:00Z",
        ["10-25 02:30+0200 dst_fold", "10-25 02:00+0100 dst_fold", "10-25 02:30+0100 dst_fold", "10-26 02:00+0100"],
    ),
    (
        "Australia/Lord_Howe",
        "FREQ=HOURLY",
        "2026-04-04T14:15:00Z",
        ["04-05 01:45+1030 dst_fold", "04-05 02:45+1030"],
    ),
    (
        "Australia/Lord_Howe",
        "FREQ=HOURLY;BYMINUTE=15",
        "2026-04-04T13:15:00Z",
        ["04-05 01:15+1100", "04-05 02:15+1030", "04-05 03:15+1030"],
    ),
]


@pytest.mark.parametrize(("zone", "time", "after", "expected"), DAILY)
def test_days_keep_their_local_time(zone: str, time: str, after: str, expected: list[str]) -> None:
    """A gap moves to its end, a fold fires once, a missing date is skipped, everything else stays where it is."""
    spec = {"rrule": "FREQ=DAILY", "starts_at": f"2011-01-01T{time}", "timezone": zone}
    found = schedule(kind="rrule", **spec, now=after).upcoming(utc(after), len(expected))
    assert clocks(found) == expected


@pytest.mark.parametrize(("zone", "rule", "start", "expected"), ELAPSED)
def test_hours_and_minutes_follow_elapsed_time(zone: str, rule: str, start: str, expected: list[str]) -> None:
    """No silence in the repeated hour, no double, and what a rule lists is read off the running clock."""
    asked = schedule(kind="rrule", rrule=rule, starts_at=start, timezone=zone, now=start)
    assert clocks(asked.upcoming(utc(start), len(expected))) == expected


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ({"dst_gap": "skip"}, ["03-30 02:30+0200"]),
        ({"dst_gap": "next_valid"}, ["03-29 03:00+0200 dst_gap"]),
    ],
)
def test_a_gap_can_be_skipped(policy: dict[str, str], expected: list[str]) -> None:
    """By the schedule's own policy."""
    spec = {"rrule": "FREQ=DAILY", "starts_at": "2026-01-01T02:30", "timezone": "Europe/Berlin"}
    asked = schedule(kind="rrule", **spec, **policy, now="2026-03-28T12:00Z")
    assert clocks(asked.upcoming(utc("2026-03-28T12:00Z"), 1)) == expected


@pytest.mark.parametrize(
    ("fold", "offsets"), [("first", ["+0200"]), ("second", ["+0100"]), ("both", ["+0200", "+0100"])]
)
def test_a_fold_can_be_chosen(fold: str, offsets: list[str]) -> None:
    """The first pass, the second, or both."""
    spec = {"rrule": "FREQ=DAILY", "starts_at": "2026-01-01T02:30", "timezone": "Europe/Berlin"}
    asked = schedule(kind="rrule", **spec, dst_fold=fold, now="2026-10-24T12:00Z")
    expected = [f"10-25 02:30{offset} dst_fold" for offset in offsets]
    assert clocks(asked.upcoming(utc("2026-10-24T12:00Z"), 3))[: len(offsets) + 1] == [
        *expected,
        "10-26 02:30+0100",
    ]


def test_a_count_that_ends_in_a_fold_ends_with_its_own_pass() -> None:
    """What would come between the two passes of the last one is not counted in by mistake."""
    spec = {"kind": "rrule", "rrule": "FREQ=DAILY;BYMINUTE=30,45;COUNT=1", "timezone": "Europe/Berlin"}
    asked = schedule(**spec, starts_at="2026-10-25T02:30", now="2026-10-24T12:00Z")
    assert clocks(asked.upcoming(utc("2026-10-24T12:00Z"), 3)) == ["10-25 02:30+0200 dst_fold"]


def test_an_end_on_a_date_that_is_missing_is_an_end() -> None:
    """Apia went from 29 to 31 December 2011; until the 30th means until the 29th."""
    spec = {"kind": "rrule", "rrule": "FREQ=DAILY;UNTIL=20111230", "timezone": "Pacific/Apia"}
    asked = schedule(**spec, starts_at="2011-12-28T09:00", now="2011-12-01T00:00Z")
    assert clocks(asked.upcoming(utc("2011-12-01T00:00Z"), 9)) == ["12-28 09:00-1000", "12-29 09:00-1000"]


def test_a_start_on_a_date_that_is_missing_is_a_start() -> None:
    """What lies before it does not happen; in Apia the 30th is the 31st."""
    spec = {"kind": "rrule", "rrule": "FREQ=DAILY;BYHOUR=9", "timezone": "Pacific/Apia"}
    asked = schedule(**spec, starts_at="2011-12-30T12:00", now="2011-12-01T00:00Z")
    assert clocks(asked.upcoming(utc("2011-12-01T00:00Z"), 1)) == ["12-31 09:00+1400"]
