"""Every place in a body where a value stands, found by its schema, and bodies with something else in that place."""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.hostile.values import example
from tests.matrix.operations import Schema, branches

HOLE = "<the hole>"
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Place:
    """One place in a body: where, what the schema asks for there, and a body that is valid around it."""

    path: Path
    schema: Schema
    body: Any

    @property
    def name(self) -> str:
        """The path as problems name it."""
        return ".".join(str(part) for part in self.path)

    def filled(self, raw: str) -> bytes:
        """Return the body with a value, given as JSON, in this place."""
        return json.dumps(put(self.body, self.path, HOLE)).replace(f'"{HOLE}"', raw).encode()


def places(schema: Schema, body: Any, path: Path = ()) -> Iterator[Place]:
    """Yield every place in a body below a path, each kind of a union with an example of its own."""
    if path:
        yield Place(path, schema, body)
    for branch in branches(schema):
        here = get(body, path)
        if "properties" in branch:
            inside = here if _is_of(here, branch) else example(branch)
            around = put(body, path, inside)
            for name, inner in branch["properties"].items():
                yield from places(inner, around, (*path, name))
        elif "items" in branch:
            yield from places(branch["items"], put(body, path, here or [None]), (*path, 0))


def objects(schema: Schema, body: Any) -> Iterator[Place]:
    """Yield every place where an object stands, the whole body included."""
    whole = Place((), schema, body)
    for place in (whole, *places(schema, body)):
        value = get(place.body, place.path)
        if isinstance(value, dict):
            yield Place((*place.path, "zqx_unknown"), {}, place.body)


def _is_of(value: Any, branch: Schema) -> bool:
    kind = branch["properties"].get("kind", {})
    return isinstance(value, dict) and ("const" not in kind or value.get("kind") == kind["const"])


def get(body: Any, path: Path) -> Any:
    """Return what stands at a path, None if nothing does."""
    for part in path:
        if isinstance(body, dict):
            body = body.get(part)
        elif isinstance(body, list) and isinstance(part, int) and part < len(body):
            body = body[part]
        else:
            return None
    return body


def put(body: Any, path: Path, value: Any) -> Any:
    """Return a copy of a body with something else at a path."""
    if not path:
        return value
    first, rest = path[0], path[1:]
    if isinstance(first, int):
        items = list(body or [None])
        items[first] = put(items[first], rest, value)
        return items
    return copy.copy(body or {}) | {first: put((body or {}).get(first), rest, value)}
