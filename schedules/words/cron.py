"""Cron expressions as sentences; where no sentence says exactly the same, the expression itself is shown."""

from schedules.cron_fields import CronFields
from schedules.words.dates import DAYS, MONTHS, series

_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_MOST_TIMES = 4


def sentence(expression: str, fields: CronFields) -> str:
    """Say when an expression matches, without its zone."""
    day, time = _day(fields), _time(fields)
    if day is None or time is None:
        return f"On the cron schedule {expression}"
    if not fields.running:
        return f"{day} at {time}"
    return time if day == "Every day" else f"{time}, {day[0].lower()}{day[1:]}"


def _time(fields: CronFields) -> str | None:
    minute, hour = fields.parts[:2]
    if not fields.running:
        times = [f"{at // 60:02}:{at % 60:02}" for at in fields.times]
        return series(times) if len(times) <= _MOST_TIMES else None
    if hour != "*":
        return None
    if minute == "*":
        return "Every minute"
    if minute.isdigit():
        return f"Every hour at minute {int(minute)}"
    step = minute.removeprefix("*/")
    # A step that does not divide the hour starts again at minute 0, which “every 7 minutes” would hide.
    if step.isdigit() and 60 % int(step) == 0:
        return f"Every {int(step)} minutes by the clock" if int(step) > 1 else "Every minute"
    return None


def _day(fields: CronFields) -> str | None:
    day, month, weekday = fields.parts[2:]
    if month != "*":
        if day.isdigit() and weekday == "*" and len(fields.months) == 1:
            return f"Every year on {int(day)} {MONTHS[fields.months[0] - 1]}"
        return None
    if day == "*":
        return _weekdays(weekday, fields)
    if weekday != "*":
        return None
    if day.isdigit():
        return f"On day {int(day)} of every month"
    return {"L": "On the last day of every month", "LW": "On the last working day of every month"}.get(day)


def _weekdays(text: str, fields: CronFields) -> str | None:
    if text == "*":
        return "Every day"
    if fields.nth_weekdays:
        if len(fields.nth_weekdays) > 1 or "," in text:
            return None
        number, place = fields.nth_weekdays[0][0], fields.nth_weekdays[0][1:]
        which = "last" if place == "L" else _ORDINALS[int(place[1]) - 1]
        return f"On the {which} {DAYS[int(number) - 1]} of every month"
    numbers = sorted((number - 1) % 7 for number in fields.weekdays)
    whole = {(0, 1, 2, 3, 4): "Every weekday", (5, 6): "Every Saturday and Sunday", tuple(range(7)): "Every day"}
    return whole.get(tuple(numbers)) or f"Every {series([DAYS[number] for number in numbers])}"
