"""The one table from the five kinds of error to HTTP, and what the OpenAPI document says of it."""

from http import HTTPStatus
from typing import Any

from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Unavailable
from core.tokens import NotSignedIn
from crud.versions import VersionConflict
from schemas.errors import Problem

STATUSES: dict[type[DomainError], int] = {
    NotSignedIn: 401,
    VersionConflict: 412,
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
    return {"type": "about:blank", "title": title_of(status), "status": status, "detail": detail, "code": code}


def title_of(status: int) -> str:
    """Return the standard phrase of a status."""
    return HTTPStatus(status).phrase


def problems(*errors: type[DomainError]) -> dict[int | str, dict[str, Any]]:
    """Return what a route declares as its `responses`: the statuses, codes and examples of its errors."""
    declared: dict[int | str, dict[str, Any]] = {}
    for error in errors:
        add_problem(declared, status_of(error), error.code, _sentence(error))
    return declared


def add_problem(declared: dict[Any, dict[str, Any]], status: int, code: str, detail: str) -> None:
    """Add one code to declared responses, beside what is already declared for its status."""
    content: dict[str, Any] = {"application/problem+json": {"examples": {}}}
    entry = declared.setdefault(status, {"model": Problem, "description": title_of(status), "content": content})
    examples = entry["content"]["application/problem+json"].setdefault("examples", {})
    examples[code] = {"summary": detail, "value": problem(status, code, detail)}
    entry["description"] = f"{title_of(status)}: " + ", ".join(f"`{name}`" for name in sorted(examples))


def _sentence(error: type[DomainError]) -> str:
    return (error.__doc__ or "").split("\n", 1)[0]
