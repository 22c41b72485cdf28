"""`POST /ops/sweep`: any cron from outside can drive the system, if it knows the token."""

from httpx2 import AsyncClient
from pydantic import SecretStr

from core.settings import Settings
from tests.fixtures.api import client_of, serve

BEARER = {"Authorization": "Bearer let me in"}


async def test_without_a_token_the_path_is_not_there(client: AsyncClient) -> None:
    """Where no OPS_TOKEN is set, it is 404 with or without a header."""
    assert (await client.post("/ops/sweep")).status_code == 404
    assert (await client.post("/ops/sweep", headers=BEARER)).status_code == 404


async def test_a_sweep_wants_the_token(settings: Settings) -> None:
    """Without the token or with another one it is 401; with it, one sweep is made and told about."""
    with_token = settings.model_copy(update={"ops_token": SecretStr("let me in")})
    async with serve(with_token) as app, client_of(app) as client:
        for headers in ({}, {"Authorization": "Bearer guess"}, {"Authorization": "Basic let me in"}):
            assert (await client.post("/ops/sweep", headers=headers)).status_code == 401
        answer = await client.post("/ops/sweep", headers=BEARER)
        assert (answer.status_code, answer.json()) == (200, {"reminders": 0, "channels": []})
