"""Hostile values, as JSON that is written by hand because no library would write it, by what a schema asks for.

`REFUSED` must be refused wherever the schema does not allow exactly this; `ENDURED` may be taken or refused, but
must do no harm.
"""

import json
from collections.abc import Iterator
from typing import Any

from tests.matrix.operations import Schema, branches

TOKEN = "zqxhostilezqx"
"""Stands in every hostile text, and must stand in no answer."""

DEEP = 10_000
LONG = 100_000

TEXTS = {
    "half a surrogate pair": f'"{TOKEN}\\ud800"',
    "the other half": f'"\\udfff{TOKEN}"',
    "NUL": f'"{TOKEN}\\u0000"',
    "too long": f'"{TOKEN}{"x" * LONG}"',
}
TYPES = {
    "string": f'"{TOKEN}"', "integer": "1", "number": "1.5", "boolean": "true", "array": f'["{TOKEN}"]',
    "object": f'{{"{TOKEN[:3]}": "{TOKEN}"}}', "null": "null",
}  # fmt: skip
NUMBERS = {
    "NaN": "NaN", "Infinity": "Infinity", "minus Infinity": "-Infinity", "beyond any float": "1e400",
    "huge": "1" + "0" * 30, "huge float": "1e30", "minus one": "-1", "a fraction": "1.5", "true": "true",
    "text": '"1"', "digits without end": "9" * 5_000,
}  # fmt: skip
BOOLEANS = {"number": "1", "word": '"true"', "yes": '"yes"', "empty": '""'}
INSTANTS = {
    name: json.dumps(text)
    for name, text in {
        "year 9999": "9999-12-31T23:59:59Z",
        "year 1": "0001-01-01T00:00:00Z",
        "no such day": "2027-02-30T09:00:00Z",
        "no such hour": "2027-02-20T25:00:00Z",
        "huge offset": "2027-02-20T09:00:00+99:99",
        "a number": "1800000000",
        "a leap second's neighbour": "2027-02-20T23:59:61Z",
        "other digits": "٢٠٢٧-02-20T09:00:00Z",
    }.items()
}
ZONES = {
    name: json.dumps(name)
    for name in (
        "America", "localtime", "posixrules", "../etc/passwd", "/etc/passwd", "Europe/Berlin\0", "europe/berlin ",
        "Europe/", "EST5EDT4,M3.2.0", "Factory\n", "zone.tab", "tzdata.zi",
    )
}  # fmt: skip
FORMATS = {
    "uuid": {"no id": f'"{TOKEN}"', "an id and more": '"0190b5f0-0000-7000-8000-000000000000x"', "empty": '""'},
    "date-time": INSTANTS | {"naive": '"2027-02-20T09:00:00"', "only a date": '"2027-02-20"'},
    "date": {"year 9999": '"9999-12-31"', "year 1": '"0001-01-01"', "no such day": '"2027-02-30"', "empty": '""'},
    "duration": {
        "months": '"P1M"', "negative": '"-PT1H"', "in words": '"an hour"', "a million years": '"P365000000D"',
        "empty": '""', "digits without end": f'"PT{"9" * 5_000}S"',
    },
}  # fmt: skip
ENDURED = {
    "line separator": f'"a\\u2028b{TOKEN}"',
    "other direction": f'"\\u202e{TOKEN}"',
    "empty": '""',
    "blanks": '"   "',
    "no character at all": '"\\ufffe\\uffff"',
    "huge": "1" + "0" * 30,
    "minus one": "-1",
    "nothing": "null",
    "empty list": "[]",
    "empty object": "{}",
}

WORLDLY = {
    "once": {"kind": "once", "at": "2027-11-27T16:00:00Z"},
    "interval": {"kind": "interval", "every": "PT1H"},
    "cron": {"kind": "cron", "expression": "0 9 * * *", "timezone": "UTC"},
    "rrule": {"kind": "rrule", "rrule": "FREQ=DAILY", "starts_at": "2027-11-27T16:00:00Z", "timezone": "UTC"},
}
"""Of unions on `kind`, one that is valid per kind: an example of each field does not make a whole."""


def endured(schema: Schema) -> Iterator[tuple[str, str]]:
    """Yield what a field may take or refuse, by name and JSON; what is of no allowed type is refused anyway."""
    allowed = types(schema)
    for name, raw in ENDURED.items():
        if _kind(raw) in allowed or (_kind(raw) == "integer" and "number" in allowed):
            yield name, raw


def _kind(raw: str) -> str:
    return {'"': "string", "[": "array", "{": "object", "n": "null"}.get(raw[0], "integer")


def refused(name: str, schema: Schema) -> Iterator[tuple[str, str]]:
    """Yield what must be refused in a field, by name and JSON."""
    allowed = types(schema)
    yield from ((f"{kind} instead", TYPES[kind]) for kind in TYPES if not _fits(kind, allowed))
    for branch in branches(schema):
        yield from _of_branch(name, branch, allowed)


def _of_branch(name: str, branch: Schema, allowed: set[str]) -> Iterator[tuple[str, str]]:
    kind = branch.get("type")
    if "enum" in branch or "const" in branch:
        yield "no such word", f'"{TOKEN}"'
    elif kind == "string":
        yield from TEXTS.items()
        yield from FORMATS.get(branch.get("format", ""), {}).items()
        if name == "timezone":
            yield from ZONES.items()
        if name in {"at", "starts_at", "ends_at"}:
            yield from INSTANTS.items()
        if branch.get("minLength"):
            yield "empty", '""'
    elif kind == "integer":
        yield from ((name, value) for name, value in NUMBERS.items() if name != "text" or "string" not in allowed)
    elif kind == "boolean":
        yield from BOOLEANS.items()
    elif kind == "array" and "maxItems" in branch:
        yield "too many", json.dumps([TOKEN] * (branch["maxItems"] + 1))


def types(schema: Schema) -> set[str]:
    """Return the JSON types that a schema allows; all of them where it does not say."""
    found = {_type(each) for each in branches(schema)}
    return set(TYPES) if None in found else {each for each in found if each}


def _type(branch: Schema) -> str | None:
    if "enum" in branch or "const" in branch:
        return "string"
    kind: str | None = branch.get("type")
    return kind


def _fits(kind: str, allowed: set[str]) -> bool:
    # What is whole is also a number.
    return kind in allowed or (kind == "integer" and "number" in allowed)


def nested(depth: int = DEEP) -> str:
    """Return lists within lists."""
    return "[" * depth + "]" * depth


def example(schema: Schema) -> Any:
    """Return something that a schema allows, for what a valid request leaves out."""
    branch = branches(schema)[0]
    if "const" in branch or "enum" in branch:
        return branch.get("const", branch.get("enum", [None])[0])
    if "properties" in branch:
        kind = branch["properties"].get("kind", {}).get("const")
        return WORLDLY.get(kind) or {name: example(branch["properties"][name]) for name in branch.get("required", ())}
    return next(iter(branch.get("examples", ())), [] if branch.get("type") == "array" else None)
