"""What a schedule will do, shown before it is saved."""

from schedules.preview import preview
from tests.schedules.times import utc

NOW = utc("2026-11-22T12:00:00Z")
CRON = {"kind": "cron", "expression": "30 2 * * *", "timezone": "Europe/Berlin"}


def test_it_shows_instant_clock_zone_and_flags() -> None:
    """Exactly what the contract promises."""
    shown = preview(CRON, now=NOW, after=utc("2027-03-28T00:00Z"), count=1, timezone="UTC")
    occurrence = {"at": "2027-03-28T01:00:00Z", "local": "2027-03-28T03:00:00+02:00", "timezone": "Europe/Berlin"}
    assert shown == {
        "description": "Every day at 02:30 (Europe/Berlin)",
        "occurrences": [{**occurrence, "flags": ["dst_gap"]}],
    }


def test_it_looks_back_where_it_is_asked_to() -> None:
    """A start that is left out does not hide what lies in the past."""
    shown = preview(CRON, now=NOW, after=utc("2011-12-29T00:00Z"), count=2, timezone="UTC")
    assert [occurrence["at"] for occurrence in shown["occurrences"]] == ["2011-12-29T01:30:00Z", "2011-12-30T01:30:00Z"]


def test_a_later_question_does_not_move_an_interval() -> None:
    """An interval without a start is counted from now, however far ahead one looks."""
    spec = {"kind": "interval", "every": "PT7H"}
    shown = preview(spec, now=NOW, after=utc("2026-11-23T00:00Z"), count=1, timezone="UTC")
    assert shown["occurrences"][0]["at"] == "2026-11-23T02:00:00Z"


def test_a_passed_once_shows_nothing() -> None:
    """Occurrences are strictly later; refusing it is the affair of saving."""
    spec = {"kind": "once", "at": "2026-11-22T12:00:00Z"}
    assert preview(spec, now=NOW, after=None, count=5, timezone="UTC")["occurrences"] == []
