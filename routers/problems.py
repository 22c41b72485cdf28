"""The one table from the five kinds of error to HTTP, and what the OpenAPI document says of each."""

from http import HTTPStatus
from typing import Any

from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Unavailable
from core.rate_limits import RateLimited
from core.tokens import NotSignedIn
from crud.access import RoleTooLow
from crud.limits import TooManyAttempts
from crud.mailboxes import EmailNotVerified
from crud.versions import VersionConflict

MEDIA_TYPE = "application/problem+json"

_TEXT = {"schema": {"type": "string"}}
_SECONDS = {"schema": {"type": "integer"}}
HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": _TEXT},
    429: dict.fromkeys(("Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"), _SECONDS),
    503: {"Retry-After": _SECONDS},
}

STATUSES: dict[type[DomainError], int] = {
    NotSignedIn: 401,
    VersionConflict: 412,
    TooManyAttempts: 429,
    RateLimited: 429,
    NotFound: 404,
    Conflict: 409,
    Forbidden: 403,
    Invalid: 422,
    Unavailable: 503,
}


def status_of(error: type[DomainError]) -> int:
    """Return the HTTP status of an error: that of the most special class in the table."""
    return next(STATUSES[kind] for kind in error.__mro__ if kind in STATUSES)


def problem(status: int, code: str, detail: str) -> dict[str, Any]:
    """Return the members that every problem has."""
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code}


def example(error: type[DomainError]) -> dict[str, Any]:
    """Return a problem as this error gives it; its docstring is the sentence."""
    sentence = " ".join((error.__doc__ or "").split("\n\n", 1)[0].split())
    return problem(status_of(error), error.code, sentence)


def problems(*errors: type[DomainError]) -> dict[int | str, dict[str, Any]]:
    """Return what a route declares as its `responses`: the statuses, codes and examples of its errors."""
    declared: dict[int | str, dict[str, Any]] = {}
    # Whoever is unproven is told so, where it is that which keeps their role low.
    also = (EmailNotVerified,) if RoleTooLow in errors and EmailNotVerified not in errors else ()
    for error in (*errors, *also):
        declare(declared, status_of(error), example(error))
    return declared


def declare(declared: dict[Any, dict[str, Any]], key: int | str, shown: dict[str, Any]) -> None:
    """Add one problem to declared responses, beside what is already declared for its status."""
    schema = {"$ref": "#/components/schemas/Problem"}
    entry = declared.setdefault(key, {"content": {MEDIA_TYPE: {"schema": schema, "examples": {}}}})
    examples = entry["content"][MEDIA_TYPE]["examples"]
    examples[shown["code"]] = {"summary": shown["detail"], "value": shown}
    if headers := HEADERS.get(shown["status"]):
        entry.setdefault("headers", headers)
    entry["description"] = f"{shown['title']}: " + ", ".join(f"`{code}`" for code in sorted(examples))
