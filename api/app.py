"""The HTTP application, assembled."""

from fastapi import FastAPI
from fastapi.routing import APIRoute

from api import docs, errors
from api.lifespan import lifespan
from api.middleware import Gate
from core import logs, quotas
from core.settings import Settings, get_settings
from routers import api_routers, root_routers
from web.pages import pages_router


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
        generate_unique_id_function=_operation_id,
    )
    app.state.settings = settings
    app.state.quotas = quotas.of_settings(settings)
    app.state.rate_limits = None
    app.add_middleware(Gate, public_url=settings.public_url)
    errors.install(app)
    # Side by side rather than one in another: each level is searched anew for every request.
    for router in api_routers:
        app.include_router(router, prefix="/api/v1")
    for router in (*root_routers, pages_router):
        app.include_router(router)
    docs.install(app)
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name


def __getattr__(name: str) -> FastAPI:
    """Make `api.app:app` when a server asks for it, so that importing `create_app` reads no settings."""
    if name == "app":
        return create_app()
    raise AttributeError(name)
