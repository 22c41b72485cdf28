"""Several times of day in one rule: BYHOUR and BYMINUTE multiply, so that BYSETPOS may have to choose."""

from collections.abc import Sequence
from datetime import datetime
from itertools import product


def spread(times: Sequence[int], days: int, *, single: bool = True) -> list[str] | None:
    """Write times of day (seconds since midnight) as parts of a rule whose period holds so many days.

    None where BYSETPOS would have to choose among days of which it is not known how many there are, or is in use.
    """
    hours = sorted({at // 3600 for at in times})
    minutes = sorted({at // 60 % 60 for at in times})
    seconds = sorted({at % 60 for at in times})
    whole = [hour * 3600 + minute * 60 + second for hour, minute, second in product(hours, minutes, seconds)]
    parts = [f"BYHOUR={_joined(hours)}", f"BYMINUTE={_joined(minutes)}"]
    if seconds != [0]:
        parts.append(f"BYSECOND={_joined(seconds)}")
    if not single:
        return None
    if len(whole) == len(times):
        return parts
    if not days:
        return None
    chosen = [
        day * len(whole) + place + 1 for day in range(days) for place, at in enumerate(whole) if at in set(times)
    ]  # fmt: skip
    return [*parts, f"BYSETPOS={_joined(chosen)}"]


def times_of(parts: dict[str, str], start: datetime, days: int) -> tuple[int, ...] | None:
    """Read the times of day of a rule; None where BYSETPOS chooses other ones on each day.

    `days` is 0 where BYSETPOS, if there is one, has chosen among days already.
    """
    hours, minutes, seconds = (
        sorted({int(number) for number in parts[name].split(",")}) if parts.get(name) else [own]
        for name, own in (("BYHOUR", start.hour), ("BYMINUTE", start.minute), ("BYSECOND", start.second))
    )
    whole = [hour * 3600 + minute * 60 + second for hour, minute, second in product(hours, minutes, seconds)]
    places = parts.get("BYSETPOS")
    if places is None or not days:
        return tuple(whole)
    chosen = {int(place) for place in places.split(",")}
    times = tuple(at for place, at in enumerate(whole) if place + 1 in chosen)
    same = {day * len(whole) + place + 1 for day in range(days) for place, at in enumerate(whole) if at in times}
    return times if times and same == chosen else None


def _joined(numbers: Sequence[int]) -> str:
    return ",".join(map(str, numbers))
