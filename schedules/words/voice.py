"""What a language must be able to say of a schedule; each sentence is one that the grammar reads back."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from schedules.words.dates import clock, series
from schedules.words.pattern import Pattern, Running
from schedules.words.pattern import clock as wall_clock

Stored = Mapping[str, Any]
"""As in `schedules.base`, which is made of this."""


class Voice(ABC):
    """One language."""

    weekdays: ClassVar[tuple[str, ...]]
    months: ClassVar[tuple[str, ...]]
    conjunction: ClassVar[str]
    """Between the last two of a list."""
    at: ClassVar[str]
    """Before a time of day."""
    recipient: ClassVar[str]
    """For everybody at their own local time."""
    gap_skipped: ClassVar[str]
    folds: ClassVar[dict[str, str]]
    holidays: ClassVar[dict[str, str]]
    """By `on_holiday`, with the calendar to fill in."""
    until: ClassVar[str]
    since: ClassVar[str]
    once: ClassVar[str]
    besides: ClassVar[str]
    excepting: ClassVar[str]

    def pattern(self, pattern: Pattern) -> str:
        """Say a pattern with its times of day: “Every weekday at 09:00”."""
        times = [clock(datetime.combine(date.min, wall_clock(at))) for at in pattern.times]
        return f"{self.days(pattern)} {self.at} {self.series(times)}"

    def series(self, words: list[str]) -> str:
        """Join words into a list."""
        return series(words, self.conjunction)

    def moment(self, at: datetime) -> str:
        """Say a local date-time: `Fri 27 Nov 2026 at 16:00`."""
        return f"{self.date(at)} {self.at} {clock(at)}"

    @abstractmethod
    def days(self, pattern: Pattern) -> str:
        """Say on which days: “Every weekday”."""

    @abstractmethod
    def running(self, running: Running) -> str:
        """Say what follows the running clock: “Every 15 minutes by the clock”."""

    @abstractmethod
    def every(self, elapsed: timedelta) -> str:
        """Say a step of elapsed time: “Every 90 minutes”."""

    @abstractmethod
    def date(self, day: date) -> str:
        """Say a date: `Fri 27 Nov 2026`."""

    @abstractmethod
    def times(self, count: int) -> str:
        """Say how often: “5 times”."""
