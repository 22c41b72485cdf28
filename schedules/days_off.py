"""Which dates are holidays: of a country or a region, by a library that keeps them, or of a team's own calendar."""

import re
import warnings
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from schedules.base import ScheduleError, Stored

CALENDAR: Final = "calendar:"
"""Begins the name of a team calendar; its id follows."""
_CODE: Final = re.compile(r"([A-Z]{2})(?:-(.{1,20}))?")
_FIELD: Final = "schedule.holidays"
_WEEKEND: Final = frozenset({5, 6})
LONGEST_RUN: Final = 366
"""A calendar without a working day for longer than this, in days, moves nothing."""
_DAY: Final = timedelta(days=1)


class DaysOff:
    """Holidays, and the days on which people work: those that are neither holiday nor weekend."""

    def __init__(self, stored: Stored) -> None:
        self._code: str = stored["holidays"]
        listed = self._code.startswith(CALENDAR)
        self._listed = frozenset(map(date.fromisoformat, stored.get("holiday_dates", ()))) if listed else None
        self._weekend = _WEEKEND if listed else _weekend(self._code)

    def __contains__(self, day: date) -> bool:
        """Tell whether a day is a holiday."""
        return day in (_of_year(self._code, day.year) if self._listed is None else self._listed)

    def works(self, day: date) -> bool:
        """Tell whether people work on a day, by the weekend of the country; of a team: Saturday and Sunday."""
        return day.weekday() not in self._weekend and day not in self

    def nearest(self, day: date, step: timedelta) -> date | None:
        """Return the nearest working day before or after, without the day itself; None if a year has none."""
        ahead = (day + step * count for count in range(1, LONGEST_RUN))
        return next((found for found in ahead if self.works(found)), None)

    def between(self, low: date, high: date) -> Iterator[date]:
        """Yield the holidays from one date to another, both included, in order."""
        for year in range(low.year, high.year + 1):
            known = _of_year(self._code, year) if self._listed is None else self._listed
            yield from sorted(day for day in known if low <= day <= high and day.year == year)


def check_code(text: str) -> str:
    """Return a country or region code (`DE`, `us-ca`) in capitals; raises ScheduleError with what there is."""
    shaped = _CODE.fullmatch(text.strip().upper())
    regions = _supported().get(shaped[1]) if shaped else None
    if shaped is None or regions is None:
        message = "write a country code such as DE or US, a region such as DE-BY or US-CA, or calendar: and an id"
        raise ScheduleError(message, field=_FIELD)
    if shaped[2] and shaped[2] not in regions:
        known = f"; there are {', '.join(f'{shaped[1]}-{region}' for region in regions)}" if regions else ""
        message = f"the country has no such region{known}"
        raise ScheduleError(message, field=_FIELD)
    return shaped[0]


@lru_cache(maxsize=1)
def _supported() -> dict[str, dict[str, str]]:
    """Map country codes to their regions: the name in capitals, and as the library spells it."""
    from holidays import list_supported_countries  # noqa: PLC0415  slow to import, and few schedules ask

    known = list_supported_countries(include_aliases=False)
    return {country: {region.upper(): region for region in regions} for country, regions in known.items()}


@lru_cache(maxsize=2048)
def _of_year(code: str, year: int) -> frozenset[date]:
    from holidays import country_holidays  # noqa: PLC0415  slow to import, and few schedules ask

    country, _, region = code.partition("-")
    with warnings.catch_warnings():
        # Of some calendars only a few years are known beforehand; the others have no holidays.
        warnings.simplefilter("ignore")
        return frozenset(country_holidays(country, subdiv=_supported()[country].get(region), years=year))


@lru_cache(maxsize=256)
def _weekend(code: str) -> frozenset[int]:
    from holidays import country_holidays  # noqa: PLC0415  slow to import, and few schedules ask

    return frozenset(country_holidays(code.partition("-")[0]).weekend)
