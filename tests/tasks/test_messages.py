"""What a message says, and when it says that it is late."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from tasks.messages import LONGEST_RULE, local_time, render, rule_in_words

DUE = datetime(2026, 11, 27, 15, tzinfo=UTC)
FRIDAYS = {
    "kind": "cron",
    "timezone": "Europe/Berlin",
    "expression": "0 16 * * FRI",
    "starts_at": "2026-11-01T00:00:00Z",
}


def row(**values: Any) -> Any:
    """Return the row of a claimed delivery."""
    given = {
        "id": UUID(int=7),
        "kind": "first",
        "due_at": DUE,
        "started_at": DUE,
        "timezone": "Europe/Berlin",
        "message": "Send the invoices",
        "notes": None,
        "team_name": "Accounting",
        "missed": 0,
        "occurrence_reason": None,
        "locale": None,
        "rule": None,
        "rule_since": DUE,
    }
    return SimpleNamespace(**(given | values))


def test_the_time_is_the_readers() -> None:
    """An instant is written as the clock of its reader shows it, with the zone's name."""
    assert local_time(DUE, "Europe/Berlin") == "Fri 27 Nov 2026, 16:00 (Europe/Berlin)"
    assert local_time(DUE.replace(second=5), "Asia/Kathmandu") == "Fri 27 Nov 2026, 20:45:05 (Asia/Kathmandu)"
    assert local_time(DUE, "Atlantis/Nowhere") == "Fri 27 Nov 2026, 15:00 (UTC)"


def test_a_punctual_message_has_no_notice() -> None:
    """Up to five minutes nothing is said about lateness."""
    assert render(row(started_at=DUE + timedelta(minutes=5))).notice is None


def test_a_late_message_says_when_it_was_due() -> None:
    """Later than that, the message says so itself."""
    late = render(row(started_at=DUE + timedelta(minutes=6)))
    assert late.notice == "This is late: it was due on Fri 27 Nov 2026, 16:00 (Europe/Berlin)."


def test_missed_ones_are_counted() -> None:
    """One message stands for the repetitions that were missed, and tells how many."""
    assert render(row(missed=1)).notice == "1 earlier one was missed."
    assert render(row(missed=3)).notice == "3 earlier ones were missed."


def test_a_substitute_learns_why_it_came_to_them() -> None:
    """Where nobody else could be reached, or nobody is left who was asked, the message says so."""
    assert "in their place" in str(render(row(occurrence_reason="no_recipient", kind="substitute")).notice)
    assert "now it is yours" in str(render(row(kind="substitute")).notice)


def test_everybody_is_written_to_in_their_language() -> None:
    """Time, notices and rule are in the language of the account, and in English where it names none."""
    why = {"started_at": DUE + timedelta(hours=1), "missed": 3, "occurrence_reason": "no_recipient"}
    german = render(row(**why, locale="de", rule=json.dumps(FRIDAYS)))
    assert (german.locale, german.due_local) == ("de", "Fr 27. Nov 2026, 16:00 (Europe/Berlin)")
    assert german.notice == (
        "Niemand, für den es bestimmt war, war zu erreichen; du bekommst es an ihrer Stelle. "
        "Das kommt verspätet: Fällig war es am Fr 27. Nov 2026, 16:00 (Europe/Berlin). "
        "3 frühere Erinnerungen sind ausgefallen."
    )
    assert german.rule == "Jeden Freitag um 16:00 (Europe/Berlin)"
    english = render(row(rule=json.dumps(FRIDAYS)))
    assert (english.locale, english.rule) == ("en", "Every Friday at 16:00 (Europe/Berlin)")
    assert str(render(row(missed=1, locale="de")).notice) == "1 frühere Erinnerung ist ausgefallen."


def test_what_comes_once_has_no_rule() -> None:
    """The time says it all."""
    assert render(row()).rule is None


def test_everybodys_own_clock_is_said() -> None:
    """A rule on everybody's own clock names no zone."""
    rule = json.dumps(FRIDAYS | {"timezone": "recipient", "starts_at": "2026-11-01T00:00:00"})
    assert render(row(rule=rule)).rule == "Every Friday at 16:00 (in everybody's own time zone)"
    assert render(row(rule=rule, locale="de")).rule == "Jeden Freitag um 16:00 (in der eigenen Zeitzone von allen)"


def test_a_long_rule_is_an_aside_all_the_same() -> None:
    """Hundreds of excepted days are not listed beside a message."""
    days = [(DUE + timedelta(weeks=week)).date().isoformat() for week in range(100)]
    said = str(render(row(rule=json.dumps(FRIDAYS | {"exclude": days}))).rule)
    assert said.startswith("Every Friday at 16:00 (Europe/Berlin), except on Fri 27 Nov 2026, ")
    assert said.endswith(" …")
    assert LONGEST_RULE - 20 < len(said) <= LONGEST_RULE


@pytest.mark.parametrize("rule", [{"kind": "lunar"}, FRIDAYS | {"timezone": "Atlantis/Nowhere"}, []])
def test_a_rule_that_cannot_be_worded_holds_up_nothing(rule: object) -> None:
    """What a newer version has stored, or a zone that is gone, costs the aside and not the message."""
    assert rule_in_words(json.dumps(rule), "en", DUE) is None
    assert render(row(rule=json.dumps(rule))).title == "Send the invoices"
