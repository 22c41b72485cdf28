"""The HTTP application, assembled."""

from fastapi import FastAPI
from fastapi.routing import APIRoute

from api import docs, errors
from api.lifespan import lifespan
from api.middleware import Gate
from core import logs
from core.settings import Settings, get_settings
from routers import api_router, root_router

BODY_BYTES = 256 * 1024


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application; it opens nothing until it is started."""
    settings = settings or get_settings()
    logs.configure(settings)
    app = FastAPI(
        title="Team Reminders",
        version="1",
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        max_body_size=BODY_BYTES,
        generate_unique_id_function=_operation_id,
    )
    app.state.settings = settings
    app.add_middleware(Gate)
    errors.install(app)
    app.include_router(root_router)
    app.include_router(api_router, prefix="/api/v1")
    docs.install(app)
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name
