"""Elapsed time as text: ISO 8601 durations without months and years, which have no fixed length."""

import re
from datetime import timedelta

LONGEST = timedelta(days=36525)
"""A hundred years: more is a slip of the hand, and would overflow further on."""

_DAY = 86400
_SHAPE = re.compile(r"P(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,10})S)?)?", re.ASCII)
_CALENDAR = re.compile(r"P\d*[YM]|P\d+Y\d+M", re.ASCII)


def parse(text: str) -> timedelta:
    """Read an ISO 8601 duration such as `PT90M`, `P1D` or `P2W`; a day is 24 hours.

    Raises ValueError with a sentence for a person, also for months, years, fractions and signs.
    """
    text = text.strip().upper()
    found = _SHAPE.fullmatch(text)
    if not found or not any(found.groups()) or text.endswith("T"):
        if _CALENDAR.match(text):
            message = "months and years differ in length; write days (P30D) or use a calendar rule"
        else:
            message = "write an ISO 8601 duration in whole units, such as PT90M, PT24H, P1D or P2W"
        raise ValueError(message)
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    length = ((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + seconds
    if length > LONGEST.total_seconds():
        message = "a duration may be at most 100 years"
        raise ValueError(message)
    return timedelta(seconds=length)


def write(length: timedelta) -> str:
    """Write a duration in its largest whole unit: `PT24H`, `PT90M`, `P7D`; fractions of a second are dropped."""
    seconds = int(length.total_seconds())
    if seconds % _DAY == 0 and seconds > _DAY:
        return f"P{seconds // _DAY}D"
    if seconds % 3600 == 0 and seconds:
        return f"PT{seconds // 3600}H"
    if seconds % 60 == 0 and seconds:
        return f"PT{seconds // 60}M"
    return f"PT{seconds}S"
