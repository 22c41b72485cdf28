"""The grammar of English."""

from typing import Final

from schedules.words.parsing import meanings as mean
from schedules.words.parsing.english_words import WORDS
from schedules.words.parsing.grammar import Grammar, Line
from schedules.words.parsing.lexers import lexers
from schedules.words.parsing.values import Clock, Day

_DAY: Final[list[Line]] = [
    ("today", mean.constant(Day("ahead"))),
    ("tomorrow|tmrw|tmr", mean.constant(Day("ahead", ahead=1))),
    ("the? day after tomorrow", mean.constant(Day("ahead", ahead=2))),
    ("{weekday:weekday} .?", mean.on_weekday),
    ("this|coming {weekday:weekday}", mean.on_weekday),
    ("next {weekday:weekday}", lambda weekday: mean.on_weekday(weekday, following=True)),
    ("next week", mean.constant(Day("ahead", ahead=1, unit="week", swappable=False, next=True))),
    ("next month", mean.constant(Day("ahead", ahead=1, unit="month", next=True))),
    ("next year", mean.constant(Day("ahead", ahead=1, unit="year", next=True))),
    ("{weekday:weekday} next week", lambda weekday: Day("next_week", weekday=weekday)),
    ("next week|week's {weekday:weekday}", lambda weekday: Day("next_week", weekday=weekday)),
    ("this|the? weekend", mean.constant(Day("weekend"))),
    ("the {day:ordinal}", lambda day: Day("monthday", day=day) if day != 0 else None),
    ("the {day:ordinal} of this month", lambda day: Day("monthday", day=day)),
    ("the? end of the|this? month", mean.constant(Day("monthday", day=-1))),
    ("the? last day of this month", mean.constant(Day("monthday", day=-1))),
    ("{date:date}", lambda date: date),
]
_DATE: Final[list[Line]] = [
    ("{weekday:weekday}? ,? the? {day:monthday} of? {month:month} .? ,? {year:year}?", mean.dated),
    ("{weekday:weekday}? ,? {month:month} .? the? {day:monthday} ,? {year:year}?", mean.dated),
    ("{weekday:weekday}? ,? {date:isodate}", lambda date, weekday=None: mean.checked(mean.iso_date(date), weekday)),
    ("{date:numeric}", mean.numeric(dots=False)),
]
_CLOCK: Final[list[Line]] = [
    ("{clock:hm}", lambda clock: clock),
    ("{hour:spoken}", mean.bare_hour),
    ("{hour:spoken} {minute:spoken}", mean.spoken),
    ("{clock:plain}", lambda clock: clock),
    ("{clock:sure}", lambda clock: clock),
]
_TOLD: Final[list[Line]] = [
    ("{hour:int} o'clock", mean.bare_hour),
    ("half past {hour:hour}", lambda hour: mean.past(30, hour)),
    ("a? quarter past {hour:hour}", lambda hour: mean.past(15, hour)),
    ("a? quarter to {hour:hour}", lambda hour: mean.past(15, hour, before=True)),
]
"""Times of day that cannot be anything else, and need no “at” before them."""
_PLAIN: Final[list[Line]] = [
    ("{clock:told}", lambda clock: clock),
    ("{minutes:int} minutes? past {hour:hour}", mean.past),
    ("{minutes:int} minutes? to {hour:hour}", lambda minutes, hour: mean.past(minutes, hour, before=True)),
]
_SURE: Final[list[Line]] = [
    ("noon|midday|lunchtime", mean.constant(Clock(12))),
    ("midnight", mean.constant(Clock(0))),
    ("{clock:hour} {half:half} .?", mean.half),
    ("{clock:any} in the {part:part}", mean.in_part),
    ("{clock:any} at night", lambda clock: mean.in_part(clock, "night")),
    ("{clock:marked}", lambda clock: clock),
]
_LENGTH_PART: Final[list[Line]] = [
    ("{count:int} {unit:unit}", mean.length),
    ("{count:decimal} {unit:unit}", mean.length),
    ("{length:compact}", lambda length: length),
    ("a? couple of {unit:unit}", lambda unit: mean.length(2, unit)),
    ("{count:int} fortnight|fortnights", lambda count: mean.length(2 * count, "week")),
    ("half an? hour", mean.fixed(minutes=30)),
    ("half hour", mean.fixed(minutes=30)),
    ("a? quarter of? an hour", mean.fixed(minutes=15)),
    ("three quarters of an hour", mean.fixed(minutes=45)),
]
_LENGTH: Final[list[Line]] = [
    ("{parts:length_part+}", mean.lengths),
    ("{first:length_part} {second:length_part}", lambda first, second: mean.lengths((first, second))),
    ("{length:length_part} and a half", mean.and_half),
    ("{length:length_part} and a quarter", lambda length: mean.and_half(length, 0.25)),
    ("{count:int} and a half {unit:unit}", lambda count, unit: mean.length(count + 0.5, unit)),
]
_OF_MONTH: Final[list[Line]] = [
    ("the? {each:weekday_place+}", mean.nths),
    ("the? {places:ordinal+} {weekday:weekday}", mean.nth),
    ("the? {day:ordinal} working|business|week day", lambda day: {"workday": day} if day in {1, -1} else None),
    ("the? {day:ordinal} workday|weekday", lambda day: {"workday": day} if day in {1, -1} else None),
    ("{days:monthdays}", mean.monthdays),
    ("the? {days:ordinal+}", mean.monthdays),
]
_MONTHDAYS: Final[list[Line]] = [
    ("the? {day:ordinal} day", lambda day: (day,) if day in {1, -1} else None),
    ("day|days {days:int+}", lambda days: days),
    ("day|days {days:int+} ,? and the last day", lambda days: (*days, -1)),
    ("the end", mean.constant((-1,))),
]


def grammar(clauses: list[Line]) -> Grammar:
    """Return the grammar with its clauses, which stand in a module of their own."""
    symbols: dict[str, list[Line]] = {
        "clause": clauses,
        "day": [*_DAY, ("{day:named} {part:part}", mean.with_part)],
        "named": _DAY,
        "date": _DATE,
        "monthday": [("{day:figure}", lambda day: day), ("{day:ordinal}", lambda day: day)],
        "hour": [("{clock:hm}", lambda clock: clock), ("{hour:spoken}", mean.bare_hour)],
        "any": [("{clock:hour}", lambda clock: clock), ("{clock:plain}", lambda clock: clock)],
        "clock": _CLOCK,
        "plain": _PLAIN,
        "told": _TOLD,
        "sure": _SURE,
        "next_clock": [("at? {clock:clock}", lambda clock: clock)],
        "length_part": _LENGTH_PART,
        "length": _LENGTH,
        "of_month": _OF_MONTH,
        "monthdays": _MONTHDAYS,
        "weekday_place": [("{place:ordinal} {weekday:weekday}", mean.place)],
        "moment": [
            ("{day:day} at {clock:clock}", mean.moment),
            ("{day:day} {clock:sure}?", mean.moment),
            ("{text:iso}", mean.moment),
        ],
        "parts": [(f"{part}s", mean.constant(part)) for part in ("morning", "afternoon", "evening", "night")],
        "per": [("a|per|each|every|an", mean.constant(True))],
        "left_out": [
            ("the? {day:date} at {clock:clock}", mean.moment),
            ("{day:date}", mean.moment),
            ("{text:iso}", mean.moment),
        ],
        "also_moment": [("{day:day} at {clock:clock}", mean.moment), ("{text:iso}", mean.moment)],
    }
    return Grammar(symbols, lexers(WORDS), frozenset({"and", "&"}))
