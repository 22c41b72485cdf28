"""The vocabulary of German."""

from typing import Final

from schedules.words.parsing.lexers import Vocabulary

_WEEKDAYS: Final = (
    ("montag", "mo"), ("dienstag", "di"), ("mittwoch", "mi"), ("donnerstag", "do"), ("freitag", "fr"),
    ("samstag", "sonnabend", "sa"), ("sonntag", "so"),
)  # fmt: skip
_MONTHS: Final = (
    ("januar", "jänner", "jan"), ("februar", "feber", "feb"), ("märz", "maerz", "mär", "mrz"),
    ("april", "apr"), ("mai",),
    ("juni", "jun"), ("juli", "jul"), ("august", "aug"), ("september", "sep", "sept"), ("oktober", "okt"),
    ("november", "nov"), ("dezember", "dez"),
)  # fmt: skip
_NUMBERS: Final = (
    "eins",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwölf",
    "dreizehn",
    "vierzehn",
    "fünfzehn",
)
_TENS: Final = {"zwanzig": 20, "dreißig": 30, "vierzig": 40, "fünfzig": 50}
_ONES: Final = ("ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun")  # fmt: skip
_ORDINALS: Final = (
    "erst", "zweit", "dritt", "viert", "fünft", "sechst", "siebt", "acht", "neunt", "zehnt", "elft", "zwölft",
    "dreizehnt", "vierzehnt", "fünfzehnt",
)  # fmt: skip
_UNITS: Final = {
    "second": ("sekunde", "sekunden", "sek"),
    "minute": ("minute", "minuten", "min"),
    "hour": ("stunde", "stunden", "std"),
    "day": ("tag", "tage", "tagen"),
    "week": ("woche", "wochen"),
    "month": ("monat", "monate", "monaten", "monats"),
    "year": ("jahr", "jahre", "jahren"),
}
_PARTS: Final = {
    "morning": ("früh", "morgen", "morgens"),
    "forenoon": ("vormittag", "vormittags"),
    "noon": ("mittag", "mittags"),
    "afternoon": ("nachmittag", "nachmittags"),
    "evening": ("abend", "abends"),
    "night": ("nacht", "nachts"),
}
LONG_DAYS: Final = {word: day for day, words in enumerate(_WEEKDAYS) for word in words if len(word) > len("mo")}

WORDS: Final = Vocabulary(
    numbers={word: place for place, word in enumerate(_NUMBERS, 1)}
    | {"ein": 1, "eine": 1, "einer": 1, "einem": 1, "einen": 1, "zwo": 2, "neunzig": 90}
    | _TENS
    | {f"{one}und{ten}": tens + ones for ten, tens in _TENS.items() for ones, one in enumerate(_ONES, 1)},
    ordinals={
        word + ending: place for place, word in enumerate(_ORDINALS, 1) for ending in ("e", "en", "er", "es", "em")
    }
    | dict.fromkeys(("letzte", "letzten", "letzter", "letztes", "letztem"), -1),
    weekdays={word: day for day, words in enumerate(_WEEKDAYS) for word in words},
    plurals={f"{word}s": day for word, day in LONG_DAYS.items()},
    months={word: month for month, words in enumerate(_MONTHS, 1) for word in words},
    units={word: unit for unit, words in _UNITS.items() for word in words},
    parts={word: part for part, words in _PARTS.items() for word in words},
    city_ending="er",
    afternoons=False,
)

STRONG: Final = frozenset({
    *LONG_DAYS, *(f"{day}s" for day in LONG_DAYS),
    "jeden", "jede", "jedes", "jeder", "jedem", "täglich", "morgen", "übermorgen", "heute", "uhr", "werktags",
    "wochentags", "stündlich", "halbstündlich", "mitternacht", "außer", "morgens", "mittags", "abends", "nachts",
    "vormittags", "nachmittags", "vierzehntägig", "vierzehntäglich", "14-tägig", "irgendwann", "demnächst",
})  # fmt: skip
ADVERBS: Final = frozenset({"wöchentlich", "monatlich", "jährlich", "quartalsweise"})
DANGLING: Final = frozenset({
    *WORDS.ordinals, "diesen", "dieser", "dieses", "kommenden", "alle",
    "um", "am", "bis", "vor", "nach", "gegen", "ab", "jeden", "jede", "jedes", "nächsten", "nächste", "seit", "von",
    "zum",
    "der", "die", "das", "den", "dem", "ein", "eine", "und", "oder", "circa", "ca", "etwa", "im", "in", "spätestens",
    "bald", "später", "kurz", "erst", "gestern", "vorgestern",
})  # fmt: skip
FEASTS: Final = frozenset({
    "weihnachten", "ostern", "pfingsten", "silvester", "neujahr", "heiligabend", "nikolaus", "feierabend",
    "mittagessen",
    "abendessen", "frühstück",
})  # fmt: skip
LEADING: Final = frozenset({
    "oder", "und", "bis", "vor", "nach", "zwischen", "von", "vom", "in", "im", "am", "um", "für", "ab", "gegen", "seit",
    "außer", "nicht", "während", "pünktlich", "des", "eines", "gestern", "vorgestern",
})  # fmt: skip
