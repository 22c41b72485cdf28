"""What words mean before anybody has looked at a clock: days, times of day, and clauses made of them."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final, Literal

Clause = dict[str, Any]
"""What one clause adds to a schedule, by name; see `found.py`."""

DayKind = Literal["date", "monthday", "weekday", "ahead", "next_week", "weekend"]
Meridiem = Literal["am", "pm"]
_NOON: Final = 12


@dataclass(frozen=True, slots=True)
class Day:
    """A day that somebody named."""

    kind: DayKind
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    ahead: int = 0
    unit: str = "day"
    """With `ahead`: so many days, weeks, months or years from today."""
    swappable: bool = False
    """Whether `day` and `month` were numbers with a stroke between them, read either way around."""
    next: bool = False
    """Whether “next” stood before the weekday."""
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day."""

    hour: int
    minute: int = 0
    second: int = 0
    unsure: bool = False
    """Whether it may be meant twelve hours later."""
    prefer_later: bool = False
    """Whether that is the likelier reading."""

    @property
    def seconds(self) -> int:
        """Seconds since midnight."""
        return self.hour * 3600 + self.minute * 60 + self.second

    def sure(self, meridiem: Meridiem | None) -> "Clock | None":
        """Settle which half of the day is meant; None where that contradicts the hour."""
        if meridiem is None:
            return replace(self, unsure=False, prefer_later=False)
        if not 1 <= self.hour <= _NOON:
            return None
        hour = self.hour % _NOON + (_NOON if meridiem == "pm" else 0)
        return Clock(hour, self.minute, self.second)


@dataclass(frozen=True, slots=True)
class Moment:
    """A day with or without a time of day, or an instant written out."""

    day: Day | None = None
    clock: Clock | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Length:
    """So many of a unit; hours and less have a fixed length."""

    elapsed: timedelta | None = None
    count: int = 0
    unit: str = ""


PARTS: Final = {"morning": 9, "forenoon": 10, "noon": 12, "afternoon": 15, "evening": 18, "night": 20}
"""The hour that a part of the day stands for where no time is said."""
HALVES: Final[dict[str, Meridiem]] = {
    "morning": "am", "forenoon": "am", "noon": "pm", "afternoon": "pm", "evening": "pm", "night": "pm",
}  # fmt: skip
