"""The text of a recurrence rule, read strictly."""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Final

from schedules.base import ScheduleError

FREQUENCIES: Final = ("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
ELAPSED: Final = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LONGEST_TEXT: Final = 1000
_EXAMPLE: Final = "such as FREQ=MONTHLY;BYDAY=-1FR"
_WEEKDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,3}", re.ASCII)
_UNTIL = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?", re.ASCII)
_LISTS: Final = {
    # Name in the rule: name here, lowest, highest, whether it may count from the end.
    "BYMONTH": ("months", 1, 12, False),
    "BYWEEKNO": ("weeks", 1, 53, True),
    "BYYEARDAY": ("year_days", 1, 366, True),
    "BYMONTHDAY": ("month_days", 1, 31, True),
    "BYHOUR": ("hours", 0, 23, False),
    "BYMINUTE": ("minutes", 0, 59, False),
    "BYSECOND": ("seconds", 0, 59, False),
    "BYSETPOS": ("positions", 1, 366, True),
}
_OTHERS: Final = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST")


@dataclass(frozen=True, slots=True)
class Parts:
    """A rule taken apart; what it leaves open (an empty tuple) follows from its start."""

    freq: str
    interval: int = 1
    week_start: int = 0
    """Monday is 0, as in Python."""
    count: int | None = None
    until: str | None = None
    """A date-time as the API writes it; a date alone means the end of that day."""
    months: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    weekdays: tuple[tuple[int, int], ...] = ()
    """Ordinal (0: every one; -1: the last) and weekday."""
    hours: tuple[int, ...] = ()
    minutes: tuple[int, ...] = ()
    seconds: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    text: str = ""
    """The rule in capitals, without its end: what is stored."""

    @property
    def elapsed(self) -> bool:
        """Whether it runs by elapsed time rather than on the calendar."""
        return self.freq in ELAPSED


def parse(text: object) -> Parts:
    """Read a rule such as `FREQ=WEEKLY;BYDAY=TU,TH`, with or without `RRULE:`, in any case and order.

    Raises ScheduleError about `schedule.rrule`; whether the rule ever matches is not looked at.
    """
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_TEXT:
        message = f"write a rule {_EXAMPLE}"
        raise _wrong(message)
    rule = re.sub(r"\s*([;=,])\s*", r"\1", text.strip().upper().removeprefix("RRULE:").strip())
    if re.search(r"\s|DTSTART|EXDATE|RDATE|EXRULE", rule):
        message = "write the rule alone; its start belongs into `starts_at`, exceptions into `exclude`"
        raise _wrong(message)
    given: dict[str, str] = {}
    for part in rule.strip(";").split(";"):
        name, _, value = part.partition("=")
        if name not in _LISTS and name not in _OTHERS:
            known = ", ".join((*_OTHERS, *_LISTS))
            message = f"a part of the rule is not known; there are {known}"
            raise _wrong(message)
        if name in given or not value:
            message = f"{name} needs a value, and comes once"
            raise _wrong(message)
        given[name] = value
    if "FREQ" not in given:
        message = f"FREQ is missing; write a rule {_EXAMPLE}"
        raise _wrong(message)
    parts = Parts(**{name: value for part in given.items() for name, value in _read(*part)}, text=_endless(given))
    _check(parts)
    return parts


def _wrong(message: str, code: str = "invalid_schedule") -> ScheduleError:
    return ScheduleError(message, field="schedule.rrule", code=code)


def _endless(given: dict[str, str]) -> str:
    return ";".join(f"{name}={value}" for name, value in given.items() if name not in {"COUNT", "UNTIL"})


def _read(name: str, value: str) -> list[tuple[str, Any]]:
    if name in _LISTS:
        return [(_LISTS[name][0], _numbers(name, value))]
    readers: dict[str, tuple[str, Callable[[str], Any]]] = {
        "FREQ": ("freq", _frequency),
        "INTERVAL": ("interval", lambda text: _whole("INTERVAL", text)),
        "COUNT": ("count", lambda text: _whole("COUNT", text)),
        "UNTIL": ("until", _until),
        "BYDAY": ("weekdays", _weekdays),
        "WKST": ("week_start", _week_start),
    }
    field, reader = readers[name]
    return [(field, reader(value))]


def _frequency(text: str) -> str:
    if text not in FREQUENCIES:
        message = f"FREQ is one of {', '.join(FREQUENCIES)}"
        raise _wrong(message)
    return text


def _whole(name: str, text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or int(text) == 0:
        message = f"{name} is a whole number from 1"
        raise _wrong(message)
    return int(text)


def _week_start(text: str) -> int:
    if text not in WEEKDAYS:
        message = f"WKST is one of {', '.join(WEEKDAYS)}"
        raise _wrong(message)
    return WEEKDAYS.index(text)


def _numbers(name: str, text: str) -> tuple[int, ...]:
    _, low, high, signed = _LISTS[name]
    words = text.split(",")
    found = {int(word) for word in words if _NUMBER.fullmatch(word)}
    sizes = {abs(number) if signed else number for number in found}
    if not all(_NUMBER.fullmatch(word) for word in words) or not all(low <= size <= high for size in sizes):
        below = f", and -{low} to -{high} from the end" if signed else ""
        message = f"{name} takes whole numbers from {low} to {high}{below}, with commas between them"
        raise _wrong(message)
    return tuple(sorted(found))


def _weekdays(text: str) -> tuple[tuple[int, int], ...]:
    found = set()
    for word in text.split(","):
        shaped = _WEEKDAY.fullmatch(word)
        if not shaped or (shaped[1] and not 1 <= abs(int(shaped[1])) <= 53):  # noqa: PLR2004  weeks of a year
            message = f"BYDAY takes {', '.join(WEEKDAYS)}, with a number in front for one of them: 1MO, -1FR"
            raise _wrong(message)
        found.add((int(shaped[1] or 0), WEEKDAYS.index(shaped[2])))
    return tuple(sorted(found))


def _until(text: str) -> str:
    shaped = _UNTIL.fullmatch(text)
    if not shaped:
        message = "UNTIL is a date or date-time such as 20261224 or 20261224T150000Z"
        raise _wrong(message)
    year, month, day, hour, minute, second, zulu = shaped.groups()
    time = f"{hour}:{minute}:{second}{zulu}" if hour else "23:59:59"
    return f"{year}-{month}-{day}T{time}"


def _check(parts: Parts) -> None:
    """Refuse what the standard forbids (its table in 3.3.10), and what would run more than once a minute."""
    numbered = any(ordinal for ordinal, _ in parts.weekdays)
    choosers = [field.name for field in fields(Parts) if isinstance(getattr(parts, field.name), tuple)]
    forbidden = {
        "COUNT and UNTIL do not go together; leave one out": bool(parts.count and parts.until),
        "BYWEEKNO goes with FREQ=YEARLY only": bool(parts.weeks) and parts.freq != "YEARLY",
        "BYYEARDAY does not go with FREQ=DAILY, WEEKLY and MONTHLY": bool(parts.year_days)
        and parts.freq in {"DAILY", "WEEKLY", "MONTHLY"},
        "BYMONTHDAY does not go with FREQ=WEEKLY; use FREQ=MONTHLY": bool(parts.month_days) and parts.freq == "WEEKLY",
        "a number before a weekday goes with FREQ=MONTHLY and YEARLY only, and not with BYWEEKNO": numbered
        and (parts.freq not in {"MONTHLY", "YEARLY"} or bool(parts.weeks)),
        "BYSETPOS chooses among what other parts select; add one, such as BYDAY": bool(parts.positions)
        and not any(getattr(parts, name) for name in choosers if name != "positions"),
    }
    for message, wrong in forbidden.items():
        if wrong:
            raise _wrong(message)
    secondly = parts.freq == "SECONDLY" and parts.interval < 60 and len(parts.seconds) != 1  # noqa: PLR2004  a minute
    if secondly or len(parts.seconds) > 1:
        message = "at most one run a minute: give one BYSECOND, or an interval of 60 seconds and more"
        raise _wrong(message, "too_frequent")
