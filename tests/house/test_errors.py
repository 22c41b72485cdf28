"""Every code that a refusal can bear is described, and every code that is described can be answered."""

import ast
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic_core.core_schema import ErrorType

from api.fields import RENAMED
from schemas.calendars import NO_CALENDAR
from tests.house import error_pages
from tests.house.field_codes import FIELDS, OURS, TYPES
from tests.house.source import modules, packages, parsed
from tests.matrix.operations import api_document, branches, operations

ANEW = "write it anew with `python -m tests.house.error_pages`"
# Of pages, which say it in words, and not of the interface.
PAGES_ONLY = {"invalid_link", "invalid_name", "other_site", "password_length"}
# A wrong code is a refused sign-in (401), and elsewhere a wrong field.
TWO_STATUSES = {"invalid_totp"}
IN_A_PAIR = NO_CALENDAR[0]
BY_KEYWORD = {
    "minLength": "string_too_short",
    "maxLength": "string_too_long",
    "pattern": "string_pattern_mismatch",
    "minimum": "greater_than_equal",
    "maximum": "less_than_equal",
    "minItems": "too_short",
    "maxItems": "too_long",
    "enum": "literal_error",
    "const": "literal_error",
}
BY_TYPE = {
    "string": "string_type string_unicode bytes_type timezone_aware",
    "integer": "int_type int_parsing int_from_float int_parsing_size",
    "boolean": "bool_type bool_parsing",
    "array": "list_type",
    "null": "none_required",
    "object": "not_an_object unknown_field missing",
}


@pytest.fixture(scope="module")
def built() -> dict[str, Any]:
    """The OpenAPI document."""
    return api_document()


def test_the_page_is_what_the_code_makes(built: dict[str, Any]) -> None:
    """The reference page has every error and every sentence as they are."""
    assert error_pages.PAGE.read_text() == error_pages.page(built), ANEW


def test_every_error_is_answered_by_something(built: dict[str, Any]) -> None:
    """What can be raised is declared by a route, unless it stands for several, or belongs to pages."""
    general = {kind.code for kinds in error_pages.kinds().values() for kind in kinds if kind.__subclasses__()}
    unsaid = error_pages.kinds().keys() - error_pages.answered(built).keys() - general - PAGES_ONLY
    assert unsaid == set()


def test_a_code_means_one_thing(built: dict[str, Any]) -> None:
    """A code has one status, and no two errors share one but by being the same refusal."""
    found = error_pages.answered(built)
    assert {code for code, statuses in found.items() if len(statuses) > 1} == TWO_STATUSES
    shared = {code for code, kinds in error_pages.kinds().items() if len(kinds) > 1}
    assert shared <= TWO_STATUSES


def test_every_code_in_the_code_is_described(built: dict[str, Any]) -> None:
    """Whatever is written as a code somewhere stands on the page, and what the page has of ours is written."""
    written = set(codes())
    described = error_pages.answered(built).keys() | FIELDS.keys()
    assert len(written) > 60
    general = {kind.code for kinds in error_pages.kinds().values() for kind in kinds if kind.__subclasses__()}
    assert written - described - PAGES_ONLY - general == {"error"}
    assert error_pages.plain().keys() - described == {"method_not_allowed"}
    assert OURS.keys() - written - {*RENAMED.values(), "missing", IN_A_PAIR} == set()


def codes() -> Iterator[str]:
    """Yield the texts that are given the name `code`, or to an error of Pydantic's kind."""
    for path in modules(*packages() - error_pages.ELSEWHERE):
        for node in ast.walk(parsed(path)):
            yield from _texts(node)


def _texts(node: ast.AST) -> Iterator[str]:
    found: list[ast.expr | None] = []
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        found = [node.value] if any(isinstance(each, ast.Name) and each.id == "code" for each in targets) else []
    elif isinstance(node, ast.Call):
        found = [each.value for each in node.keywords if each.arg == "code" and _is_error(node)]
        found += node.args[:1] if _name(node) == "PydanticCustomError" else []
    elif isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        found = [value for key, value in pairs if isinstance(key, ast.Constant) and key.value == "code"]
    for each in found:
        for part in (each.body, each.orelse) if isinstance(each, ast.IfExp) else (each,):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value


def _is_error(call: ast.Call) -> bool:
    return _name(call).endswith(("Error", "Invalid", "Conflict", "_wrong"))


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def test_what_pydantic_says_is_described() -> None:
    """Each of its codes that our schemas can lead to stands on the page, and none that they cannot."""
    possible = {code for schema in _schemas() for code in _possible(schema)}
    assert possible - FIELDS.keys() == set()
    assert TYPES.keys() - possible == set()
    assert TYPES.keys() <= set(get_args(ErrorType))


def _schemas() -> Iterator[dict[str, Any]]:
    """Yield every schema of every request, and what is inside."""
    for operation in operations().values():
        yield from _inside(operation.body or {})
        for parameter in operation.parameters:
            yield from _inside(parameter["schema"])


def _inside(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for branch in branches(schema):
        yield branch
        for inner in branch.get("properties", {}).values():
            yield from _inside(inner)
        if "items" in branch:
            yield from _inside(branch["items"])


def _possible(schema: dict[str, Any]) -> Iterator[str]:
    for keyword, found in BY_KEYWORD.items():
        if keyword in schema:
            yield found
    yield from BY_TYPE.get(schema.get("type", ""), "").split()
    if schema.get("format") == "uuid":
        yield from ("uuid_type", "uuid_parsing")
