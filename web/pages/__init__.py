"""One file per page."""

from fastapi import APIRouter

from web.pages import mail, start

pages_router = APIRouter(include_in_schema=False)
for module in (start, mail):
    pages_router.include_router(module.router)
