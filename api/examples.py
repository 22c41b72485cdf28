"""Examples of whole request bodies, put together from those that the fields have."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

Schema = Mapping[str, Any]

_BY_FORMAT: Final = {
    "uuid": "01980a3c-7a1e-7cc0-9b0f-5d1f3f0c2a11",
    "date-time": "2027-11-26T15:00:00Z",
    "date": "2027-12-24",
    "duration": "PT24H",
}
_SECRETS: Final = {
    "password": "three wet socks on a line",
    "current_password": "three wet socks on a line",
    "new_password": "four dry shirts in a drawer",
    "token": "FauRgH4EFQu83_dRhxmRrDWearK1AUJTwX3jUy7sbjs",
    "refresh_token": "FauRgH4EFQu83_dRhxmRrDWearK1AUJTwX3jUy7sbjs",
    "username": "ada@example.com",
}
"""What nobody writes an example of beside the field."""
_BY_TYPE: Final[Mapping[str, Any]] = {"integer": 1, "number": 1, "boolean": True, "string": ""}


def example(schema: Schema, components: Schema) -> Any:  # noqa: ANN401  whatever JSON can hold
    """Return an example of a schema: what is required, and what else has an example of its own.

    A text that has none becomes empty, which a test refuses.
    """
    schema = _resolved(schema, components)
    for name in ("examples", "enum"):
        if schema.get(name):
            return schema[name][0]
    for name in ("const", "default"):
        if schema.get(name) is not None:
            return schema[name]
    if branches := _branches(schema):
        return example(branches[0], components)
    if schema.get("type") == "object":
        shown = _shown(schema, components)
        return {name: _SECRETS.get(name) or example(inner, components) for name, inner in shown}
    if schema.get("type") == "array":
        return [example(schema["items"], components)]
    return _BY_FORMAT.get(schema.get("format", ""), _BY_TYPE.get(schema.get("type", "")))


def _resolved(schema: Schema, components: Schema) -> Schema:
    if "$ref" not in schema:
        return schema
    # What stands beside a reference is said of this place, and goes before what it refers to.
    target: Schema = components[schema["$ref"].rsplit("/", 1)[1]]
    return {**target, **{name: value for name, value in schema.items() if name != "$ref"}}


def _branches(schema: Schema) -> list[Schema]:
    found = schema.get("oneOf") or schema.get("anyOf") or schema.get("allOf") or ()
    return [each for each in found if each.get("type") != "null"]


def _shown(schema: Schema, components: Schema) -> Iterator[tuple[str, Schema]]:
    inside: Schema = schema.get("properties", {})
    required = schema.get("required", ())
    for name, inner in inside.items():
        whole = _resolved(inner, components)
        told = [whole, *(_resolved(each, components) for each in _branches(whole))]
        # A change of an object requires nothing; then all is shown that has an example.
        if name in required or any("examples" in each for each in told):
            yield name, next((each for each in told if "examples" in each), inner)
