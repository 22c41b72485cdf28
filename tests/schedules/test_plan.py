"""Saving and loading schedules."""

import json
from datetime import date, timedelta

from schedules import plan
from tests.schedules.times import instants, saved, schedule, utc


def test_a_saved_schedule_is_complete_and_plain() -> None:
    """Zone and start are filled in, so that it means the same whenever it is read, and JSON keeps it."""
    stored = saved(kind="cron", expression="0  9 * * mon-fri", now="2026-11-22T12:00:00.4Z")
    assert stored == {
        "kind": "cron",
        "timezone": "Europe/Berlin",
        "expression": "0 9 * * mon-fri",
        "starts_at": "2026-11-22T12:00:01Z",
    }
    assert json.loads(json.dumps(stored)) == stored


def test_what_is_shown_can_be_saved_again() -> None:
    """A client may send back what it has read, and nothing moves."""
    stored = saved(kind="interval", every=5400, count=3)
    assert saved(**plan.public(stored), now="2026-11-22T12:30:00Z") == stored
    assert "last_at" not in plan.public(stored)


def test_the_same_stored_form_is_loaded_once() -> None:
    """The order of keys is the database's affair."""
    stored = saved(kind="interval", every="PT1H")
    assert plan.load(stored) is plan.load(dict(reversed(stored.items())))


def test_few_long_ones_are_kept() -> None:
    """Each of those that hold a thousand dates takes as much memory as eighty others."""
    dates = [(date(2027, 1, 1) + timedelta(days=ahead)).isoformat() for ahead in range(0, 3000, 3)]
    stored = saved(kind="cron", expression="0 9 * * *") | {"holidays": "calendar:x", "holiday_dates": dates}
    first = plan.load(stored)
    assert plan.load(stored) is first
    for minute in range(520):
        plan.load(stored | {"expression": f"{minute % 60} {minute // 60} * * *"})
    assert plan.load(stored) is not first


def test_count_is_resolved_into_a_last_instant() -> None:
    """A plan may be computed from any point, because nothing needs to be counted any more."""
    asked = schedule(kind="cron", expression="0 9 * * *", timezone="UTC", count=2)
    assert instants(asked.upcoming(utc("2026-11-22T12:00Z"), 5)) == ["2026-11-23T09:00:00Z", "2026-11-24T09:00:00Z"]
    assert asked.next(utc("2026-11-24T09:00Z")) is None


def test_count_counts_from_the_start_and_not_from_now() -> None:
    """Three from the 21st leave one on the 23rd, when it is the 22nd."""
    asked = schedule(kind="cron", expression="0 9 * * *", timezone="UTC", count=3, starts_at="2026-11-21T00:00Z")
    assert instants(asked.upcoming(utc("2026-11-22T12:00Z"), 5)) == ["2026-11-23T09:00:00Z"]


def test_the_start_is_an_occurrence_only_if_the_rule_matches_it() -> None:
    """A cron anchored at an odd time begins with its own first match; an anchor that matches counts."""
    odd = schedule(kind="cron", expression="0 9 * * *", timezone="UTC", starts_at="2026-12-01T10:00Z")
    even = schedule(kind="cron", expression="0 9 * * *", timezone="UTC", starts_at="2026-12-01T09:00Z")
    found = [asked.upcoming(utc("2026-11-22T12:00Z"), 1) for asked in (odd, even)]
    assert [instants(one) for one in found] == [["2026-12-02T09:00:00Z"], ["2026-12-01T09:00:00Z"]]


def test_the_end_is_inclusive() -> None:
    """An occurrence exactly at the end still happens."""
    asked = schedule(kind="interval", every="PT1H", starts_at="2026-12-01T09:00Z", ends_at="2026-12-01T10:00:00.9Z")
    found = asked.upcoming(utc("2026-11-22T12:00Z"), 5)
    assert instants(found) == ["2026-12-01T09:00:00Z", "2026-12-01T10:00:00Z"]


def test_an_end_that_the_clock_shows_twice_means_its_second_pass() -> None:
    """Inclusive holds in the hour that is repeated, too."""
    asked = schedule(
        kind="cron",
        expression="*/30 * * * *",
        timezone="Europe/Berlin",
        ends_at="2026-10-25T02:30",
        now="2026-10-25T00:20Z",
    )
    assert len(asked.upcoming(utc("2026-10-25T00:20Z"), 9)) == 3


def test_an_interval_without_a_start_begins_one_interval_from_now() -> None:
    """Nobody who asks for every 90 minutes wants the first one at once, also when it is the only one."""
    asked = schedule(kind="interval", every="PT90M", count=1, now="2026-11-22T12:00:00.3Z")
    assert instants(asked.upcoming(utc("2026-11-22T12:00:00.3Z"), 5)) == ["2026-11-22T13:30:01Z"]


def test_nothing_on_the_instant_of_creation() -> None:
    """A rule created at nine o'clock sharp begins tomorrow, also when it counts."""
    asked = schedule(kind="cron", expression="0 9 * * *", timezone="UTC", count=1, now="2026-11-22T09:00:00Z")
    first = asked.first(utc("2026-11-22T09:00:00Z"))
    assert first is not None
    assert instants([first]) == ["2026-11-23T09:00:00Z"]


def test_a_once_is_due_although_it_has_just_passed() -> None:
    """`first` gives the instant with which a reminder is created, up to a minute late; `next` is strict."""
    asked = schedule(kind="once", at="2026-11-22T11:59:30Z")
    now = utc("2026-11-22T12:00:00Z")
    first = asked.first(now)
    assert first is not None
    assert instants([first]) == ["2026-11-22T11:59:30Z"]
    assert asked.next(now) is None


def test_instants_are_whole_seconds_rounded_up() -> None:
    """Alarms are set by the second, and nothing may come early."""
    asked = schedule(kind="once", at="2026-12-01T09:00:00.000001+01:00")
    assert instants(asked.upcoming(utc("2026-11-22T12:00Z"), 1)) == ["2026-12-01T08:00:01Z"]


def test_the_last_occurrence_before_an_instant_is_found_without_walking() -> None:
    """Bisection gives what walking would, also where occurrences come in bursts."""
    asked = schedule(kind="cron", expression="*/7 3 1,2 * *", timezone="UTC", now="2020-01-01T00:00Z")
    start = utc("2020-01-01T00:00Z")
    walked = asked.upcoming(start, 900)
    for index in (0, 1, 8, 9, 440, 899):
        assert asked.latest(start, walked[index].at) == walked[index]
    assert asked.latest(walked[3].at, walked[3].at) is None


def test_a_tally_counts_without_walking() -> None:
    """Ten years of minutes are counted by the calendar."""
    start, end = utc("2020-01-01T00:00Z"), utc("2029-12-31T23:59Z")
    minutely = {"kind": "interval", "every": 60, "starts_at": "2020-01-01T00:00Z"}
    for spec in ({"kind": "cron", "expression": "* * * * *"}, minutely):
        asked = schedule(timezone="UTC", now="2020-01-01T00:00:00Z", **spec)
        assert asked.tally(start, end) == (end - start).total_seconds() // 60
    weekly = schedule(kind="cron", expression="5 4 * * 1", timezone="UTC", now="2020-01-01T00:00Z")
    assert weekly.tally(start, utc("2020-03-01T00:00Z")) == len(weekly.upcoming(start, 8)) == 8


def test_rules_that_end_with_the_calendar() -> None:
    """After the year 2200 there is nothing, and no overflow."""
    asked = schedule(kind="interval", every="P36525D", starts_at="2026-12-01T00:00Z", count=10)
    assert len(asked.upcoming(utc("2026-11-22T12:00Z"), 5)) == 2
    assert asked.next(utc("9999-12-31T23:59:59Z")) is None
