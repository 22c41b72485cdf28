"""The OpenAPI document: what FastAPI finds, and what every operation can answer beside that."""

import json
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.errors import INTERNAL, MALFORMED, TOO_LARGE, UNAVAILABLE
from core.errors import DomainError, Invalid
from core.tokens import NotSignedIn
from crud.idempotency import KeyInUse, KeyReused
from routers.deps import NotCommitted
from routers.door import InvalidKey
from routers.problems import MEDIA_TYPE, declare, example, problem, status_of
from schedules.base import ScheduleError
from schemas.errors import Problem

DESCRIPTION = """Reminders for teams: on time in everybody's own zone, never lost, until somebody says done.

Errors are problem details (RFC 9457): decide by `code`. Lists are paged by `cursor`. A POST may bear an
`Idempotency-Key`; a PATCH, PUT or DELETE an `If-Match`. Every answer bears an `X-Request-ID`.
"""
REFERENCE = "#/components/schemas/{model}"
WITHOUT_KEYS = {"auth", "operations"}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Within 24 hours, the same key and body get the first answer again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}
ACCEPT_LANGUAGE = {
    "name": "Accept-Language",
    "in": "header",
    "required": False,
    "description": "The language of descriptions, `en` or `de`. Left out: the account's own.",
    "schema": {"type": "string"},
}
IN_WORDS = {"reminders", "schedules"}
# What a single field can be refused for; several kinds at once are `invalid`, and `errors` names each.
MISSING = (422, "missing", "name: Field required")
FIELD_PROBLEMS = (
    (422, "unknown_field", "colour: There is no such field here; leave it out"),
    (422, "invalid_text", "message: Text may hold neither NUL nor half of a surrogate pair"),
    (422, "invalid_json", "body: This is not JSON"),
)
SCHEDULE_PROBLEMS = (
    (422, "not_available_yet", "nag_every: This is planned, but not available yet; leave it out"),
    (422, "in_the_past", "its last occurrence has passed; choose a later one"),
    (422, "timezone_required", "a local date-time needs `timezone` beside it; or add an offset, such as Z or +01:00"),
    (422, "unknown_timezone", "there is no such time zone; try an IANA name such as Europe/Berlin or UTC"),
    (422, "never_matches", "this never happens, or not before the year 2201; check the date"),
    (422, "too_frequent", "at most one run a minute: use PT1M or more"),
    (422, "end_before_start", "it ends before its first occurrence; choose a later end"),
    (422, "out_of_range", "dates lie between 1970 and 2200"),
)
REPLAYED = {"description": "`true`: this answer was given before.", "schema": {"type": "string"}}


def document(app: FastAPI) -> bytes:
    """Return the document as JSON, made once."""
    if not hasattr(app.state, "openapi"):
        app.state.openapi = json.dumps(build(app), ensure_ascii=False).encode()
    made: bytes = app.state.openapi
    return made


def build(app: FastAPI) -> dict[str, Any]:
    """Return the document of an application."""
    built: dict[str, Any] = get_openapi(
        title=app.title,
        version=app.version,
        description=DESCRIPTION,
        routes=app.routes,
        separate_input_output_schemas=False,
    )
    schemas = built.setdefault("components", {}).setdefault("schemas", {})
    # FastAPI's own shape of validation errors, which we never answer with.
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas |= _definitions()
    for path in built["paths"].values():
        for method, operation in path.items():
            _complete(method, operation)
    return built


def _definitions() -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template=REFERENCE, mode="serialization")
    inner: dict[str, Any] = schema.pop("$defs", {})
    return {**inner, "Problem": schema}


def _complete(method: str, operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    _in_words(operation)
    if "HTTPValidationError" in json.dumps(answers.get("422", {})):
        del answers["422"]
    if "operations" in operation.get("tags", ()) and not operation.get("security"):
        return
    if operation.get("security"):
        _add(answers, NotSignedIn)
    if operation.get("parameters") or "requestBody" in operation:
        _add(answers, Invalid)
    if "requestBody" in operation:
        _add_plain(answers, MALFORMED, TOO_LARGE, MISSING)
        if "application/json" in operation["requestBody"]["content"]:
            _add_plain(answers, *FIELD_PROBLEMS)
        if ScheduleError.code in answers["422"]["content"][MEDIA_TYPE]["examples"]:
            _add_plain(answers, *SCHEDULE_PROBLEMS)
    if method == "post" and not WITHOUT_KEYS & set(operation["tags"]):
        _idempotent(operation)
    if method != "get":
        _add(answers, NotCommitted)
    _add_plain(answers, UNAVAILABLE, INTERNAL)


def _in_words(operation: dict[str, Any]) -> None:
    named = {parameter["name"].lower() for parameter in operation.get("parameters", ())}
    if IN_WORDS & set(operation.get("tags", ())) and "accept-language" not in named:
        operation.setdefault("parameters", []).append(ACCEPT_LANGUAGE)


def _idempotent(operation: dict[str, Any]) -> None:
    operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
    for error in (KeyInUse, KeyReused, InvalidKey):
        _add(operation["responses"], error)
    # With a key the body counts, also where the operation takes none.
    _add_plain(operation["responses"], TOO_LARGE)
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            answer.setdefault("headers", {}).setdefault("Idempotent-Replayed", REPLAYED)


def _add(answers: dict[str, Any], error: type[DomainError]) -> None:
    declare(answers, str(status_of(error)), example(error))


def _add_plain(answers: dict[str, Any], *plain: tuple[int, str, str]) -> None:
    for status, code, detail in plain:
        declare(answers, str(status), problem(status, code, detail))
