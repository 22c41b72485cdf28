"""What the OpenAPI document says of each operation, in the shape that tests derived from it need."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from api.app import create_app
from api.openapi import build
from core.settings import Settings

ROOT_PATHS = ("/healthz", "/readyz", "/metrics")
Schema = dict[str, Any]


@dataclass(frozen=True)
class Operation:
    """One operation, with every reference in its schemas resolved."""

    id: str
    method: str
    path: str
    """As an absolute path on the server, with `{names}`."""
    parameters: tuple[dict[str, Any], ...]
    body: Schema | None
    media_type: str | None
    responses: dict[str, Any]

    def codes(self, status: int) -> set[str]:
        """Return the error codes that the document names for a status."""
        media = self.responses.get(str(status), {}).get("content", {}).get("application/problem+json", {})
        return set(media.get("examples", {}))

    def ids(self) -> Iterator[tuple[str, str]]:
        """Yield where an id can be put: `("path", "team_id")`, `("query", ...)`, `("body", "audience.users.0")`."""
        for each in self.parameters:
            if each["in"] in {"path", "query"} and _holds_id(each["schema"]):
                yield each["in"], each["name"]
        for path, schema in leaves(self.body or {}):
            if schema.get("format") == "uuid":
                yield "body", path


@cache
def api_document() -> dict[str, Any]:
    """Return the OpenAPI document of an application that was not started, made once; it is only to be read."""
    return build(create_app(Settings(_env_file=None)))


@cache
def operations() -> dict[str, Operation]:
    """Return every operation of the document by its id."""
    document, found = api_document(), {}
    for path, methods in document["paths"].items():
        for method, each in methods.items():
            media_type, body = _body(each.get("requestBody"))
            found[each["operationId"]] = Operation(
                each["operationId"],
                method.upper(),
                path,
                tuple(resolved(parameter, document) for parameter in each.get("parameters", ())),
                resolved(body, document),
                media_type,
                each["responses"],
            )
    return found


def _body(declared: dict[str, Any] | None) -> tuple[str | None, Any]:
    # The first type that a body can have; `tests/hostile/test_types.py` knows of the one that has two.
    if declared is None:
        return None, None
    media_type, media = next(iter(declared["content"].items()))
    return media_type, media["schema"]


def resolved(schema: Any, document: Schema) -> Any:
    """Return a schema with its references replaced by what they refer to."""
    if isinstance(schema, list):
        return [resolved(each, document) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        target = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        return resolved(target, document)
    return {name: resolved(each, document) for name, each in schema.items() if name != "discriminator"}


def branches(schema: Schema) -> list[Schema]:
    """Return the alternatives of a schema, or the schema itself."""
    found = schema.get("anyOf") or schema.get("oneOf")
    return [branch for each in found for branch in branches(each)] if found else [schema]


def leaves(schema: Schema, path: str = "") -> Iterator[tuple[str, Schema]]:
    """Yield the path and schema of everything in a body that is neither object nor list; `0` stands for an item."""
    for branch in branches(schema):
        if "properties" in branch:
            for name, inner in branch["properties"].items():
                yield from leaves(inner, f"{path}.{name}".lstrip("."))
        elif "items" in branch:
            yield from leaves(branch["items"], f"{path}.0".lstrip("."))
        elif branch.get("type") != "null":
            yield path, branch


def _holds_id(schema: Schema) -> bool:
    # `assignee` is an id or `me`, which is told only in its examples.
    return any(each.get("format") == "uuid" for each in branches(schema))
