"""Errors on their way out: every refusal is problem details (RFC 9457), and none repeats what was sent."""

from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError, ResponseValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from api.fields import MOST_PROBLEMS, field_problems
from api.methods import allowed
from core.errors import DomainError
from core.logs import frames
from routers.problems import MEDIA_TYPE, problem, status_of

log = structlog.get_logger()

RETRY_SECONDS = "2"
# Status, code and sentence of what no class of ours stands for.
MALFORMED = (400, "malformed_body", "The body cannot be read")
DEEPEST = 32
TOO_DEEP = (400, "too_deep", "Objects and lists may be nested 32 levels deep at most")
TOO_LARGE = (413, "body_too_large", "A body may have 256 kB at most")
UNAVAILABLE = (503, "unavailable", "The database is away for now; repeat the request")
INTERNAL = (500, "internal_error", "Something went wrong on our side; it has been logged")
CONFLICT = (409, "conflict", "This was changed by somebody else at the same moment; look again")
NO_PATH = (404, "not_found", "There is nothing at this path")
NO_METHOD = (405, "method_not_allowed", "This path does not know this method")
PLAIN = {each[0]: each for each in (MALFORMED, TOO_LARGE, NO_PATH, NO_METHOD)}
# Classes of SQLSTATE: connection, rollback, resources, object not in the state, operator, system.
AWAY = ("08", "40", "53", "55", "57", "58")
INTEGRITY = "23"
BAD_VALUE = "22"


def install(app: FastAPI) -> None:
    """Make an application answer every error with a problem."""
    for kind, handler in (
        (DomainError, _domain),
        (RequestValidationError, _validation),
        (HTTPException, _http),
        (SQLAlchemyError, _database),
        (asyncpg.PostgresError, _database),
        (asyncpg.InterfaceError, _database),
        (OSError, _database),
        (ResponseValidationError, _unexpected),
    ):
        app.add_exception_handler(kind, handler)


async def _domain(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, DomainError):
        raise error
    return refused(request, error)


def refused(request: Request, error: DomainError) -> JSONResponse:
    """Answer with a refusal of the domain."""
    status = status_of(type(error))
    fields = [each._asdict() for each in error.items[:MOST_PROBLEMS]]
    if error.field:
        fields = [{"field": error.field, "message": error.detail, "code": error.reason}]
    headers = dict(getattr(error, "headers", {}))
    if status == 401:  # noqa: PLR2004  the one status that must name its scheme
        headers["WWW-Authenticate"] = "Bearer"
    if status == 503:  # noqa: PLR2004  ours are all passing
        headers["Retry-After"] = RETRY_SECONDS
    return answer(request, status, error.reason, error.detail, errors=fields, headers=headers)


async def _validation(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    found = field_problems(error.errors(), error.body)
    first = found[0]
    # Several problems of one kind are that kind; else they have only in common that they are problems.
    code = first["code"] if len({each["code"] for each in found}) == 1 else "invalid"
    return answer(request, 422, code, f"{first['field']}: {first['message']}", errors=found)


async def _http(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    said = getattr(error, "plain", None)
    status, code, detail = said or PLAIN.get(error.status_code, (error.status_code, "refused", str(error.detail)))
    headers = error.headers
    if status == NO_METHOD[0] and (methods := allowed(request.url.path)):
        headers = {"Allow": methods}
    return answer(request, status, code, detail, headers=headers)


async def _database(request: Request, error: Exception) -> JSONResponse:
    state = sqlstate(error)
    log.warning("request.database_failed", error=type(error).__name__, sqlstate=state, at=frames(error)[-3:])
    if state.startswith(BAD_VALUE):
        # The net below the schemas: a value that only the database found unfit.
        return answer(request, 422, "invalid", "A value is out of range")
    if state.startswith(INTEGRITY):
        return answer(request, *CONFLICT)
    if state == "" or state.startswith(AWAY):
        return answer(request, *UNAVAILABLE, headers={"Retry-After": RETRY_SECONDS})
    return unexpected(request, error)


def sqlstate(error: BaseException) -> str:
    """Return PostgreSQL's code for an error, empty when the connection itself failed."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, asyncpg.DataError):
            # Found by asyncpg while it encoded an argument; it bears no code then.
            return getattr(cause, "sqlstate", None) or "22000"
        if state := getattr(cause, "sqlstate", None):
            return str(state)
        cause = getattr(cause, "orig", None) or cause.__cause__
    return "" if isinstance(error, OSError | asyncpg.InterfaceError) or _lost(error) else "XX000"


def _lost(error: BaseException) -> bool:
    # SQLAlchemy's own: the pool was empty too long, or the driver's connection is gone. The last one is the
    # driver's word for a server that died in the middle of an answer; a server's own comes with a code.
    return type(error).__name__ in {"TimeoutError", "InterfaceError", "OperationalError", "InternalError"}


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    return unexpected(request, error)


def unexpected(request: Request, error: Exception) -> JSONResponse:
    """Log an error that nobody foresaw, and answer without a word about it."""
    log.error("request.failed", error=type(error).__name__, at=frames(error))
    return answer(request, *INTERNAL)


def answer(
    request: Request,
    status: int,
    code: str,
    detail: str,
    *,
    errors: Sequence[Mapping[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Return a problem as a response."""
    body: dict[str, Any] = problem(status, code, detail) | {"instance": request.url.path}
    if errors:
        body["errors"] = list(errors)
    return JSONResponse(body, status, headers=headers, media_type=MEDIA_TYPE)
