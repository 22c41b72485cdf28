"""What can be said about time in English, one line for each way of saying it."""

from typing import Final

from schedules.words.parsing import meanings as mean
from schedules.words.parsing.english import grammar
from schedules.words.parsing.grammar import Grammar, Line
from schedules.words.parsing.values import Day, Length

_CALENDAR: Final = frozenset({"week", "month", "year"})

_ONCE: Final[list[Line]] = [
    ("at|@ {times:next_clock+}", mean.clause()),
    ("at|@? {times:sure+}", mean.clause()),
    ("at|@? {times:told+}", mean.clause()),
    ("on|for|this|of? {day:day}", mean.one_day),
    ("once , {day:day}", mean.one_day),
    ("on? {text:iso}", mean.at_moment),
    ("once , {text:iso}", mean.at_moment),
    ("on {days:weekday+}", lambda days: {"some": days} if len(days) > 1 else None),
    ("in the {part:part}", mean.clause()),
    ("this {part:part}", lambda part: {"day": Day("ahead", part=part)}),
    ("tonight", mean.constant({"day": Day("ahead", part="night")})),
    ("at night", mean.constant({"part": "night"})),
    ("in {length:length}", mean.after),
    ("{length:length} from now", mean.after),
]
_RATES: Final[list[Line]] = [
    ("every|each single? day", mean.constant({"rate": ("day", 1)})),
    ("daily|everyday", mean.constant({"rate": ("day", 1)})),
    ("every|each {unit:unit}", lambda unit: mean.rate(Length(None, 1, unit)) if unit in _CALENDAR else None),
    ("every {length:length}", mean.rate),
    ("every|each {unit:unit}", lambda unit: mean.rate(mean.length(1, unit)) if unit not in _CALENDAR else None),
    ("hourly", mean.constant(mean.rate(mean.fixed(hours=1)()))),
    ("every other {unit:unit}", lambda unit: mean.rate(mean.length(2, unit))),
    (
        "every {count:ordinal} {unit:unit}",
        lambda count, unit: mean.rate(mean.length(count, unit)) if count > 1 else None,
    ),
    ("weekly", mean.constant({"rate": ("week", 1)})),
    ("every fortnight", mean.constant({"rate": ("week", 2)})),
    ("fortnightly", mean.constant({"rate": ("week", 2)})),
    ("biweekly|bi-weekly", mean.constant({"rate": ("week", 2), "doubt": "biweekly"})),
    ("monthly", mean.constant({"rate": ("month", 1)})),
    ("quarterly", mean.constant({"quarter": True})),
    ("every|each quarter", mean.constant({"quarter": True})),
    ("yearly|annually", mean.constant({"rate": ("year", 1)})),
    ("once|one {times:per} {unit:unit}", mean.often(1)),
    ("twice {times:per} {unit:unit}", mean.often(2)),
    ("twice daily", lambda: mean.times_per(2, "day")),
    ("{count:int} times daily", lambda count: mean.times_per(count, "day")),
    ("{count:timesword} daily", lambda count: mean.times_per(count, "day")),
    ("{count:int} times {times:per} {unit:unit}", mean.times_per),
    ("{count:timesword} {times:per} {unit:unit}", mean.times_per),
    ("every {length:length} by the clock", mean.by_the_clock),
    ("every minute by the clock", lambda: mean.by_the_clock(mean.fixed(minutes=1)())),
    ("every hour at minute {minute:figure}", mean.by_the_clock),
]
_DAYS: Final[list[Line]] = [
    ("every|each {weekdays:weekday+} {part:part}?", mean.weekly),
    ("on? {weekdays:plural+} {part:part}?", mean.weekly),
    ("on? {weekdays:weekday+} {part:parts}", mean.weekly),
    ("on? weekday {part:parts}", mean.workdays),
    ("every other {weekdays:weekday+} {part:part}?", lambda weekdays, part=None: mean.weekly(weekdays, part, 2)),
    ("every {place:ordinal} {weekday:weekday}", mean.every_nth),
    ("every|each|on|from? {first:weekday} to|through|thru|until|till|-|\u2013 {last:weekday}", mean.weekday_range),
    ("every|on? {days:range}", mean.weekly_range),
    ("every|each weekday|workday|working|business day? {part:part}?", mean.workdays),
    ("on? weekdays|workdays {part:part}?", mean.workdays),
    ("on? working|business days", mean.workdays),
    ("on weekday", mean.workdays),
    ("every|each weekend", mean.weekends),
    ("on? weekends", mean.weekends),
    ("every|each {part:part}", lambda part: {"rate": ("day", 1), "part": part}),
    ("nightly", mean.constant({"rate": ("day", 1), "part": "night"})),
    ("every {day:date}", mean.yearly),
]
_MONTHS: Final[list[Line]] = [
    ("on|every? {of:of_month} of|in|every|each the|every|each? month", mean.monthly),
    ("on? {of:of_month} each|every month", mean.monthly),
    ("on? {of:of_month} of|in? every {every:int} months", mean.monthly),
    (
        "every {days:short_ordinal+} of? the? month?",
        lambda days: (said := mean.monthdays(days)) and {**said, "rate": ("month", 1)},
    ),
    ("on {of:of_month}", lambda of: of),
    ("in {months:month+}", mean.clause()),
    ("on {days:ordinal+}", mean.monthdays),
]
_BOUNDS: Final[list[Line]] = [
    ("until|till|til|through|thru|ending|ends on? {until:moment}", mean.clause()),
    ("starting|beginning|from|starts|begins|since on|from|with? {start:moment}", mean.clause()),
    ("for {length:length}", mean.span),
    ("for? {count:int} times|time|occurrences|repetitions", mean.repeated),
    ("for? {count:timesword}", mean.repeated),
    ("for? twice", mean.constant({"count": 2})),
    ("except|excluding|without|but|not on|for|not? on? {days:left_out+}", lambda days: {"except": days}),
    ("except|excluding|but not? on? {days:plural+}", lambda days: {"except_weekdays": days}),
    ("except|excluding on? {days:weekday+}", lambda days: {"except_weekdays": days}),
    ("and also on {moments:also_moment+}", lambda moments: {"also": moments}),
]
_REST: Final[list[Line]] = [
    ("( {zone:any_zone} )", mean.clause()),
    ("( in everybody's own time zone )", mean.constant({"zone": "recipient"})),
    ("in everybody's|everyone's own? local? time zone?", mean.constant({"zone": "recipient"})),
    ("in? {zone:zone} time?", mean.clause()),
    ("in? {city:city} time", mean.given(zone="city")),
    ("not at all where the clocks skip it", mean.constant({"gap": "skip"})),
    ("the second time where the clocks go back", mean.constant({"fold": "second"})),
    ("both times where the clocks go back", mean.constant({"fold": "both"})),
    ("also on holidays ( {calendar:calendar} )", lambda calendar: {"holidays": ("keep", calendar)}),
    ("not|except|but on holidays ( {calendar:calendar} )", lambda calendar: {"holidays": ("skip", calendar)}),
    ("earlier on holidays ( {calendar:calendar} )", lambda calendar: {"holidays": ("before", calendar)}),
    ("later on holidays ( {calendar:calendar} )", lambda calendar: {"holidays": ("after", calendar)}),
    ("for {who:mention+}", mean.clause()),
]

ENGLISH: Final[Grammar] = grammar([*_ONCE, *_RATES, *_DAYS, *_MONTHS, *_BOUNDS, *_REST])
