"""What validation found, by field, without repeating what was sent."""

from collections.abc import Mapping, Sequence
from typing import Any

LONGEST = 200
MOST_PROBLEMS = 100
RENAMED = {
    "extra_forbidden": "unknown_field",
    "model_attributes_type": "not_an_object",
    "model_type": "not_an_object",
    "dict_type": "not_an_object",
}
# Where Pydantic speaks to whoever wrote the schema rather than to whoever sent the request.
SAID = {
    "unknown_field": "There is no such field here; leave it out",
    "timezone_aware": "Add the offset, such as Z or +01:00 (in a URL, + is written %2B)",
}
NOT_AN_OBJECT = "Send a JSON object, with Content-Type: application/json"
PLACES = ("body", "query", "path", "header", "cookie")


def field_problems(found: Sequence[Mapping[str, Any]], body: object) -> list[dict[str, str]]:
    """Return `field`, `message` and `code` of each thing that validation found, at most a hundred."""
    return [_one(each, body) for each in found[:MOST_PROBLEMS]]


def _one(found: Mapping[str, Any], body: object) -> dict[str, str]:
    code = str(found["type"])
    if code == "json_invalid":
        return {"field": "body", "message": "This is not JSON", "code": "invalid_json"}
    code = RENAMED.get(code, code)
    field = _clean(_path(found["loc"], body) or "body")
    message = SAID.get(code) or _clean(str(found["msg"]).removeprefix("Value error, "))
    if code == "not_an_object":
        message = NOT_AN_OBJECT if field == "body" else "Write a JSON object here"
    return {"field": field, "message": message, "code": code}


def _path(loc: Sequence[Any], body: object) -> str:
    if not loc or loc[0] not in PLACES:
        return ".".join(str(part) for part in loc)
    if loc[0] != "body":
        return ".".join(str(part) for part in loc[1:])
    # Pydantic puts the tag of a union into the path; whoever sent `schedule.expression` knows no `schedule.cron`.
    value, parts = body, []
    for position, part in enumerate(loc[1:], start=1):
        last = position == len(loc) - 1
        if isinstance(value, dict) and not last and _is_tag(part, value):
            continue
        parts.append(str(part))
        value = _inside(value, part)
    return ".".join(parts)


def _is_tag(part: object, value: Mapping[object, Any]) -> bool:
    # A schedule of the kind `rrule` has a field of that name, too, but nothing can be inside of a text.
    return part not in value or (value.get("kind") == part and isinstance(value[part], str))


def _inside(value: object, part: object) -> object:
    if isinstance(value, dict):
        return value.get(part)
    return value[part] if isinstance(value, list) and isinstance(part, int) and part < len(value) else None


def _clean(text: str) -> str:
    # A field's name comes from the client, and half a character cannot be written as JSON.
    return text[:LONGEST].encode("ascii" if not text.isprintable() else "utf-8", "backslashreplace").decode()
