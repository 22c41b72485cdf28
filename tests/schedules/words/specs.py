"""Schedules of every kind, drawn by Hypothesis, as they would come over the wire."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from schedules.zones import names

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
HOME = "Europe/Berlin"
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
Spec = dict[str, Any]


def _moment(low: int, high: int) -> st.SearchStrategy[str]:
    return st.integers(low, high).map(
        lambda seconds: (NOW + timedelta(seconds=seconds)).replace(tzinfo=None).isoformat()
    )


def _joined(items: st.SearchStrategy[Any], most: int) -> st.SearchStrategy[str]:
    return st.lists(items, min_size=1, max_size=most, unique=True).map(lambda found: ",".join(map(str, found)))


_by_day = _joined(st.sampled_from(DAYS), 5).map(lambda days: f"BYDAY={days}")
_places = st.tuples(st.sampled_from([1, 2, 3, 4, 5, -1]), st.sampled_from(DAYS)).map(lambda each: f"{each[0]}{each[1]}")
_nth = _joined(_places, 2).map(lambda days: f"BYDAY={days}")
_monthdays = _joined(st.sampled_from([1, 5, 15, 28, 31, -1]), 3).map(lambda days: f"BYMONTHDAY={days}")
_workday = st.sampled_from([1, -1, 3]).map(lambda place: f"BYDAY=MO,TU,WE,TH,FR;BYSETPOS={place}")
_interval = st.integers(2, 5).map(lambda every: f"INTERVAL={every}")
_months = _joined(st.integers(1, 12), 3).map(lambda months: f"BYMONTH={months}")
_hours = _joined(st.integers(0, 23), 3).map(lambda hours: f"BYHOUR={hours}")
_minutes = _joined(st.integers(0, 59), 2).map(lambda minutes: f"BYMINUTE={minutes}")
_which = {
    "DAILY": _by_day,
    "WEEKLY": _by_day,
    "MONTHLY": _nth | _monthdays | _workday,
    "YEARLY": _nth | _monthdays | _workday,
}


@st.composite
def rrules(draw: st.DrawFn) -> Spec:
    """Draw a calendar rule, or one of hours and minutes."""
    frequency = draw(st.sampled_from([*_which, "HOURLY", "MINUTELY"]))
    parts = [f"FREQ={frequency}"]
    if frequency in _which:
        choices = (_interval, _which[frequency], _months, _hours, _minutes)
        parts += [draw(choice) for choice in choices if draw(st.booleans())]
    else:
        parts.append(f"INTERVAL={draw(st.integers(1, 200))}")
    return {"kind": "rrule", "rrule": ";".join(parts), "starts_at": draw(_moment(-(10**7), 10**7))}


@st.composite
def crons(draw: st.DrawFn) -> Spec:
    """Draw an expression; many have a sentence, some are only shown."""
    minute = draw(st.sampled_from(["0", "30", "*/15", "*", "5", "0,30", "*/7"]))
    hour = draw(st.sampled_from(["9", "*", "8,17", "0-23/2", "12"]))
    day = draw(st.sampled_from(["*", "*", "1", "15", "L", "LW", "1,15", "15W"]))
    month = draw(st.sampled_from(["*", "*", "DEC", "1-3"]))
    weekday = draw(st.sampled_from(["*", "*", "MON-FRI", "5L", "7#2", "1,3", "0,6"]))
    return {"kind": "cron", "expression": f"{minute} {hour} {day} {month} {weekday}"}


intervals = st.fixed_dictionaries(
    {"kind": st.just("interval"), "every": st.integers(60, 10**6)}, optional={"starts_at": _moment(-(10**6), 10**6)}
)
onces = st.fixed_dictionaries(
    {"kind": st.just("once"), "at": _moment(60, 10**7) | _moment(60, 10**7).map(lambda at: at + "Z")}
)
_common = {
    "count": st.integers(1, 40),
    "ends_at": _moment(20 * 86400, 1500 * 86400),
    "exclude": st.lists(
        _moment(86400, 5_000_000) | _moment(86400, 5_000_000).map(lambda at: at[:10]), min_size=1, max_size=3
    ),
    "include": st.lists(_moment(86400, 5_000_000), min_size=1, max_size=3),
}
_wall = {"dst_gap": st.just("skip"), "dst_fold": st.sampled_from(["second", "both"])}
_holidays = st.fixed_dictionaries(
    {
        "holidays": st.sampled_from(["DE", "US-CA", "GB"]),
        "on_holiday": st.sampled_from(["keep", "skip", "before", "after"]),
    }
)


@st.composite
def specs(draw: st.DrawFn) -> Spec:
    """Draw a schedule of any kind with some of what all kinds take."""
    spec: Spec = draw(st.one_of(rrules(), crons(), intervals, onces))
    often = st.sampled_from([HOME, "America/New_York", "recipient"])
    spec["timezone"] = draw(often | st.sampled_from(sorted(names())))
    if spec["kind"] == "once":
        return spec
    spec |= draw(st.fixed_dictionaries({}, optional=_common))
    if draw(st.booleans()):
        spec |= draw(_holidays)
    if spec["kind"] in {"rrule", "cron"}:
        spec |= draw(st.fixed_dictionaries({}, optional=_wall))
    return spec
