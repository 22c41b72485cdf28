"""The document of the interface, and Swagger and ReDoc from files of our own."""

from functools import partial
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from api.openapi import document

STATIC = Path(__file__).parent.parent / "web" / "static"
DOCUMENT_PATH = "/api/v1/openapi.json"

# Both pages write their styles while they run, and ReDoc searches in a worker that it makes from a blob.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; worker-src blob:; frame-ancestors 'none'"
)
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Team Reminders: {title}</title>
{style}
</head>
<body>
<div id="page"></div>
<script src="/static/vendor/{script}"></script>
<script src="/static/docs/{start}"></script>
</body>
</html>
"""
SWAGGER = PAGE.format(
    title="API",
    style='<link rel="stylesheet" href="/static/vendor/swagger-ui/swagger-ui.css">',
    script="swagger-ui/swagger-ui-bundle.js",
    start="swagger.js",
)
REDOC = PAGE.format(title="API reference", style="", script="redoc/redoc.standalone.js", start="redoc.js")


def install(app: FastAPI) -> None:
    """Serve the document and the pages that show it."""
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_route(DOCUMENT_PATH, partial(_document, app), include_in_schema=False)
    app.add_route("/docs", partial(_page, SWAGGER), include_in_schema=False)
    app.add_route("/redoc", partial(_page, REDOC), include_in_schema=False)


async def _document(app: FastAPI, request: Request) -> Response:
    del request
    return Response(document(app), media_type="application/json")


async def _page(html: str, request: Request) -> Response:
    del request
    return HTMLResponse(html, headers={"Content-Security-Policy": POLICY})
