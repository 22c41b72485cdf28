"""How the policy table is written: one line per operation, and what it says of whoever asks."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.matrix.operations import Operation

Door = Literal["open", "ops", "me", "viewer", "member", "admin", "owner", "operator"]
"""Who gets in: everybody, whoever has the OPS_TOKEN, whoever is signed in, those with a role in the team at the
least, operators of the installation."""

ROLES = ("viewer", "member", "admin", "owner")
PLACEHOLDER = re.compile(r"<(\w+)>")


@dataclass(frozen=True)
class Rule:
    """Who may do an operation, and a request that succeeds when they do.

    In `body`, `ids`, `query` and `headers` a word in `<>` stands for an id of the world. A parameter of the path that
    `ids` does not name is the id of that name: `reminder_id` is `<reminder>`.
    """

    door: Door
    status: int = 200
    """What they get who may."""
    body: Any = None
    probe: Any = None
    """The body to be tried with foreign ids, where it is not `body`: what everybody may, naming something."""
    ids: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    person: bool = False
    """API keys are refused, whatever their scope."""
    slow: bool = False
    """It reckons with passwords: asked by three, because an open door looks at nobody."""
    hidden: bool = False
    """It shows to operators what belongs to others."""
    operators: bool = False
    """Operators of the installation may do it in any team."""
    proven: bool = False
    """Whoever has not proven their mailbox may not."""
    alone: bool = False
    """It is about something that only the owner of our team ever had; for everybody else it does not exist."""


@dataclass(frozen=True)
class Ask:
    """A request that is ready to be sent."""

    method: str
    path: str
    options: dict[str, Any]


def filled(template: Any, ids: Mapping[str, str]) -> Any:
    """Return a template with its placeholders replaced."""
    text = PLACEHOLDER.sub(lambda match: ids[match[1]], json.dumps(template, ensure_ascii=False))
    return json.loads(text)


def parameters(operation: Operation, rule: Rule) -> dict[str, str]:
    """Return what stands for each name in a path."""
    names = re.findall(r"{(\w+)}", operation.path)
    return {name: rule.ids.get(name, f"<{name.removesuffix('_id')}>") for name in names}


def ask(operation: Operation, rule: Rule, ids: Mapping[str, str]) -> Ask:
    """Return the request of a rule with the ids of a world."""
    return assemble(
        operation,
        filled(parameters(operation, rule), ids),
        filled(dict(rule.query), ids),
        filled(rule.body, ids),
        filled(dict(rule.headers), ids),
    )


def assemble(
    operation: Operation, path: Mapping[str, str], query: Mapping[str, str], body: Any, headers: Mapping[str, str]
) -> Ask:
    """Return a request put together from its parts."""
    options: dict[str, Any] = {"params": dict(query), "headers": dict(headers)}
    if operation.media_type == "application/json":
        if body is not None:
            options["json"] = body
    elif operation.media_type == "application/x-www-form-urlencoded":
        options["data"] = body
    elif operation.media_type:
        options |= {"content": body.encode(), "headers": options["headers"] | {"Content-Type": operation.media_type}}
    return Ask(operation.method, operation.path.format(**path), options)


@dataclass(frozen=True)
class Spot:
    """Where an id stands in the request of a rule."""

    place: Literal["path", "query", "body"]
    name: str
    """Of the parameter, or the path in the body, such as `audience.users.0`."""
    word: str
    """Which id of a world stands there."""


def spots(operation: Operation, rule: Rule) -> list[Spot]:
    """Return where ids of a world stand in the request of a rule."""
    places: tuple[tuple[Literal["path", "query", "body"], Any], ...] = (
        ("path", parameters(operation, rule)),
        ("query", dict(rule.query)),
        ("body", rule.body if rule.probe is None else rule.probe),
    )
    return [
        Spot(place, name, word)
        for place, template in places
        for name, text in _texts(template)
        for word in PLACEHOLDER.findall(text)
    ]


def _texts(template: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(template, str):
        yield path, template
    elif isinstance(template, dict | list):
        for name, each in template.items() if isinstance(template, dict) else enumerate(template):
            yield from _texts(each, f"{path}.{name}".lstrip("."))
