"""The OpenAPI document that is kept in the repository, and what it promises to those who generate clients."""

import json
from typing import Any

import jsonschema_rs
import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31

from api.texts import TAGS
from tests.house import openapi_page
from tests.matrix.operations import api_document

ANEW = "write it anew with `python -m tests.house.openapi_page`"


@pytest.fixture(scope="module")
def kept() -> dict[str, Any]:
    """The document in the repository."""
    found: dict[str, Any] = json.loads(openapi_page.PAGE.read_text())
    return found


def _operations(kept: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for path in kept["paths"].values() for operation in path.values()]


def test_it_is_what_the_application_says() -> None:
    """Whoever changes the interface sees the change, and so does whoever reviews it."""
    assert openapi_page.PAGE.read_text() == openapi_page.page(api_document()), ANEW


def test_it_is_valid(kept: dict[str, Any]) -> None:
    """It follows the schema of OpenAPI 3.1."""
    assert [str(each)[:200] for each in jsonschema_rs.validator_for(OPENAPI_31).iter_errors(kept)] == []


def test_every_body_has_a_whole_example(kept: dict[str, Any]) -> None:
    """Each can be sent as it stands: it follows its schema, and no text in it is empty."""
    count = 0
    for operation in _operations(kept):
        for kind, media in operation.get("requestBody", {}).get("content", {}).items():
            count += 1
            shown = media["example"] if "example" in media else next(iter(media["examples"].values()))["value"]
            assert shown not in ({}, [], ""), operation["operationId"]
            assert '""' not in json.dumps(shown), f"{operation['operationId']}: give each text field an example"
            if kind == "application/json":
                schema = {**media["schema"], "components": kept["components"]}
                assert list(jsonschema_rs.validator_for(schema).iter_errors(shown)) == [], operation["operationId"]
    assert count > 25


def test_tags_and_schemes_are_described(kept: dict[str, Any]) -> None:
    """Every tag and every scheme that is used is there; programs are let in where it need not be a person."""
    assert {tag for operation in _operations(kept) for tag in operation["tags"]} == TAGS.keys()
    schemes = {name for each in _operations(kept) for scheme in each.get("security", ()) for name in scheme}
    assert schemes == kept["components"]["securitySchemes"].keys()
    by_id = {operation["operationId"]: operation for operation in _operations(kept)}
    assert {"ApiKey": []} in by_id["create_team_reminder"]["security"]
    assert {"ApiKey": []} not in by_id["read_me"]["security"]
    assert "not_for_api_keys" in str(by_id["read_me"]["responses"]["403"])
