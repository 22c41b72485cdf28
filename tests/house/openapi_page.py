"""The OpenAPI document as it is kept in the repository: `python -m tests.house.openapi_page` writes it."""

import json
from typing import Any

from tests.house.source import ROOT
from tests.matrix.operations import api_document

PAGE = ROOT / "docs" / "reference" / "openapi.json"


def page(built: dict[str, Any]) -> str:
    """Return the text of the document, one thing a line, so that a difference can be read."""
    return json.dumps(built, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(api_document()))
