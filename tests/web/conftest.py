"""Somebody with a browser."""

from collections.abc import AsyncIterator

import pytest
from httpx2 import ASGITransport, AsyncClient

from tests.fixtures.letters import Post


@pytest.fixture
async def browser(post: Post) -> AsyncIterator[AsyncClient]:
    """A browser at the pages of an application where mailboxes are to be proven."""
    transport = ASGITransport(app=post.app)
    async with AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        yield client
