"""The OpenAPI document: what FastAPI finds, and what every operation can answer beside that."""

import json
from collections.abc import Iterator
from typing import Any, Final, get_args

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from api.errors import CONFLICT, INTERNAL, MALFORMED, TOO_DEEP, TOO_LARGE, UNAVAILABLE
from api.examples import example as example_of
from api.texts import (
    ACCEPT_LANGUAGE,
    API_KEY,
    DESCRIPTION,
    FIELD_PROBLEMS,
    IDEMPOTENCY_KEY,
    MISSING,
    REPLAYED,
    SCHEDULE_PROBLEMS,
    TAGS,
)
from core.errors import DomainError, Invalid
from core.rate_limits import RateLimited
from core.tokens import NotSignedIn
from crud.idempotency import AnswerLost, KeyInUse, KeyReused
from routers import api_routers
from routers.deps import NotCommitted, NotForKeys, Person
from routers.door import WITHOUT_KEY, InvalidKey
from routers.problems import MEDIA_TYPE, declare, example, problem, status_of
from schedules.base import ScheduleError
from schemas.errors import Problem

REFERENCE = "#/components/schemas/{model}"
IN_WORDS: Final = {"reminders", "schedules"}
PERSON: Final = get_args(Person)[1].dependency


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
        tags=[{"name": name, "description": text} for name, text in TAGS.items()],
        license_info={"name": "MIT", "identifier": "MIT"},
        separate_input_output_schemas=False,
    )
    components = built.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    # FastAPI's own shape of validation errors, which we never answer with.
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas |= _definitions()
    components["securitySchemes"] |= {"ApiKey": API_KEY}
    people_only = set(_people_only())
    for path in built["paths"].values():
        for method, operation in path.items():
            _complete(method, operation, people_only=operation["operationId"] in people_only)
            _exemplify(operation, schemas)
    components["examples"] = dict(_shared(built))
    return built


def _definitions() -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template=REFERENCE, mode="serialization")
    inner: dict[str, Any] = schema.pop("$defs", {})
    return {**inner, "Problem": schema}


def _people_only() -> Iterator[str]:
    """Yield the operations that an API key is not enough for."""
    for router in api_routers:
        for route in router.routes:
            if isinstance(route, APIRoute) and any(each.call is PERSON for each in _needed(route.dependant)):
                yield route.name


def _needed(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for each in dependant.dependencies:
        yield from _needed(each)


def _complete(method: str, operation: dict[str, Any], *, people_only: bool) -> None:
    answers = operation["responses"]
    _in_words(operation)
    if "HTTPValidationError" in json.dumps(answers.get("422", {})):
        del answers["422"]
    _say_why_without_key(method, operation)
    if "operations" in operation.get("tags", ()) and not operation.get("security"):
        return
    _secured(operation, people_only=people_only)
    if operation.get("parameters") or "requestBody" in operation:
        _add(answers, Invalid)
    if "requestBody" in operation:
        _add_plain(answers, MALFORMED, TOO_LARGE, MISSING)
        if "application/json" in operation["requestBody"]["content"]:
            _add_plain(answers, TOO_DEEP, *FIELD_PROBLEMS)
        if ScheduleError.code in answers["422"]["content"][MEDIA_TYPE]["examples"]:
            _add_plain(answers, *SCHEDULE_PROBLEMS)
    if method == "post" and operation["operationId"] not in WITHOUT_KEY:
        _idempotent(operation)
    if method != "get":
        _add(answers, NotCommitted)
        _add_plain(answers, CONFLICT)
    _add(answers, RateLimited)
    _add_plain(answers, UNAVAILABLE, INTERNAL)


def _secured(operation: dict[str, Any], *, people_only: bool) -> None:
    if not operation.get("security"):
        return
    _add(operation["responses"], NotSignedIn)
    if people_only:
        _add(operation["responses"], NotForKeys)
    elif {"Bearer": []} in operation["security"]:
        operation["security"].append({"ApiKey": []})


def _in_words(operation: dict[str, Any]) -> None:
    named = {parameter["name"].lower() for parameter in operation.get("parameters", ())}
    if IN_WORDS & set(operation.get("tags", ())) and "accept-language" not in named:
        operation.setdefault("parameters", []).append(ACCEPT_LANGUAGE)


def _say_why_without_key(method: str, operation: dict[str, Any]) -> None:
    if method == "post" and (why := WITHOUT_KEY.get(operation["operationId"])):
        operation["description"] = f"{operation.get('description', '')}\n\nTakes no `Idempotency-Key`. {why}".strip()


def _idempotent(operation: dict[str, Any]) -> None:
    operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
    for error in (KeyInUse, KeyReused, AnswerLost, InvalidKey):
        _add(operation["responses"], error)
    # With a key the body counts, also where the operation takes none.
    _add_plain(operation["responses"], TOO_LARGE)
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            answer.setdefault("headers", {}).setdefault("Idempotent-Replayed", REPLAYED)


def _exemplify(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Show one whole body, unless the route says examples of its own."""
    for media in operation.get("requestBody", {}).get("content", {}).values():
        if "example" not in media and "examples" not in media:
            media["example"] = example_of(media["schema"], schemas)


def _shared(built: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Replace the examples of problems by references, because most are the same everywhere; yield what they name."""
    names: dict[str, str] = {}
    for path in built["paths"].values():
        for operation in path.values():
            for answer in operation["responses"].values():
                examples = answer.get("content", {}).get(MEDIA_TYPE, {}).get("examples", {})
                for code, shown in examples.items():
                    text = json.dumps(shown, sort_keys=True)
                    if text not in names:
                        alike = sum(name.split(".")[0] == code for name in names.values())
                        names[text] = f"{code}.{alike + 1}" if alike else code
                        yield names[text], shown
                    examples[code] = {"$ref": f"#/components/examples/{names[text]}"}


def _add(answers: dict[str, Any], error: type[DomainError]) -> None:
    declare(answers, str(status_of(error)), example(error))


def _add_plain(answers: dict[str, Any], *plain: tuple[int, str, str]) -> None:
    for status, code, detail in plain:
        declare(answers, str(status), problem(status, code, detail))
