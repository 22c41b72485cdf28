"""A path that does not know a method says which it knows."""

from httpx2 import AsyncClient


async def test_a_405_names_every_method_of_the_path(client: AsyncClient) -> None:
    """`Allow` holds the methods of all routes at the path, not of the first one only, and none of another path."""
    nobody = "0190b5f0-0000-7000-8000-000000000000"
    for path, methods in (("/teams", "GET, POST"), (f"/teams/{nobody}", "DELETE, GET, PATCH")):
        answer = await client.put(path)
        assert (answer.status_code, answer.headers["Allow"]) == (405, methods)
