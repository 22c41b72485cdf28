"""What a message says, and when it says that it is late."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from tasks.messages import local_time, render

DUE = datetime(2026, 11, 27, 15, tzinfo=UTC)


def row(**values: Any) -> Any:
    """Return the row of a claimed delivery."""
    given = {
        "id": UUID(int=7),
        "due_at": DUE,
        "started_at": DUE,
        "timezone": "Europe/Berlin",
        "message": "Send the invoices",
        "notes": None,
        "team_name": "Accounting",
        "missed": 0,
        "occurrence_reason": None,
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


def test_the_creator_learns_why_it_came_to_them() -> None:
    """Where nobody else could be reached, the message says so."""
    assert "because you created it" in str(render(row(occurrence_reason="no_recipient")).notice)
