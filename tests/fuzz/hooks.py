"""What Schemathesis is taught: half of a surrogate pair, which JSON can say and no codec of Python's can write."""

from typing import Any

import schemathesis
from schemathesis import HookContext

NUL, HALF = "\0", "\ud800"


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
