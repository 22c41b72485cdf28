"""Single words and numbers, by the vocabulary of a language."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from schedules.words.parsing.grammar import Lexer
from schedules.words.parsing.tokens import Token
from schedules.words.parsing.values import Clock, Length
from schedules.zones import names

_HOURS, _MINUTES, _NOON = 24, 60, 12
_CLOCK: Final = re.compile(r"(\d{1,2})(?:[:.](\d\d))?(?::(\d\d))?(am|pm|a|p|h|uhr)?", re.ASCII)
_COMPACT: Final = re.compile(
    r"(?:(\d{1,3})h(?:rs?|ours?)?)?(?:(\d{1,4})(?:m|mins?|min)?)?(?:(\d{1,4})s(?:ecs?)?)?", re.ASCII
)
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\dt\d\d:\d\d(:\d\d)?(z|[+-]\d\d:\d\d)?", re.ASCII)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_YEAR: Final = re.compile(r"(19|20|21)\d\d", re.ASCII)
_NUMERIC: Final = re.compile(r"(\d{1,2})([./])(\d{1,2})(?:\2(\d{4}|\d\d))?", re.ASCII)
_ORDINAL: Final = re.compile(r"(\d{1,2})(st|nd|rd|th)", re.ASCII)
_COUNTRY: Final = re.compile(r"[a-z]{2}(-[a-z0-9]{1,3})?", re.ASCII)
_TIMES: Final = re.compile(r"(\d{1,4})(?:x|-?mal|\u00d7)", re.ASCII)
LIKELY_LATER: Final = 5
"""A bare hour up to this one is likelier in the afternoon."""
_MOST_FIGURES: Final = 10

Meanings = Sequence[tuple[Any, int]]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a language."""

    numbers: Mapping[str, int]
    ordinals: Mapping[str, int]
    weekdays: Mapping[str, int]
    plurals: Mapping[str, int]
    """Weekdays that say “every” by themselves: Mondays, montags."""
    months: Mapping[str, int]
    units: Mapping[str, str]
    parts: Mapping[str, str]
    halves: Mapping[str, str] = field(default_factory=dict)
    """am and pm."""
    city_ending: str = ""
    """What a city takes on before the word for time: New Yorker Zeit."""
    afternoons: bool = True
    """Whether 4:30 is likelier in the afternoon."""


def lexers(words: Vocabulary) -> dict[str, Lexer]:
    """Return the lexers of a language."""
    listed = {
        "weekday": words.weekdays, "plural": words.plurals, "month": words.months, "unit": words.units,
        "part": words.parts, "half": words.halves,
    }  # fmt: skip
    single: dict[str, Callable[[str], Any]] = {name: entries.get for name, entries in listed.items()}
    single |= {
        "int": lambda low: words.numbers.get(low, _digits(low)),
        "figure": _digits,
        "ordinal": lambda low: words.ordinals.get(low) or _ordinal(low),
        "short_ordinal": _ordinal,
        "year": lambda low: int(low) if _YEAR.fullmatch(low) else None,
        "hm": lambda low: clock_of(low, afternoons=words.afternoons),
        "marked": lambda low: None if low.isdigit() else clock_of(low, afternoons=words.afternoons),
        "dotted": lambda low: clock_of(low.replace(".", ":"), afternoons=False) if "." in low else None,
        "spoken": lambda low: words.numbers.get(low) if len(low) > len("an") else None,
        "compact": _compact,
        "decimal": _decimal,
        "iso": lambda low: low.upper() if _ISO.fullmatch(low) else None,
        "isodate": lambda low: _isodate(low) if _DATE.fullmatch(low) else None,
        "numeric": _numeric,
        "range": lambda low: _range(low, words.weekdays),
        "timesword": lambda low: int(found[1]) if (found := _TIMES.fullmatch(low)) else None,
    }  # fmt: skip
    found = {name: _single(look) for name, look in single.items()}
    city = _city(words.city_ending)
    found["capital_ordinal"] = _capital(words.ordinals)
    return found | {"zone": _zone, "any_zone": _any_zone, "city": city, "mention": _mention, "calendar": _calendar}


def _single(look: Callable[[str], Any]) -> Lexer:
    def lex(tokens: Sequence[Token], at: int) -> Meanings:
        if at >= len(tokens) or not tokens[at].low:
            return []
        value = look(tokens[at].low)
        return [] if value is None else [(value, at + 1)]

    return lex


def _capital(ordinals: Mapping[str, int]) -> Lexer:
    """Read “Ersten”, which as a noun is a day of the month: “jeden Ersten”, not “jeden ersten Versuch”."""

    def lex(tokens: Sequence[Token], at: int) -> Meanings:
        if at >= len(tokens) or tokens[at].text[0].islower():
            return []
        return [((ordinals[tokens[at].low],), at + 1)] if tokens[at].low in ordinals else []

    return lex


def _digits(low: str) -> int | None:
    return int(low) if low.isascii() and low.isdigit() and len(low) <= _MOST_FIGURES else None


def _ordinal(low: str) -> int | None:
    found = _ORDINAL.fullmatch(low)
    return int(found[1]) if found else None


def clock_of(low: str, *, afternoons: bool) -> Clock | None:
    """Read `16:30`, `4pm`, `16h`, `9`; None where there is no such time."""
    found = _CLOCK.fullmatch(low)
    if not found:
        return None
    hour, minute, second = (int(part or 0) for part in found.groups()[:3])
    half = {"a": "am", "p": "pm"}.get(found[4] or "", found[4])
    if hour >= _HOURS or minute >= _MINUTES or second >= _MINUTES or ("." in low and not half):
        return None
    if half in {"am", "pm"}:
        return Clock(hour, minute, second).sure("am" if half == "am" else "pm")
    likely = hour <= LIKELY_LATER and (afternoons or not found[2])
    # Two figures for the hour, or an hour after seven with minutes, are how a 24-hour clock is written.
    unsure = half is None and 1 <= hour < _NOON and not low.startswith("0") and (not found[2] or likely)
    unsure = unsure and (afternoons or likely)
    return Clock(hour, minute, second, unsure, unsure and likely)


def _compact(low: str) -> Length | None:
    found = _COMPACT.fullmatch(low)
    if not found or low.isdigit() or not any(found.groups()):
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return Length(timedelta(hours=hours, minutes=minutes, seconds=seconds))


def _decimal(low: str) -> float | None:
    return float(low.replace(",", ".")) if re.fullmatch(r"\d{1,3}[.,]\d{1,2}", low) else None


def _isodate(low: str) -> tuple[int, int, int]:
    year, month, day = (int(part) for part in low.split("-"))
    return year, month, day


def _numeric(low: str) -> tuple[int, int, int | None, str] | None:
    found = _NUMERIC.fullmatch(low)
    if not found:
        return None
    year = int(found[4]) if found[4] else None
    return int(found[1]), int(found[3]), 2000 + year if year is not None and year < 100 else year, found[2]  # noqa: PLR2004  27 is 2027


def _range(low: str, weekdays: Mapping[str, int]) -> tuple[int, ...] | None:
    several = low.split("/")
    if len(several) > 1 and all(day in weekdays for day in several):
        return tuple(weekdays[day] for day in several)
    first, dash, last = low.partition("-")
    if not dash or first not in weekdays or last not in weekdays:
        return None
    return days_between(weekdays[first], weekdays[last])


def days_between(first: int, last: int) -> tuple[int, ...]:
    """Return the weekdays from one to another."""
    return tuple(sorted((first + step) % 7 for step in range((last - first) % 7 + 1)))


_ZONES: Final = {name.lower(): name for name in names() if "/" in name} | {"utc": "UTC", "gmt": "UTC"}
_ALL: Final = {name.lower(): name for name in names()}
_CITIES: Final = {
    name.rsplit("/", 1)[-1].replace("_", " ").lower(): name
    for name in sorted(names(), reverse=True)
    if name.split("/")[0] in {"Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
}


def _zone(tokens: Sequence[Token], at: int) -> Meanings:
    # Etc/GMT+12 and the like come as one token, or with a sign between two.
    for length in (3, 1):
        low = "".join(token.low for token in tokens[at : at + length])
        if low in _ZONES and at + length <= len(tokens):
            return [(_ZONES[low], at + length)]
    return []


def _any_zone(tokens: Sequence[Token], at: int) -> Meanings:
    """Read any zone at all, between brackets, where nothing else can be meant."""
    end = next((place for place in range(at, len(tokens)) if tokens[place].low == ")"), at)
    name = "".join(token.text for token in tokens[at:end])
    return [(_ALL[name.lower()], end)] if name.lower() in _ALL else []


def _city(ending: str) -> Lexer:
    def lex(tokens: Sequence[Token], at: int) -> Meanings:
        for length in (3, 2, 1):
            low = " ".join(token.low for token in tokens[at : at + length]).removesuffix(ending)
            if at + length <= len(tokens) and low in _CITIES:
                return [(_CITIES[low], at + length)]
        return []

    return lex


def _mention(tokens: Sequence[Token], at: int) -> Meanings:
    return [(tokens[at].text, at + 1)] if at < len(tokens) and tokens[at].low[:1] in {"@", "#"} else []


def _calendar(tokens: Sequence[Token], at: int) -> Meanings:
    """Read the name of holidays: `DE`, `US-CA`, `calendar:<uuid>`."""
    if at >= len(tokens):
        return []
    low = tokens[at].low
    if _COUNTRY.fullmatch(low):
        return [(low.upper(), at + 1)]
    name, _, number = low.partition(":")
    try:
        return [(f"calendar:{UUID(number)}", at + 1)] if name == "calendar" else []
    except ValueError:
        return []


def is_moment(text: str) -> bool:
    """Tell whether a written-out date-time exists."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def compound(firsts: Mapping[str, int], seconds: Mapping[str, str], *, whole: bool = False) -> Lexer:
    """Read two words written as one (Montagabend); with `whole`, only the second is meant."""
    known = {
        first + second: part if whole else (day, part)
        for first, day in firsts.items()
        for second, part in seconds.items()
    }
    return _single(known.get)
