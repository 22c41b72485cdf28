"""Schedules in English."""

from datetime import date, timedelta
from typing import Final

from schedules.words.dates import largest_unit
from schedules.words.pattern import WORKDAYS, Pattern, Running
from schedules.words.voice import Voice

_PLACES: Final = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}


class English(Voice):
    """Says “Every other Friday” as “Every 2 weeks on Friday”, which nobody reads in two ways."""

    weekdays = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    months = (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    )  # fmt: skip
    conjunction = "and"
    at = "at"
    recipient = "in everybody's own time zone"
    gap_skipped = "not at all where the clocks skip it"
    folds = {  # noqa: RUF012  the base class says that it is the class's own
        "second": "the second time where the clocks go back",
        "both": "both times where the clocks go back",
    }
    holidays = {  # noqa: RUF012  the same
        "keep": "also on holidays ({})",
        "skip": "not on holidays ({})",
        "before": "earlier on holidays ({})",
        "after": "later on holidays ({})",
    }
    until = "until"
    since = "from"
    once = "Once"
    besides = "and also on"
    excepting = "except on"

    def days(self, pattern: Pattern) -> str:
        """Say “Every 2 weeks on Tuesday and Thursday”, “On the last Friday of every month”."""
        if pattern.unit in {"day", "week"}:
            return self._weekly(pattern) + self._in_months(pattern)
        which = self._which(pattern)
        if pattern.unit == "year":
            months = self.series([self.months[month - 1] for month in pattern.months])
            alone = len(pattern.months) == len(pattern.monthdays) == 1 and pattern.monthdays[0] > 0
            which = f"{pattern.monthdays[0]} {months}" if alone else f"{which} in {months}"
            return f"{self._step('year', pattern.every)} on {which}"
        return f"On {which} of every {'month' if pattern.every == 1 else f'{pattern.every} months'}"

    def _weekly(self, pattern: Pattern) -> str:
        named = {(): "day", WORKDAYS: "weekday"}.get(pattern.weekdays)
        named = named or self.series([self.weekdays[day] for day in pattern.weekdays])
        if pattern.every == 1:
            return f"Every {named}"
        return self._step(pattern.unit, pattern.every) + (f" on {named}" if pattern.weekdays else "")

    def _in_months(self, pattern: Pattern) -> str:
        return f" in {self.series([self.months[month - 1] for month in pattern.months])}" if pattern.months else ""

    def _which(self, pattern: Pattern) -> str:
        if pattern.workday:
            return f"the {_PLACES[pattern.workday]} working day"
        if pattern.nth:
            each = [f"{_PLACES[place]} {self.weekdays[day]}" for place, day in pattern.nth]
            return f"the {self.series(each)}"
        numbers = [str(day) for day in pattern.monthdays if day > 0]
        said = [f"day{'s' if len(numbers) > 1 else ''} {self.series(numbers)}"] if numbers else []
        return self.series([*said, *(["the last day"] if -1 in pattern.monthdays else [])])

    def _step(self, unit: str, every: int) -> str:
        return f"Every {unit}" if every == 1 else f"Every {every} {unit}s"

    def running(self, running: Running) -> str:
        """Say “Every hour at minute 30”."""
        said = self._step("minute", running.step) + " by the clock"
        if not running.step:
            said = f"Every hour at minute {running.minute}"
        days = self._weekly(Pattern("week", weekdays=running.weekdays))
        return f"{said}, {days[0].lower()}{days[1:]}" if running.weekdays else said

    def every(self, elapsed: timedelta) -> str:
        """Say “Every 90 minutes”; a day is said in hours, because the clocks may be changed within it."""
        count, unit = largest_unit(elapsed)
        if unit in {"day", "week"}:
            count, unit = int(elapsed.total_seconds()) // 3600, "hour"
        return self._step(unit, count)

    def date(self, day: date) -> str:
        """Say `Fri 27 Nov 2026`."""
        return f"{self.weekdays[day.weekday()][:3]} {day.day} {self.months[day.month - 1][:3]} {day.year}"

    def times(self, count: int) -> str:
        """Say “5 times”."""
        return "1 time" if count == 1 else f"{count} times"
