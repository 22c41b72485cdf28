"""`/`: where everything is, and whether it is well."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from routers.deps import SettingsDep
from routers.health import readyz
from web.rendering import page

router = APIRouter()


@router.get("/")
async def start(request: Request, settings: SettingsDep) -> HTMLResponse:
    """Show where to go."""
    ready = await readyz(request, Response())
    catches = settings.mail_catcher_dir is not None and not settings.production
    return page("start.html", ready=ready, catches=catches)
