"""What Schemathesis is taught: to ask for what is there, and what JSON can say and no codec of Python's can write."""

from collections import defaultdict
from itertools import count
from typing import Any
from uuid import UUID

import schemathesis
from schemathesis import Case, HookContext, Response

NUL, HALF = "\0", "\ud800"
LIKELY: dict[str, Any] = {"timezone": "Europe/Berlin", "schedule": {"kind": "once", "at": "2099-12-24T17:00:00Z"}}
"""What a schema cannot say, such as which zones there are, so that hardly any text that it makes is one."""
ITS_ID = {"/api/v1/teams/{team_id}/members": "user_id"}
_found: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
"""The path parameters of what was seen, by the path of the list that it stands in."""
_turns = count()


@schemathesis.hook
def map_body(context: HookContext, body: Any) -> Any:
    """Let every second text with a NUL in it have half of a surrogate pair there instead."""
    operation = context.operation
    if operation is None or any("json" not in each.media_type for each in operation.body):
        return body
    return _halved(body)


def _halved(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace(NUL, HALF) if len(value) % 2 else value
    if isinstance(value, list):
        return [_halved(each) for each in value]
    if isinstance(value, dict):
        return {name: _halved(each) for name, each in value.items()}
    return value


@schemathesis.hook
def after_call(context: HookContext, case: Case[Any], response: Response) -> None:
    """Remember the ids of what is listed or was made."""
    del context
    path = case.operation.path
    if response.status_code not in {200, 201} or path.endswith("}") or "json" not in str(response.headers):
        return
    answer = response.json()
    parents = {name: str(value) for name, value in (case.path_parameters or {}).items()}
    for each in answer.get("items", [answer]):
        if identity := each.get(ITS_ID.get(path, "id")):
            _found[path].append(parents | {"": identity})


@schemathesis.hook
def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
    """Put what is there in the place of what nothing has, three times of four."""
    del context, kwargs
    given, meta = case.path_parameters or {}, case.meta
    if meta is None or next(_turns) % 4 == 0:
        return
    # Chains of requests have ids of their own.
    if meta.phase.name.value != "stateful":
        given.update({name: value for name, value in _known(case.operation.path).items() if _is_id(given.get(name))})
    if meta.generation.mode.value == "positive" and isinstance(case.body, dict):
        case.body.update({name: value for name, value in LIKELY.items() if case.body.get(name)})


def _known(path: str) -> dict[str, str]:
    """Return parameters that belong together, of the longest part of a path of which something was seen."""
    ends = [at for at, sign in enumerate(path) if sign == "{"]
    for end in reversed(ends):
        if seen := _found.get(path[: end - 1]):
            one = seen[next(_turns) % len(seen)]
            return one | {path[end + 1 :].split("}", 1)[0]: one[""]}
    return {}


def _is_id(value: object) -> bool:
    # Anything else is there to be refused.
    try:
        return str(UUID(str(value))) == value
    except ValueError:
        return False
