"""The OpenAPI document is complete, and Swagger and ReDoc show it from our own files."""

import hashlib
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from api.docs import STATIC
from routers.door import WITHOUT_KEY
from tests.matrix.operations import api_document

OPEN = {"register", "sign_in", "refresh", "sweep", "healthz", "readyz", "metrics"} | {
    *("verify_email", "resend_verification", "forgot_password", "reset_password", "confirm_email_change"),
}


@pytest.fixture(scope="module")
def built() -> dict[str, Any]:
    """The document of an application that was not started."""
    return api_document()


def _operations(built: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(method, each) for path in built["paths"].values() for method, each in path.items()]


def test_every_operation_has_a_name_of_its_own(built: dict[str, Any]) -> None:
    """Operation ids are the names of functions, and no two are alike."""
    names = [each["operationId"] for _, each in _operations(built)]
    assert len(names) == len(set(names)) > 40


def test_every_operation_names_its_refusals(built: dict[str, Any]) -> None:
    """Each refusal is a problem with examples of its codes; what needs a sign-in says 401, what takes a body 413."""
    for method, operation in _operations(built):
        answers = operation["responses"]
        for status, answer in answers.items():
            if status >= "4" and operation["operationId"] != "readyz":
                media = answer["content"]["application/problem+json"]
                assert media["schema"] == {"$ref": "#/components/schemas/Problem"}
                named = [each["$ref"].rsplit("/", 1)[1] for each in media["examples"].values()]
                shown = [built["components"]["examples"][name]["value"] for name in named]
                assert {each["status"] for each in shown} == {int(status)}
                assert [each["code"] for each in shown] == list(media["examples"])
        assert ("401" in answers) or operation["operationId"] in OPEN
        repeatable = method == "post" and operation["operationId"] not in WITHOUT_KEY
        assert ("413" in answers) is ("requestBody" in operation or repeatable)
        if repeatable:
            assert "idempotency_key_in_use" in answers["409"]["content"]["application/problem+json"]["examples"]


def test_nothing_of_the_stock_errors_is_left(built: dict[str, Any]) -> None:
    """FastAPI's own validation error is nowhere, and every reference leads somewhere."""
    text = str(built)
    assert "HTTPValidationError" not in text
    for name in {part.split("'")[0] for part in text.split("#/components/schemas/")[1:]}:
        assert name in built["components"]["schemas"]


async def test_the_pages_need_nobody_else(app: FastAPI) -> None:
    """Swagger and ReDoc come with a strict policy and load only our own files, which are there."""
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as client:
        for page in ("/docs", "/redoc/"):
            answer = await client.get(page)
            assert "script-src 'self';" in answer.headers["Content-Security-Policy"]
            assert "http" not in answer.text
            sources = [part.split('"')[0] for part in answer.text.replace('href="', 'src="').split('src="')[1:]]
            assert len(sources) >= 2
            for source in sources:
                assert (await client.get(source)).status_code == 200
        document = await client.get("/api/v1/openapi.json")
    assert document.json()["openapi"].startswith("3.1")


def test_vendored_files_are_what_the_table_says() -> None:
    """Each vendored script and style has a line in the table, with its sum."""
    vendor = STATIC / "vendor"
    rows = [line.split("|") for line in (vendor / "README.md").read_text().splitlines() if line.startswith("| ")][2:]
    listed = {row[1].strip(): row[5].strip() for row in rows}
    found = {str(path.relative_to(vendor)): path for kind in ("js", "css") for path in vendor.rglob(f"*.{kind}")}
    assert listed == {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in found.items()}
