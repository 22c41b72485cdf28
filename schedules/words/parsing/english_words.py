"""The vocabulary of English."""

from typing import Final

from schedules.words.parsing.lexers import Vocabulary

_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT: Final = (
    ("mon",), ("tue", "tues"), ("wed", "weds"), ("thu", "thur", "thurs"), ("fri",), ("sat",), ("sun",),
)  # fmt: skip
_MONTHS: Final = (
    ("january", "jan"), ("february", "feb"), ("march", "mar"), ("april", "apr"), ("may",), ("june", "jun"),
    ("july", "jul"), ("august", "aug"), ("september", "sep", "sept"), ("october", "oct"), ("november", "nov"),
    ("december", "dec"),
)  # fmt: skip
_NUMBERS: Final = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen",
)  # fmt: skip
_TENS: Final = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
_ORDINALS: Final = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth",
)  # fmt: skip
_UNITS: Final = {
    "second": ("second", "seconds", "sec", "secs"),
    "minute": ("minute", "minutes", "min", "mins"),
    "hour": ("hour", "hours", "hr", "hrs"),
    "day": ("day", "days"),
    "week": ("week", "weeks", "wk", "wks"),
    "month": ("month", "months"),
    "year": ("year", "years", "yr", "yrs"),
}

WORDS: Final = Vocabulary(
    numbers={word: place for place, word in enumerate(_NUMBERS, 1)}
    | {"a": 1, "an": 1, "ninety": 90}
    | _TENS
    | {f"{ten}-{one}": tens + ones for ten, tens in _TENS.items() for ones, one in enumerate(_NUMBERS[:9], 1)},
    ordinals={word: place for place, word in enumerate(_ORDINALS, 1)} | {"last": -1},
    weekdays={word: day for day, word in enumerate(_WEEKDAYS)}
    | {word: day for day, words in enumerate(_SHORT) for word in words},
    plurals={f"{word}s": day for day, word in enumerate(_WEEKDAYS)},
    months={word: month for month, words in enumerate(_MONTHS, 1) for word in words},
    units={word: unit for unit, words in _UNITS.items() for word in words},
    parts={word: word for word in ("morning", "afternoon", "evening", "night")},
    halves={"am": "am", "a.m": "am", "pm": "pm", "p.m": "pm"},
)

STRONG: Final = frozenset({
    *_WEEKDAYS, *(f"{day}s" for day in _WEEKDAYS), "tue", "wed", "thu", "fri", "mon",
    "every", "each", "tomorrow", "today", "tonight", "until", "till", "except", "noon", "midday", "midnight", "o'clock",
    "weekdays", "everyday", "fortnightly", "biweekly", "hourly", "nightly", "sometime", "someday",
})  # fmt: skip
"""Words that speak of time so plainly that a message holding one may have been meant otherwise."""
ADVERBS: Final = frozenset({"daily", "weekly", "monthly", "quarterly", "yearly", "annually", "annual"})
"""The same, but adjectives too: “the weekly report”."""
DANGLING: Final = frozenset({
    *_ORDINALS, "last", "other", "this", "coming", "to", "on",
    "at", "by", "before", "after", "around", "about", "every", "each", "next", "until", "till", "since", "within",
    "than",
    "from", "of", "the", "a", "and", "or", "starting", "between", "soon", "later", "early", "late", "almost", "nearly",
    "yesterday", "ago", "alternate", "alternating", "mornings", "afternoons", "evenings", "nights",
})  # fmt: skip
"""A message does not end like this: something between it and the time was not understood."""
FEASTS: Final = frozenset({
    "christmas", "xmas", "easter", "thanksgiving", "halloween", "new", "eve", "lunch", "dinner", "breakfast", "sunrise",
    "sunset",
})  # fmt: skip
"""After “on”, “at” or “before”, these are times that nobody has told us."""
LEADING: Final = frozenset({
    "or", "and", "until", "till", "before", "after", "to", "through", "between", "from", "in", "on", "at", "for", "by",
    "around", "within", "except", "but", "not", "during", "since", "past", "o'clock", "sharp", "week",
    "fortnight", "-", "\u2013", "/", "+", "yesterday", "unless", "of",
    "mornings", "afternoons", "evenings", "nights",
})  # fmt: skip
"""A message does not begin like this right after a time: that went on, and was not understood."""
ZONES: Final = frozenset({
    "EST", "EDT", "ET", "CST", "CDT", "CT", "MST", "MDT", "MT", "PST", "PDT", "PT", "CET", "CEST", "EET", "EEST", "WET",
    "BST", "IST", "JST", "AEST", "AEDT", "MEZ", "MESZ", "HST", "SGT", "MSK",
})  # fmt: skip
"""Abbreviations that stand for several zones, or for one during half of the year."""
LOWER_ZONES: Final = frozenset({
    "est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "cet", "cest", "eest", "bst", "jst", "aest", "aedt",
    "mez", "mesz",
})  # fmt: skip
"""Those of them that are no words when they are written small."""
