"""A net below the rule that logs bear ids, and never content, addresses or tokens.

It knows secrets by their looks, so it finds mail addresses, tokens and passwords in addresses, and no free text. What
it finds is a fault to be mended where it was logged.
"""

import logging
import re
from collections.abc import Mapping, MutableMapping
from functools import lru_cache
from traceback import extract_tb
from types import NoneType
from typing import Any, Final

_SHORTEST: Final = 6
_LONG: Final = 40
_DEEPEST: Final = 6
_PUT: Final = "[redacted]"

_LOOKS: Final = re.compile(
    r"""
    (?P<kept>\b[a-z][a-z0-9+.-]*://) [^\s/?#@]*@              # user and password in an address
  | (?i:\b(?P<scheme>bearer|basic)) [ =:]+ [\w.~+/=-]{16,}    # the header Authorization
  | \b eyJ[\w-]{8,} (?:\.[\w-]*){1,4}                         # JWT
  | \b rk_[0-9A-Za-z_]{12,}                                   # our API keys
  | \b xox[a-z]-[\w-]{8,}                                     # Slack's tokens, and below its incoming webhooks
  | (?P<hook>hooks\.slack\.com/(?:services|workflows|triggers)/) [\w/-]+
  | [^\s@<>"'(),;:=\[\]{}\\]{1,64} @ [\w-]+ (?:\.[\w-]+)+      # mail addresses
  | (?P<option>[?&](?:token|key|secret|password|sig|signature|code)=) [^\s&"']+
  | (?<![\w-]) (?=[\w-]*[0-9]) (?=[\w-]*[A-Za-z]) [\w-]{40,} =*  # anything long and random
    """,
    re.VERBOSE,
)
# Found at a fraction of the cost of the whole; whatever has none of them, and nothing long, is left as it is.
_SIGNS: Final = ("@", "://", "earer", "EARER", "asic", "ASIC", "eyJ", "rk_", "xox", "slack.com", "=")
_LONG_WORD: Final = re.compile(r"[\w-]{40}")
_NAMED: Final = re.compile(
    r"authorization|cookie|passw|secret|token$|^token|api_?key$|^(?:to|email|mail|address|value)$"
)
_HARMLESS: Final = (int, float, NoneType)
_REPR: Final = re.compile(r"(exception=\w+)\(.*", re.DOTALL)


def redact(text: str) -> str:
    """Return a text with [redacted] in place of what looks like a secret or a mail address."""
    if len(text) < _SHORTEST or not (
        any(sign in text for sign in _SIGNS) or (len(text) >= _LONG and _LONG_WORD.search(text))
    ):
        return text
    return _LOOKS.sub(_replaced, text)


def _replaced(found: re.Match[str]) -> str:
    kept = found["kept"] or found["hook"] or found["option"] or (found["scheme"] and f"{found['scheme']} ") or ""
    return f"{kept}{_PUT}" + ("@" if found["kept"] else "")


def redacted(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Redact the values of an event; a processor of structlog."""
    del logger, method
    for name, value in event.items():
        if type(value) is str and not _is_secret(name):
            event[name] = redact(value)
        elif not isinstance(value, _HARMLESS):
            event[name] = _PUT if _is_secret(name) else _inside(value, 0)
    return event


@lru_cache(maxsize=1024)
def _is_secret(name: str) -> bool:
    return _NAMED.search(name) is not None


def _inside(value: object, depth: int) -> object:
    if isinstance(value, _HARMLESS):
        return value
    if depth > _DEEPEST:
        return _PUT
    if isinstance(value, Mapping):
        pairs = ((str(name), each) for name, each in value.items())
        return {redact(name): _PUT if _NAMED.search(name) else _inside(each, depth + 1) for name, each in pairs}
    if isinstance(value, list | tuple | set | frozenset):
        return [_inside(each, depth + 1) for each in value]
    return type(value).__name__ if isinstance(value, BaseException) else redact(str(value))


def frames(error: BaseException) -> list[str]:
    """Return where an error came from, innermost last.

    Its message is left out: those of the database and of validation repeat what people wrote.
    """
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in extract_tb(error.__traceback__)]


class RedactedRecord(logging.LogRecord):
    """A line of the standard library's logging: redacted, and with the place of an error instead of its message."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  whatever the standard library passes
        """Make it, and take the error out."""
        super().__init__(*args, **kwargs)
        if self.exc_info and self.exc_info[1]:
            self.exc_text = "\n".join(_chain(self.exc_info[1]))
        self.exc_info = None

    def getMessage(self) -> str:  # noqa: N802  the standard library's name
        """Return the message as it may be read."""
        args = self.args
        if isinstance(args, tuple):
            # What an error says may be what somebody wrote.
            self.args = tuple(type(each).__name__ if isinstance(each, BaseException) else each for each in args)
        # asyncio writes the whole error of a task into its message.
        return redact(_REPR.sub(r"\1(...)", super().getMessage()))


def _chain(error: BaseException) -> list[str]:
    told = [type(error).__name__, *(f"  {each}" for each in frames(error))]
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return [*_chain(cause), "then", *told] if cause is not None else told
