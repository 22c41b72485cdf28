"""What requests leave behind: rows in any table, and words of others in an answer."""

from collections.abc import Iterable

from httpx2 import Response
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

# What may change by asking alone: that a key or a session was used, and what throttles.
PASSING = ("last_used_at", "failures", "blocked_until")
UNHEEDED = ("alembic_version", "zone_rules", "workers", "limits")

_TABLES = text("select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1")


async def rows(db: AsyncEngine) -> dict[str, str]:
    """Return one checksum per table over all its rows, as text."""
    async with db.connect() as conn:
        names = [name for (name,) in await conn.execute(_TABLES) if name not in UNHEEDED]
        without = " ".join(f"- '{column}'" for column in PASSING)
        each = [
            f"select '{name}' as name, md5(coalesce(string_agg(row, '' order by row), '')) as checksum"
            f" from (select (to_jsonb(t) {without})::text as row from {name} t) rows"
            for name in names
        ]
        found = await conn.execute(text(" union all ".join(each)))
        return {row.name: row.checksum for row in found}


def differences(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Return the tables whose rows differ."""
    return [name for name in after if before.get(name) != after[name]]


def leaked(answer: Response, markers: Iterable[str]) -> list[str]:
    """Return the words of others that stand in an answer, in any case."""
    everything = f"{answer.status_code} {answer.headers} {answer.text}".lower()
    return [marker for marker in markers if marker in everything]


def normal(answer: Response, *ids: str) -> tuple[int, str, dict[str, str]]:
    """Return an answer without what may differ between two that tell the same."""
    told = answer.text
    for each in ids:
        told = told.replace(each, "<id>")
    headers = {name: value for name, value in answer.headers.items() if name not in {"x-request-id", "date"}}
    headers.pop("content-length", None)
    return answer.status_code, told, headers
