"""Schedules in German."""

from datetime import date, timedelta
from typing import Final

from schedules.words.dates import largest_unit
from schedules.words.pattern import WORKDAYS, Pattern, Running
from schedules.words.voice import Voice

_PLACES: Final = {1: "ersten", 2: "zweiten", 3: "dritten", 4: "vierten", 5: "fünften", -1: "letzten"}
_ONE: Final = {
    "second": "Jede Sekunde", "minute": "Jede Minute", "hour": "Jede Stunde", "day": "Jeden Tag", "week": "Jede Woche",
    "month": "Jeden Monat", "year": "Jedes Jahr",
}  # fmt: skip
_MANY: Final = {
    "second": "Sekunden", "minute": "Minuten", "hour": "Stunden", "day": "Tage", "week": "Wochen", "month": "Monate",
    "year": "Jahre",
}  # fmt: skip


class German(Voice):
    """Says “Alle 2 Wochen am Freitag”, which nobody reads in two ways."""

    weekdays = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
    months = (
        "Januar", "Februar", "März", "April", "Mai", "Juni",
        "Juli", "August", "September", "Oktober", "November", "Dezember",
    )  # fmt: skip
    conjunction = "und"
    at = "um"
    recipient = "in der eigenen Zeitzone von allen"
    gap_skipped = "gar nicht, wo die Uhr sie überspringt"
    folds = {  # noqa: RUF012  the base class says that it is the class's own
        "second": "beim zweiten Mal, wo die Uhr zurückgestellt wird",
        "both": "beide Male, wo die Uhr zurückgestellt wird",
    }
    holidays = {  # noqa: RUF012  the same
        "keep": "auch an Feiertagen ({})",
        "skip": "nicht an Feiertagen ({})",
        "before": "an Feiertagen früher ({})",
        "after": "an Feiertagen später ({})",
    }
    until = "bis"
    since = "ab"
    once = "Einmal"
    besides = "und auch am"
    excepting = "außer am"

    def days(self, pattern: Pattern) -> str:
        """Say “Alle 2 Wochen am Dienstag und Donnerstag”, “Am letzten Freitag jedes Monats”."""
        if pattern.unit in {"day", "week"}:
            return self._weekly(pattern) + self._in_months(pattern)
        which = self._which(pattern)
        if pattern.unit == "year":
            months = self.series([self.months[month - 1] for month in pattern.months])
            alone = len(pattern.months) == len(pattern.monthdays) == 1 and pattern.monthdays[0] > 0
            which = f"am {pattern.monthdays[0]}. {months}" if alone else f"{which} im {months}"
            return f"{self._step('year', pattern.every)} {which}"
        if pattern.every > 1:
            return f"{self._step('month', pattern.every)} {which}"
        return f"{which[0].upper()}{which[1:]} jedes Monats"

    def _weekly(self, pattern: Pattern) -> str:
        named = "Werktag" if pattern.weekdays == WORKDAYS else None
        named = named or (self.series([self.weekdays[day] for day in pattern.weekdays]) if pattern.weekdays else "Tag")
        if pattern.every == 1:
            return f"Jeden {named}"
        return self._step(pattern.unit, pattern.every) + (f" am {named}" if pattern.weekdays else "")

    def _in_months(self, pattern: Pattern) -> str:
        return f" im {self.series([self.months[month - 1] for month in pattern.months])}" if pattern.months else ""

    def _which(self, pattern: Pattern) -> str:
        if pattern.workday:
            return f"am {_PLACES[pattern.workday]} Werktag"
        if pattern.nth:
            return "am " + self.series([f"{_PLACES[place]} {self.weekdays[day]}" for place, day in pattern.nth])
        numbers = [f"{day}." for day in pattern.monthdays if day > 0]
        return "am " + self.series([*numbers, *(["letzten Tag"] if -1 in pattern.monthdays else [])])

    def _step(self, unit: str, every: int) -> str:
        return _ONE[unit] if every == 1 else f"Alle {every} {_MANY[unit]}"

    def running(self, running: Running) -> str:
        """Say “Jede Stunde zur Minute 30”."""
        said = self._step("minute", running.step) + " nach der Uhr" if running.step else ""
        said = said or f"Jede Stunde zur Minute {running.minute}"
        days = self._weekly(Pattern("week", weekdays=running.weekdays))
        return f"{said}, {days[0].lower()}{days[1:]}" if running.weekdays else said

    def every(self, elapsed: timedelta) -> str:
        """Say “Alle 90 Minuten”; a day is said in hours, because the clocks may be changed within it."""
        count, unit = largest_unit(elapsed)
        if unit in {"day", "week"}:
            count, unit = int(elapsed.total_seconds()) // 3600, "hour"
        return self._step(unit, count)

    def date(self, day: date) -> str:
        """Say `Fr 27. Nov 2026`."""
        return f"{self.weekdays[day.weekday()][:2]} {day.day}. {self.months[day.month - 1][:3]} {day.year}"

    def times(self, count: int) -> str:
        """Say “5-mal”."""
        return f"{count}-mal"
