"""What a cron from outside may trigger, with a token of its own."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from core import tokens
from core.errors import NotFound
from core.tokens import NotSignedIn
from routers.deps import SettingsDep
from routers.problems import problems
from schemas.health import Swept

router = APIRouter(prefix="/ops", tags=["operations"])
_bearer = HTTPBearer(scheme_name="OpsToken", auto_error=False, description="`OPS_TOKEN` of the installation.")


async def _operator(
    settings: SettingsDep, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> None:
    if settings.ops_token is None:
        raise NotFound
    if given is None or not tokens.same(given.credentials, settings.ops_token.get_secret_value()):
        raise NotSignedIn


@router.post("/sweep", response_model=Swept, responses=problems(NotFound), dependencies=[Depends(_operator)])
async def sweep(request: Request) -> object:
    """Make one sweep now and deliver what is due, in this process; 404 where no OPS_TOKEN is set."""
    return await request.app.state.engine.sweep_once()
