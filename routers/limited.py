"""Limits on what strangers may try, counted in PostgreSQL before anything else is done."""

from datetime import timedelta

from fastapi import Request, params

from crud import limits, places
from routers.clients import ClientDep
from routers.deps import transaction


def by_address(purpose: str, *, free: int, per: timedelta, gentle: int = 1) -> params.Depends:
    """Return a dependency that counts requests per address (/32, /64) and lets the next one wait above `free` in `per`.

    Outside of production `gentle` times as many are free. It has a transaction of its own: what stays locked for long
    would make a whole office wait.
    """

    async def counted(request: Request, client: ClientDep) -> None:
        async with transaction(request) as work:
            key, settings = places.address(client), request.app.state.settings
            if refusal := await limits.hit(work, settings, purpose, key, free=free, per=per, gentle=gentle):
                raise refusal

    return params.Depends(counted)
