"""The HTTP application, assembled."""

from fastapi import FastAPI

from api import errors
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
    )
    app.state.settings = settings
    app.add_middleware(Gate)
    errors.install(app)
    app.include_router(root_router)
    app.include_router(api_router, prefix="/api/v1")
    return app
