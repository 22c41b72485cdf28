"""Limits on what strangers may try, counted in PostgreSQL before anything else is done."""

from datetime import timedelta
from typing import Any

from fastapi import Depends, Request

from crud import limits, places
from routers.clients import ClientDep
from routers.deps import transaction


def by_address(purpose: str, *, free: int, per: timedelta) -> Any:  # noqa: ANN401  what FastAPI's Depends returns
    """Return a dependency that counts requests per address (/32, /64) and lets the next one wait above `free` in `per`.

    It has a transaction of its own: what stays locked for long would make a whole office wait.
    """

    async def counted(request: Request, client: ClientDep) -> None:
        async with transaction(request) as work:
            key = places.address(client)
            if refusal := await limits.hit(work, request.app.state.settings, purpose, key, free=free, per=per):
                raise refusal

    return Depends(counted)
