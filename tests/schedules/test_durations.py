"""Elapsed time as text."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules import durations


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("PT90M", 5400), ("P1D", 86400), ("P2W", 1209600), ("pt24h", 86400), ("P1DT2H3M4S", 93784), ("PT0S", 0)],
)
def test_iso_8601_is_read(text: str, seconds: int) -> None:
    """A day is 24 hours, a week seven of them."""
    assert durations.parse(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1DT", "P1M", "P1Y", "PT1.5H", "-PT1H", "90", "PT1H1H", "P1H", "PT٣M"]
)
def test_other_text_is_refused(text: str) -> None:
    """Months, years, fractions and signs are no elapsed time of whole seconds."""
    with pytest.raises(ValueError, match="write"):
        durations.parse(text)


def test_a_hundred_years_are_the_most() -> None:
    """More would overflow later on."""
    with pytest.raises(ValueError, match="100 years"):
        durations.parse("PT9999999999S")


@given(st.integers(0, 10**9))
def test_what_is_written_is_read_again(seconds: int) -> None:
    """Writing loses nothing."""
    assert durations.parse(durations.write(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


@pytest.mark.parametrize(("hours", "text"), [(1.5, "PT90M"), (24, "PT24H"), (168, "P7D"), (1 / 3600, "PT1S")])
def test_durations_are_written_in_one_unit(hours: float, text: str) -> None:
    """The way in which people say them."""
    assert durations.write(timedelta(hours=hours)) == text
