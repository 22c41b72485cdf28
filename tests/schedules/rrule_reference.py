"""A slow and obvious recurrence rule: it looks at every day, or at every minute, and asks nobody."""

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


class Walls(frozenset[datetime]):
    """Local times, as the reference for cron wants them."""

    running = False


@dataclass(frozen=True)
class Meant:
    """What a rule means, as plain numbers; empty is “no matter”."""

    freq: str
    interval: int = 1
    week_start: int = 0
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    weekdays: tuple[tuple[int, int], ...] = ()
    hours: tuple[int, ...] = ()
    minutes: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()

    @property
    def rule(self) -> str:
        """The text that says the same."""
        days = [f"{ordinal or ''}{WEEKDAYS[weekday]}" for ordinal, weekday in self.weekdays]
        lists = {
            "BYMONTH": self.months,
            "BYMONTHDAY": self.month_days,
            "BYDAY": days,
            "BYHOUR": self.hours,
            "BYMINUTE": self.minutes,
            "BYSETPOS": self.positions,
        }
        head = f"FREQ={self.freq};INTERVAL={self.interval};WKST={WEEKDAYS[self.week_start]}"
        return ";".join([head, *(f"{name}={','.join(map(str, found))}" for name, found in lists.items() if found)])

    def period(self, day: date) -> int:
        """Number the period that holds a day."""
        week = (day - timedelta(days=(day.weekday() - self.week_start) % 7)).toordinal() // 7
        return {"DAILY": day.toordinal(), "WEEKLY": week, "MONTHLY": day.year * 12 + day.month, "YEARLY": day.year}[
            self.freq
        ]

    def fits(self, day: date, start: datetime) -> bool:
        """Judge a day."""
        if self.months and day.month not in self.months:
            return False
        length = monthrange(day.year, day.month)[1]
        if self.month_days and not {day.day, day.day - length - 1} & set(self.month_days):
            return False
        if self.weekdays:
            return any(day.weekday() == weekday and self._counts(day, ordinal) for ordinal, weekday in self.weekdays)
        if self.month_days or self.freq in {"DAILY", "HOURLY", "MINUTELY"}:
            return True
        if self.freq == "WEEKLY":
            return day.weekday() == start.weekday()
        return day.day == start.day and (self.freq == "MONTHLY" or bool(self.months) or day.month == start.month)

    def _counts(self, day: date, ordinal: int) -> bool:
        """Count a weekday through its month or year, step by step."""
        if not ordinal:
            return True
        yearly = self.freq == "YEARLY" and not self.months
        step = -7 if ordinal > 0 else 7
        place, other = 1, day + timedelta(days=step)
        while other.year == day.year and (yearly or other.month == day.month):
            place, other = place + 1, other + timedelta(days=step)
        return place == abs(ordinal)


def walls(meant: Meant, start: datetime, end: datetime) -> Walls:
    """Return the local times of a calendar rule from its start to `end`."""
    members: dict[int, list[datetime]] = defaultdict(list)
    times = [time(h, m) for h in meant.hours or (start.hour,) for m in meant.minutes or (start.minute,)]
    day = start.date() - timedelta(days=366)
    while day <= end.date() + timedelta(days=366):
        if meant.fits(day, start) and (meant.period(day) - meant.period(start.date())) % meant.interval == 0:
            members[meant.period(day)] += [datetime.combine(day, at) for at in times]
        day += DAY
    found: set[datetime] = set()
    for period in members.values():
        if meant.positions:
            found |= {period[place - (place > 0)] for place in meant.positions if abs(place) <= len(period)}
        else:
            found |= set(period)
    return Walls(wall for wall in found if start <= wall <= end)


def elapsed(meant: Meant, start: datetime, end: datetime, zone: ZoneInfo) -> list[datetime]:
    """Return the instants of a rule of hours or minutes, by looking at every minute of universal time."""
    size = {"HOURLY": 60, "MINUTELY": 1}[meant.freq]
    spread = meant.freq == "HOURLY" and bool(meant.minutes)
    origin = start - start.astimezone(zone).minute * MINUTE if spread else start
    found, at = [], origin
    while at <= end:
        clock = at.astimezone(zone)
        passed = (at - origin) // MINUTE
        in_step = passed // size % meant.interval == 0 and (spread or passed % size == 0)
        shown = clock.hour in (meant.hours or [clock.hour]) and clock.minute in (meant.minutes or [clock.minute])
        if in_step and shown and meant.fits(clock.date(), start) and at >= start:
            found.append(at)
        at += MINUTE
    return found
