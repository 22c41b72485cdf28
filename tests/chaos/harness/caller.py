"""Somebody who is signed in and makes reminders by the API."""

from datetime import datetime
from typing import Any

from httpx2 import AsyncClient, Response

from tests.fixtures.api import PASSWORD


class Caller:
    """Speaks to a real API as one person, whose mail address is the destination."""

    def __init__(self, client: AsyncClient, token: str) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"}

    async def remind(self, title: str, at: datetime, **fields: Any) -> Response:
        """Ask for a one-shot reminder without acknowledgement."""
        body = {"message": title, "schedule": {"kind": "once", "at": at.isoformat()}, "completion": None} | fields
        return await self.client.post("/reminders", json=body, headers=self.headers)

    async def ask(self, method: str, path: str, **options: Any) -> Response:
        """Ask for anything else."""
        return await self.client.request(method, path, headers=self.headers, **options)


async def sign_up(client: AsyncClient, email: str = "ada@example.com") -> Caller:
    """Register and sign in."""
    account = {"email": email, "name": "Ada", "password": PASSWORD}
    registered = await client.post("/auth/register", json=account)
    assert registered.status_code == 201, registered.text
    tokens = await client.post("/auth/token", data={"username": email, "password": PASSWORD})
    return Caller(client, tokens.json()["access_token"])
