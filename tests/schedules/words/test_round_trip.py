"""What is said of a schedule, read again.

Compared are the first 40 occurrences after the instant at which the sentence was said and read, with their flags.
Stored forms may differ: “Every weekday at 09:00” is read as an rrule, also where a cron expression said it. Where
both are of one kind and say what the sentence says, even the sentences must be the same.
"""

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings

from core.errors import DomainError
from schedules import plan
from schedules.base import Instant
from schedules.words.describe import describe
from schedules.words.parse import parse
from tests.schedules.words.specs import HOME, NOW, Spec, specs

# Its rule is over; all that is left to come was added.
ONLY_WHAT_WAS_ADDED = {
    "kind": "rrule",
    "rrule": "FREQ=MONTHLY",
    "starts_at": "2026-11-25T09:30:00",
    "timezone": "Europe/Berlin",
    "include": ["2026-11-26T09:30:00"],
    "ends_at": "2026-12-15T09:30:00",
}


def coming(stored: dict[str, Any]) -> list[Instant]:
    """Return the next occurrences, on the reader's clocks where everybody has their own."""
    return plan.load(stored, HOME).upcoming(NOW, 40)


@pytest.mark.parametrize("locale", ["en", "de"])
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(spec=specs())
@example(spec=ONLY_WHAT_WAS_ADDED)
def test_what_is_said_is_read_as_the_same(locale: str, spec: Spec) -> None:
    """A sentence holds all of its schedule, and nothing in it is ambiguous."""
    try:
        stored = plan.save(spec, now=NOW, timezone=HOME)
    except DomainError:
        assume(condition=False)
    said = describe(stored, locale, now=NOW)
    parsed = parse(said, HOME, NOW)
    again = plan.save(parsed.schedule, now=NOW, timezone=HOME)
    assert (parsed.message, parsed.mentions, parsed.ambiguities) == ("", (), []), said
    assert coming(again) == coming(stored), said
    assert describe(again, locale, now=NOW) == said == parsed.description


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(spec=specs())
def test_what_was_read_once_is_stored_alike_ever_after(spec: Spec) -> None:
    """Reading brings a schedule into a form that saying and reading do not change any more."""
    try:
        stored = plan.save(spec, now=NOW, timezone=HOME)
    except DomainError:
        assume(condition=False)
    first = plan.save(parse(describe(stored, "en", now=NOW), HOME, NOW).schedule, now=NOW, timezone=HOME)
    second = plan.save(parse(describe(first, "de", now=NOW), HOME, NOW).schedule, now=NOW, timezone=HOME)
    assert second == first
