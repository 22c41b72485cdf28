"""Isolation is structure: what a team owns is keyed by it, and PostgreSQL refuses what would cross to another."""

from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from core.db import open_engine
from tests.fixtures.world import World

NOT_KEYED = {
    "addresses": "belongs to a team or to a person; (team_id, id) and (user_id, id) are unique, for what refers to it",
    "audit_log": "has lines of no team, and keeps those of teams that are gone",
}
NO_KEY_NEEDED = {
    "audit_log": "what a line tells of may be gone",
    "deliveries.lease_token": "names a lease, which is no row",
}

_KEYS = """
select t.relname as name, array_agg(a.attname order by k.n)::text[] as columns
  from pg_constraint c join pg_class t on t.oid = c.conrelid
 cross join lateral unnest(c.conkey) with ordinality k (attnum, n)
  join pg_attribute a on a.attrelid = t.oid and a.attnum = k.attnum
 where c.contype = 'p' and t.relnamespace = 'public'::regnamespace
   and exists (select from pg_attribute o where o.attrelid = t.oid and o.attname = 'team_id')
 group by t.relname
"""
_REFERENCES = """
select c.conname as constraint, c.conrelid::regclass::text as source, c.confrelid::regclass::text as target,
       array_agg(s.attname order by k.n)::text[] as columns, array_agg(g.attname order by k.n)::text[] as target_columns
  from pg_constraint c
 cross join lateral unnest(c.conkey, c.confkey) with ordinality k (here, there, n)
  join pg_attribute s on s.attrelid = c.conrelid and s.attnum = k.here
  join pg_attribute g on g.attrelid = c.confrelid and g.attnum = k.there
 where c.contype = 'f' group by c.oid, c.conname, c.conrelid, c.confrelid order by 1
"""
_IDS = """
select c.relname as name, a.attname as column from pg_class c join pg_attribute a on a.attrelid = c.oid
 where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
   and a.atttypid = 'uuid'::regtype and a.attname not in ('id', 'team_id')
   and exists (select from pg_attribute o where o.attrelid = c.oid and o.attname = 'team_id')
"""


async def catalog(conn: AsyncConnection, statement: str) -> list[Row[Any]]:
    """Return what PostgreSQL knows of its tables."""
    return list((await conn.execute(text(statement))).all())


async def test_tables_are_keyed_by_team(database_url: str) -> None:
    """What a team owns has a primary key that begins with the team, or a reason why not.

    References to it hold the owner, and nothing refers without a foreign key.
    """
    engine = open_engine(database_url, pool_size=None)
    async with engine.connect() as conn:
        keys = {row.name: row.columns for row in await catalog(conn, _KEYS)}
        references = await catalog(conn, _REFERENCES)
        ids = {(row.name, row.column) for row in await catalog(conn, _IDS)}
    await engine.dispose()
    assert len(keys) > 8
    assert {name for name, columns in keys.items() if columns[0] != "team_id"} == set(NOT_KEYED)
    loose = [each.constraint for each in references if each.target in keys and not owned(each)]
    assert loose == []
    tied = {(each.source, column) for each in references for column in each.columns}
    free = {f"{name}.{column}" for name, column in ids - tied if name not in NO_KEY_NEEDED}
    assert free - NO_KEY_NEEDED.keys() == set()


def owned(reference: Row[Any]) -> bool:
    """Return whether a reference holds the team of its target, or the person where that has one."""
    owners = {"team_id"} | ({"user_id"} if reference.target in NOT_KEYED else set())
    return bool(owners & set(reference.target_columns))


async def test_postgresql_refuses_what_would_cross(world: World) -> None:
    """Each reference between team-owned tables, pointed at the row of another team by SQL, is refused."""
    async with world.app.state.database.connect() as conn:
        owned_tables = {row.name for row in await catalog(conn, _KEYS)}
        inner = [each for each in await catalog(conn, _REFERENCES) if {each.source, each.target} <= owned_tables]
        tried = [(each.constraint, await crossed(conn, each, world)) for each in inner]
    assert len(tried) > 5
    assert [name for name, refused in tried if not refused] == []


async def crossed(conn: AsyncConnection, reference: Row[Any], world: World) -> bool:
    """Point a row of ours at one of theirs; return whether that was refused."""
    pairs = [
        (column, target)
        for column, target in zip(reference.columns, reference.target_columns, strict=True)
        if target not in {"team_id", "user_id"}
    ]
    assigned = ", ".join(f"{column} = other.{target}" for column, target in pairs)
    whose = "team_id" if "team_id" in reference.target_columns else "user_id"
    statement = f"""
        update {reference.source} mine set {assigned}
          from (select * from {reference.target} where {whose} = :theirs limit 1) other
         where mine.team_id = :ours and num_nulls({", ".join(f"mine.{name}" for name in reference.columns)}) = 0"""
    ids = {"ours": world.ours.ids["team"], "theirs": world.theirs.ids["team" if whose == "team_id" else "me"]}
    savepoint = await conn.begin_nested()
    try:
        moved = await conn.execute(text(statement), ids)
    except IntegrityError:
        return True
    finally:
        await savepoint.rollback()
    assert moved.rowcount, f"neither team has a row to try {reference.constraint} with"
    return False
