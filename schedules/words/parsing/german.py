"""The grammar of German."""

from typing import Final

from schedules.words.parsing import meanings as mean
from schedules.words.parsing.german_words import LONG_DAYS, WORDS
from schedules.words.parsing.grammar import Grammar, Line
from schedules.words.parsing.lexers import compound, lexers
from schedules.words.parsing.values import Clock, Day

_NEXT: Final = "nächsten|nächster|nächste|nächstes"
_DAY: Final[list[Line]] = [
    ("heute", mean.constant(Day("ahead"))),
    ("morgen", mean.constant(Day("ahead", ahead=1))),
    ("übermorgen", mean.constant(Day("ahead", ahead=2))),
    ("{weekday:weekday} .?", mean.on_weekday),
    ("diesen|kommenden|dieser|kommender {weekday:weekday}", mean.on_weekday),
    (f"{_NEXT} {{weekday:weekday}}", lambda weekday: mean.on_weekday(weekday, following=True)),
    ("nächste|kommende woche", mean.constant(Day("ahead", ahead=1, unit="week", next=True))),
    ("nächsten|kommenden monat", mean.constant(Day("ahead", ahead=1, unit="month", next=True))),
    ("nächstes|kommendes jahr", mean.constant(Day("ahead", ahead=1, unit="year", next=True))),
    ("{weekday:weekday} nächste|kommende|nächster woche", lambda weekday: Day("next_week", weekday=weekday)),
    ("nächste|kommende woche {weekday:weekday}", lambda weekday: Day("next_week", weekday=weekday)),
    ("dieses|kommendes? wochenende", mean.constant(Day("weekend"))),
    ("{day:figure} .", lambda day: Day("monthday", day=day) if day else None),
    ("{day:ordinal} dieses monats", lambda day: Day("monthday", day=day)),
    ("monatsende|monatsletzten", mean.constant(Day("monthday", day=-1))),
    ("ende des monats", mean.constant(Day("monthday", day=-1))),
    ("{date:date}", lambda date: date),
]
_DATE: Final[list[Line]] = [
    (
        "{weekday:weekday}? .? ,? den|dem? {day:monthday} {month:month} .? {year:year}?",
        mean.dated,
    ),
    (
        "{weekday:weekday}? .? ,? den|dem? {date:isodate}",
        lambda date, weekday=None: mean.checked(mean.iso_date(date), weekday),
    ),
    ("{weekday:weekday}? .? ,? den|dem? {date:numeric} .", lambda date, weekday=None: _numeric(date, weekday)),
    (
        "{weekday:weekday}? .? ,? den|dem? {date:numeric}",
        lambda date, weekday=None: date[2] and _numeric(date, weekday),
    ),
]
_PLAIN: Final[list[Line]] = [
    ("{clock:told}", lambda clock: clock),
    ("fünf vor halb {hour:hour}", lambda hour: mean.past(35, hour, before=True)),
    ("fünf nach halb {hour:hour}", lambda hour: mean.past(25, hour, before=True)),
    ("{minutes:int} minuten? nach {hour:hour}", mean.past),
    ("{minutes:int} minuten? vor {hour:hour}", lambda minutes, hour: mean.past(minutes, hour, before=True)),
]
_TOLD: Final[list[Line]] = [
    ("halb {hour:hour}", lambda hour: mean.past(30, hour, before=True)),
    ("viertel nach {hour:hour}", lambda hour: mean.past(15, hour)),
    ("viertel vor {hour:hour}", lambda hour: mean.past(15, hour, before=True)),
    ("dreiviertel {hour:hour}", lambda hour: mean.past(15, hour, before=True)),
]
"""Times of day that cannot be anything else, and need no “um” before them."""
_SURE: Final[list[Line]] = [
    ("mittag|mittags", mean.constant(Clock(12))),
    ("zwölf uhr mittags", mean.constant(Clock(12))),
    ("mitternacht", mean.constant(Clock(0))),
    ("{hour:hour} uhr", mean.by_uhr),
    ("{clock:dotted} uhr", lambda clock: clock),
    ("{hour:hour} uhr {minute:minute}", mean.by_uhr),
    ("{clock:any} {part:adverb}", mean.in_part),
    ("{clock:any} uhr? am {part:part}", mean.in_part),
    ("{clock:any} uhr? in der nacht", lambda clock: mean.in_part(clock, "night")),
    ("{clock:hour} uhr {part:adverb}", mean.in_part),
    ("{clock:marked}", lambda clock: clock),
]
_LENGTH_PART: Final[list[Line]] = [
    ("{count:int} {unit:unit}", mean.length),
    ("{count:decimal} {unit:unit}", mean.length),
    ("{length:compact}", lambda length: length),
    ("einer|eine? halben|halbe stunde", mean.fixed(minutes=30)),
    ("einer|eine? viertelstunde", mean.fixed(minutes=15)),
    ("einer|eine? dreiviertelstunde", mean.fixed(minutes=45)),
    ("anderthalb|eineinhalb {unit:unit}", lambda unit: mean.length(1.5, unit)),
    ("zweieinhalb {unit:unit}", lambda unit: mean.length(2.5, unit)),
    ("dreieinhalb {unit:unit}", lambda unit: mean.length(3.5, unit)),
    ("einem|ein paar minuten", lambda: None),
]
_LENGTH: Final[list[Line]] = [
    ("{parts:length_part+}", mean.lengths),
    ("{first:length_part} {second:length_part}", lambda first, second: mean.lengths((first, second))),
]
_OF_MONTH: Final[list[Line]] = [
    ("{each:weekday_place+}", mean.nths),
    ("{places:place+} {weekday:weekday}", mean.nth),
    ("{day:ordinal} werktag|arbeitstag", lambda day: {"workday": day} if day in {1, -1} else None),
    ("{days:monthdays}", mean.monthdays),
    ("{days:place+}", mean.monthdays),
]
_MONTHDAYS: Final[list[Line]] = [
    ("{day:ordinal} tag", lambda day: (day,) if day in {1, -1} else None),
    ("{days:dotted_day+} ,? und letzten tag", lambda days: (*days, -1)),
    ("{days:dotted_day+}", lambda days: days),
    ("monatsletzten|monatsende", mean.constant((-1,))),
    ("monatsersten", mean.constant((1,))),
]


def _numeric(date: tuple[int, int, int | None, str], weekday: int | None) -> Day | None:
    return mean.checked(mean.numeric(dots=True)(date), weekday)


_MOMENTS: Final[dict[str, list[Line]]] = {
    "moment": [
        ("am|dem|den|zum? {day:day} um {clock:clock}", mean.moment),
        ("am|dem|den|zum? {day:day} {clock:sure}?", mean.moment),
        ("{text:iso}", mean.moment),
    ],
    "left_out": [
        ("am|den? {day:date} um {clock:clock}", mean.moment),
        ("am|den? {day:date}", mean.moment),
        ("{text:iso}", mean.moment),
    ],
    "also_moment": [("am? {day:day} um {clock:clock}", mean.moment), ("{text:iso}", mean.moment)],
}


def grammar(clauses: list[Line]) -> Grammar:
    """Return the grammar with its clauses, which stand in a module of their own."""
    symbols: dict[str, list[Line]] = {
        "clause": clauses,
        "day": [
            *_DAY,
            ("{day:named} {part:part}", mean.with_part),
            ("{day:day_and_part}", lambda day: Day("weekday", weekday=day[0], part=day[1])),
        ],
        "named": _DAY,
        "date": _DATE,
        "monthday": [("{day:figure} .", lambda day: day), ("{day:ordinal}", lambda day: day)],
        "dotted_day": [("{day:figure} .", lambda day: day)],
        "place": [("{day:figure} .", lambda day: day), ("{day:ordinal}", lambda day: day)],
        "hour": [
            ("{clock:hm}", lambda clock: clock),
            ("{hour:spoken}", mean.bare_hour),
            ("ein", lambda: mean.bare_hour(1)),
        ],
        "any": [("{clock:hour}", lambda clock: clock), ("{clock:plain}", lambda clock: clock)],
        "clock": [
            *_PLAIN,
            *_SURE,
            ("{clock:hm}", lambda clock: clock),
            ("{hour:spoken}", lambda hour: mean.bare_hour(hour, unsure_until=6)),
        ],
        "minute": [("{minute:int}", lambda minute: minute if 1 < minute < 60 else None)],  # noqa: PLR2004  minutes
        "plain": _PLAIN,
        "told": _TOLD,
        "sure": _SURE,
        "next_clock": [("um? {clock:clock}", lambda clock: clock)],
        "length_part": _LENGTH_PART,
        "length": _LENGTH,
        "of_month": _OF_MONTH,
        "monthdays": _MONTHDAYS,
        "per": [("am|pro|im|in|die", mean.constant(True)), ("in der", mean.constant(True))],
        "each_month": [
            ("jeden|jedes|des|im|eines|pro monat|monats", mean.constant(1)),
            ("eines jeden monats", mean.constant(1)),
        ],
        "weekday_place": [("{place:place} {weekday:weekday}", mean.place)],
        **_MOMENTS,
    }  # fmt: skip
    own = {
        "day_and_part": compound(LONG_DAYS, {"abend": "evening", "morgen": "morning", "mittag": "noon"}
            | {"nachmittag": "afternoon", "vormittag": "forenoon", "früh": "morning", "nacht": "night"}),
        "adverb": compound({"": 0}, {"morgens": "morning", "abends": "evening", "nachts": "night", "früh": "morning"}
            | {"vormittags": "forenoon", "nachmittags": "afternoon", "mittags": "noon"}, whole=True),
    }  # fmt: skip
    return Grammar(symbols, lexers(WORDS) | own, frozenset({"und", "&", "sowie"}))
