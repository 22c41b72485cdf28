"""The methods of a path, for the answer that a method is not among them (RFC 9110, 15.5.6)."""

from functools import lru_cache
from re import Pattern

from fastapi.routing import APIRoute
from starlette.routing import compile_path

from routers import api_routers, root_routers


def allowed(path: str) -> str:
    """Return what `Allow` says of a path; the framework would name the methods of its first route only."""
    found = {method for pattern, methods in _routes() if pattern.match(path) for method in methods}
    if "GET" in found:
        found.add("HEAD")
    return ", ".join(sorted(found))


@lru_cache(maxsize=1)
def _routes() -> list[tuple[Pattern[str], frozenset[str]]]:
    return [
        (compile_path(prefix + route.path)[0], frozenset(route.methods or ()))
        for prefix, routers in (("/api/v1", api_routers), ("", root_routers))
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute)
    ]
