"""A path that does not know a method says which it knows."""

from httpx2 import AsyncClient

from tests.fixtures.api import Person


async def test_a_405_names_every_method_of_the_path(client: AsyncClient) -> None:
    """`Allow` holds the methods of all routes at the path, not of the first one only, and none of another path."""
    nobody = "0190b5f0-0000-7000-8000-000000000000"
    for path, methods in (("/teams", "GET, HEAD, POST"), (f"/teams/{nobody}", "DELETE, GET, HEAD, PATCH")):
        answer = await client.put(path)
        assert (answer.status_code, answer.headers["Allow"]) == (405, methods)


async def test_a_head_is_a_get_without_its_body(client: AsyncClient, signed_in: Person) -> None:
    """Status and headers are those of the GET, its length too, whether there is something to see or not."""
    for path, person in (("/users/me", signed_in), ("/users/me", client), ("/nowhere", client)):
        got, head = [await person.request(method, path) for method in ("GET", "HEAD")]
        assert (head.status_code, head.content) == (got.status_code, b"")
        for name in ("content-length", "content-type", "etag", "www-authenticate"):
            assert head.headers.get(name) == got.headers.get(name), name
