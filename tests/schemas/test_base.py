"""What every schema shares."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import pytest
from pydantic import ValidationError

from schemas.base import Duration, Instant, Later, Model, Text, Zone


class Example(Model):
    """One field of each type."""

    text: Annotated[str, Text(5)] = "a"
    secret: Annotated[str, Text(5, strip=False)] = "a"
    at: Instant | None = None
    length: Duration | None = None
    zone: Zone = "UTC"
    coming: Annotated[str, Later("any")] = "any"
    roles: Annotated[list[str] | None, Later()] = None


def test_values_become_what_the_domain_uses() -> None:
    """Text is stripped unless blanks matter, instants are UTC, durations are elapsed time."""
    read = Example(text=" ab ", secret=" a ", at="2026-11-27T16:00:00+01:00", length="PT24H", roles=[])
    assert (read.text, read.secret, read.length) == ("ab", " a ", timedelta(days=1))
    assert read.at == datetime(2026, 11, 27, 15, tzinfo=UTC)
    assert read.at.tzinfo is UTC
    assert '"at":"2026-11-27T15:00:00Z","length":"PT24H"' in read.model_dump_json()


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("text", "a\0", "invalid_text"),
        ("text", "\ud800", "string_unicode"),
        ("text", "   ", "string_too_short"),
        ("text", "abcdef", "string_too_long"),
        ("text", 5, "string_type"),
        ("text", b"a", "string_type"),
        ("at", "2026-11-27T16:00:00", "timezone_aware"),
        ("at", "2026-11-27", "datetime_format"),
        ("at", 1_800_000_000, "datetime_format"),
        ("at", "1800000000", "datetime_format"),
        ("at", "1969-12-31T23:59:59Z", "datetime_out_of_range"),
        ("at", "2201-01-01T00:00:00Z", "datetime_out_of_range"),
        ("at", "9999-12-31T23:59:59-12:00", "datetime_out_of_range"),
        ("at", "0001-01-01T00:00:00+12:00", "datetime_out_of_range"),
        ("length", "P1M", "duration_format"),
        ("length", 5, "duration_format"),
        ("zone", "America", "unknown_timezone"),
        ("zone", "europe/berlin", "unknown_timezone"),
        ("coming", "all", "not_available_yet"),
        ("roles", ["owner"], "not_available_yet"),
        ("other", 1, "extra_forbidden"),
    ],
)
def test_everything_else_is_refused(field: str, value: Any, code: str) -> None:
    """With a type that says what is wrong."""
    with pytest.raises(ValidationError) as refused:
        Example.model_validate({field: value})
    assert [(error["loc"], error["type"]) for error in refused.value.errors()] == [((field,), code)]
