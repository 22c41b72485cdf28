"""What every kind of schedule takes beside its own fields: exclusions, inclusions and holidays."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, Final

from schedules import moments
from schedules.base import EARLIEST, LATEST, Draft, ScheduleError, Stored
from schedules.days_off import CALENDAR, check_code

MOST_LISTED: Final = 100
ON_HOLIDAY: Final = ("keep", "skip", "before", "after")
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def clean(spec: Stored, draft: Draft, times: tuple[time, ...], holiday_dates: Sequence[str] | None) -> dict[str, Any]:
    """Check the fields and return them in canonical form; raises ScheduleError.

    `times` are the rule's times of day, `holiday_dates` those of the team calendar that is named, or None where
    there is no such calendar.
    """
    found: dict[str, Any] = {}
    if excluded := _listed(spec, "exclude"):
        found["exclude"] = sorted({_excluded(word, draft) for word in excluded})
    if included := _listed(spec, "include"):
        found["include"] = sorted({_included(word, draft, times) for word in included})
    return found | _holidays(spec, holiday_dates)


def _listed(spec: Stored, name: str) -> list[object]:
    value = spec.get(name)
    if value is not None and (not isinstance(value, (list, tuple)) or len(value) > MOST_LISTED):
        message = f"write a list of at most {MOST_LISTED} dates or date-times"
        raise ScheduleError(message, field=f"schedule.{name}")
    return list(value or ())


def _excluded(word: object, draft: Draft) -> str:
    day = _date(word, "exclude")
    return day.isoformat() if day else moments.write(moments.read(word, "exclude", draft))


def _included(word: object, draft: Draft, times: tuple[time, ...]) -> str:
    if (day := _date(word, "include")) is None:
        return moments.write(moments.read(word, "include", draft))
    if len(times) != 1:
        message = "the rule has no single time of day that a date could take over; write a date-time"
        raise ScheduleError(message, field="schedule.include")
    return moments.write(datetime.combine(day, times[0]))


def _date(word: object, name: str) -> date | None:
    """Read a date; None for anything that is not shaped like one."""
    if not isinstance(word, str) or not _DATE.fullmatch(word.strip()):
        return None
    try:
        day = date.fromisoformat(word.strip())
    except ValueError:
        message = "there is no such date; write one such as 2026-12-24"
        raise ScheduleError(message, field=f"schedule.{name}") from None
    if not EARLIEST.year <= day.year <= LATEST.year:
        message = "dates lie between 1970 and 2200"
        raise ScheduleError(message, field=f"schedule.{name}", code="out_of_range")
    return day


def _holidays(spec: Stored, holiday_dates: Sequence[str] | None) -> dict[str, Any]:
    policy, named = spec.get("on_holiday"), spec.get("holidays")
    if policy is not None and policy not in ON_HOLIDAY:
        message = f"choose one of {', '.join(ON_HOLIDAY)}"
        raise ScheduleError(message, field="schedule.on_holiday")
    if named is None:
        if policy in {None, "keep"}:
            return {}
        message = "name the holidays beside it, such as DE, US-CA or a team calendar"
        raise ScheduleError(message, field="schedule.holidays")
    found = {"on_holiday": policy or "keep"}
    if not isinstance(named, str) or not named.startswith(CALENDAR):
        return {"holidays": check_code(str(named)), **found}
    if holiday_dates is None:
        message = "there is no such team calendar; write the id of one of the team's, or a country code such as DE"
        raise ScheduleError(message, field="schedule.holidays")
    return {"holidays": named, **found, "holiday_dates": sorted(set(holiday_dates))}
