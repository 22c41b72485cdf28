"""What can be said about time in German, one line for each way of saying it."""

from typing import Final

from schedules.words.parsing import meanings as mean
from schedules.words.parsing.german import grammar
from schedules.words.parsing.grammar import Grammar, Line
from schedules.words.parsing.values import Day, Length

_EVERY: Final = "jeden|jede|jedes|jeder"
_CALENDAR: Final = frozenset({"day", "week", "month", "year"})

_ONCE: Final[list[Line]] = [
    ("um {times:next_clock+}", mean.clause()),
    ("um? {times:sure+}", mean.clause()),
    ("um? {times:told+}", mean.clause()),
    ("am|den|zum|für|an|dem? {day:day}", mean.one_day),
    ("am|zum ersten", mean.constant({"day": Day("monthday", day=1)})),
    ("einmal , am? {day:day}", mean.one_day),
    ("am? {text:iso}", mean.at_moment),
    ("einmal , {text:iso}", mean.at_moment),
    ("am {days:weekday+}", lambda days: {"some": days} if len(days) > 1 else None),
    ("am|in der {part:part}", mean.clause()),
    ("{part:adverb}", mean.habit),
    ("heute nacht", mean.constant({"day": Day("ahead", part="night")})),
    ("in {length:length}", mean.after),
]
_RATES: Final[list[Line]] = [
    ("täglich", mean.constant({"rate": ("day", 1)})),
    (
        f"{_EVERY} {{unit:unit}}",
        lambda unit: mean.rate(Length(None, 1, unit) if unit in _CALENDAR else mean.length(1, unit)),
    ),
    ("alle {length:length}", mean.rate),
    (
        f"{_EVERY} {{count:place}} {{unit:unit}}",
        lambda count, unit: mean.rate(mean.length(count, unit)) if count > 1 else None,
    ),
    ("stündlich", mean.constant(mean.rate(mean.fixed(hours=1)()))),
    ("halbstündlich", mean.constant(mean.rate(mean.fixed(minutes=30)()))),
    ("jede halbe stunde", mean.constant(mean.rate(mean.fixed(minutes=30)()))),
    ("jede viertelstunde", mean.constant(mean.rate(mean.fixed(minutes=15)()))),
    ("wöchentlich", mean.constant({"rate": ("week", 1)})),
    ("vierzehntägig|vierzehntäglich|14-tägig|zweiwöchentlich", mean.constant({"rate": ("week", 2)})),
    ("monatlich", mean.constant({"rate": ("month", 1)})),
    ("quartalsweise|vierteljährlich", mean.constant({"quarter": True})),
    ("jedes quartal|vierteljahr", mean.constant({"quarter": True})),
    ("jährlich|alljährlich", mean.constant({"rate": ("year", 1)})),
    ("einmal {times:per} {unit:unit}", mean.often(1)),
    ("zweimal {times:per} {unit:unit}", mean.often(2)),
    ("dreimal {times:per} {unit:unit}", mean.often(3)),
    ("{count:timesword} {times:per} {unit:unit}", mean.times_per),
    ("{count:int} mal {times:per} {unit:unit}", mean.times_per),
    ("zweimal täglich", lambda: mean.times_per(2, "day")),
    ("dreimal täglich", lambda: mean.times_per(3, "day")),
    ("{count:int} mal täglich", lambda count: mean.times_per(count, "day")),
    ("{count:timesword} täglich", lambda count: mean.times_per(count, "day")),
    ("alle {length:length} nach der uhr", mean.by_the_clock),
    ("jede minute nach der uhr", lambda: mean.by_the_clock(mean.fixed(minutes=1)())),
    ("jede stunde zur minute {minute:figure}", mean.by_the_clock),
]
_DAYS: Final[list[Line]] = [
    (f"{_EVERY} {{weekdays:weekday+}} {{part:part}}?", mean.weekly),
    (f"{_EVERY} {{day:day_and_part}}", lambda day: mean.weekly((day[0],), day[1])),
    ("{weekdays:plural+} {part:adverb}?", mean.weekly),
    ("immer {weekdays:plural+}", mean.weekly),
    ("immer am {weekdays:weekday+}", mean.weekly),
    (f"{_EVERY} {{place:place}} {{weekday:weekday}}", mean.every_nth),
    ("immer? von? {first:weekday} bis|-|\u2013 {last:weekday}", mean.weekday_range),
    ("immer? {days:range}", mean.weekly_range),
    (f"{_EVERY} werktag|arbeitstag|wochentag {{part:part}}?", mean.workdays),
    ("werktags|wochentags {part:adverb}?", mean.workdays),
    ("an werktagen|wochentagen|arbeitstagen", mean.workdays),
    ("am werktag", mean.workdays),
    ("jedes wochenende", mean.weekends),
    ("an wochenenden", mean.weekends),
    (f"{_EVERY} {{part:part}}", lambda part: {"rate": ("day", 1), "part": part}),
    (f"{_EVERY} {{day:date}}", mean.yearly),
]
_MONTHS: Final[list[Line]] = [
    (
        "am|zum|jeden|immer? am|dem? {of:of_month} {month:each_month}",
        lambda of, month: {**of, "rate": ("month", month)},
    ),
    (
        f"{_EVERY} {{days:capital_ordinal}}",
        lambda days: (said := mean.monthdays(days)) and {**said, "rate": ("month", 1)},
    ),
    (f"{_EVERY} {{days:dotted_day+}}", lambda days: (said := mean.monthdays(days)) and {**said, "rate": ("month", 1)}),
    ("jeden monatsletzten|monatsersten", lambda: None),
    ("am {of:of_month}", lambda of: of),
    ("im {months:month+}", mean.clause()),
]
_BOUNDS: Final[list[Line]] = [
    ("bis|endet einschließlich? {until:moment}", mean.clause()),
    ("ab|beginnend|startend ab|am? {start:moment}", mean.clause()),
    ("für|lang? {length:length} lang?", mean.span),
    ("{length:length} lang", mean.span),
    ("für? {count:int} mal|male|wiederholungen", mean.repeated),
    ("für? {count:timesword}", mean.repeated),
    ("zweimal", mean.constant({"count": 2})),
    ("dreimal", mean.constant({"count": 3})),
    ("außer|ausgenommen|ohne|nicht {days:left_out+}", lambda days: {"except": days}),
    ("außer|ausgenommen|nicht {days:plural+}", lambda days: {"except_weekdays": days}),
    ("außer|ausgenommen am|an? {days:weekday+}", lambda days: {"except_weekdays": days}),
    ("und auch am {moments:also_moment+}", lambda moments: {"also": moments}),
]
_REST: Final[list[Line]] = [
    ("( {zone:any_zone} )", mean.clause()),
    ("( in der eigenen zeitzone von allen )", mean.constant({"zone": "recipient"})),
    ("in der? eigenen zeitzone von? allen?", mean.constant({"zone": "recipient"})),
    ("in? {zone:zone} zeit?", mean.clause()),
    ("{city:city} zeit", mean.given(zone="city")),
    ("gar nicht , wo die uhr sie überspringt", mean.constant({"gap": "skip"})),
    ("beim zweiten mal , wo die uhr zurückgestellt wird", mean.constant({"fold": "second"})),
    ("beide male , wo die uhr zurückgestellt wird", mean.constant({"fold": "both"})),
    ("auch an feiertagen ( {calendar:calendar} )", lambda calendar: {"holidays": ("keep", calendar)}),
    ("nicht|außer an feiertagen ( {calendar:calendar} )", lambda calendar: {"holidays": ("skip", calendar)}),
    ("an feiertagen früher ( {calendar:calendar} )", lambda calendar: {"holidays": ("before", calendar)}),
    ("an feiertagen später ( {calendar:calendar} )", lambda calendar: {"holidays": ("after", calendar)}),
    ("für {who:mention+}", mean.clause()),
]

GERMAN: Final[Grammar] = grammar([*_ONCE, *_RATES, *_DAYS, *_MONTHS, *_BOUNDS, *_REST])
