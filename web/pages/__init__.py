"""One file per page."""

from fastapi import APIRouter

from web.pages import account, account_invitation, account_password, mail, start, unsubscribe

pages_router = APIRouter(include_in_schema=False)
for module in (start, mail, unsubscribe, account, account_password, account_invitation):
    pages_router.include_router(module.router)
