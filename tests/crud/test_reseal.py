"""A new SECRET_KEY: what former keys sealed is sealed anew, and nothing stops working meanwhile."""

import pytest
from pydantic import SecretStr
from sqlalchemy import Column, select, text

from core.ids import uuid7
from core.sealing import key_names, keyed_hash, seal, unseal
from core.settings import Settings
from core.work import begin
from crud import rehash, reseal
from crud.reseal import SEALED, Course, Sealed
from models import addresses, metadata, opt_outs
from tests.fixtures.rows import Rows

[ADDRESSES] = [each for each in SEALED if each.table is addresses]


@pytest.fixture
def rotated(settings: Settings) -> Settings:
    """The settings after the key was changed."""
    return settings.model_copy(
        update={"secret_key": SecretStr("n" * 40), "secret_keys_previous": (settings.secret_key,)}
    )


async def rotate(rows: Rows, settings: Settings, sealed: Sealed = ADDRESSES) -> Course:
    """Rotate one column to its end."""
    course = Course()
    async for _ in reseal.rotate(rows.db, settings, sealed, course):
        pass
    return course


async def used(rows: Rows, settings: Settings) -> list[int]:
    """Return how many addresses each of the keys has sealed."""
    async with begin(rows.db) as work:
        found = await reseal.keys_used(work, ADDRESSES)
    return [found.get(name, 0) for name in key_names(settings)]


async def values(rows: Rows, settings: Settings) -> list[str]:
    """Return the values of all addresses, opened."""
    found = await rows.all(addresses)
    return [unseal(settings, row.sealed_value, where=ADDRESSES.where, row_id=row.id) for row in found]


def test_every_sealed_column_is_listed() -> None:
    """A column named `sealed_*` or `*_sealed` is rotated, or its key could never be dropped."""
    named = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if column.name.startswith("sealed_") or column.name.endswith("_sealed")
    }
    assert named == {each.where for each in SEALED}
    assert len(named) == len(SEALED)


def test_every_row_id_belongs_to_its_column() -> None:
    """Values are bound to one row, so the id is the whole primary key."""
    for each in SEALED:
        keys: list[Column[object]] = list(each.table.primary_key)
        assert [each.row_id] == keys


async def test_everything_is_sealed_anew(rows: Rows, settings: Settings, rotated: Settings) -> None:
    """Afterwards the new key alone opens every value, removed addresses too; versions and times stay."""
    user_id = await rows.person()
    for number in range(3):
        await rows.address(f"{number}@example.com", user_id=user_id)
    await rows.execute("update addresses set deleted_at = now() where shown_value like '0%'")
    before = [(row.version, row.updated_at) for row in await rows.all(addresses)]
    assert await values(rows, rotated) == await values(rows, settings)
    assert (await rotate(rows, rotated)).resealed == 3
    alone = rotated.model_copy(update={"secret_keys_previous": ()})
    assert sorted(await values(rows, alone)) == ["0@example.com", "1@example.com", "2@example.com"]
    assert [(row.version, row.updated_at) for row in await rows.all(addresses)] == before
    assert (await rotate(rows, rotated)).resealed == 0


async def test_it_goes_on_where_it_was_ended(rows: Rows, rotated: Settings) -> None:
    """Each batch is a transaction of its own; what is done stays done, and is not done again."""
    user_id = await rows.person()
    for number in range(5):
        await rows.address(f"{number}@example.com", user_id=user_id)
    async for _ in reseal.rotate(rows.db, rotated, ADDRESSES, Course(), batch=2):
        break
    assert await used(rows, rotated) == [2, 3]
    course = Course()
    steps = [done.resealed async for done in reseal.rotate(rows.db, rotated, ADDRESSES, course, batch=2)]
    assert steps == [2, 3]
    assert await used(rows, rotated) == [5, 0]


async def test_what_somebody_holds_is_left_for_later(rows: Rows, rotated: Settings) -> None:
    """A row that is being changed is not waited for, and what was written into it meanwhile is not lost."""
    user_id = await rows.person()
    held, _ = [await rows.address(f"{number}@example.com", user_id=user_id) for number in range(2)]
    async with begin(rows.db) as work:
        await work.conn.execute(select(addresses).where(addresses.c.id == held).with_for_update())
        assert (await rotate(rows, rotated)).resealed == 1
        new = seal(rotated, "new@example.com", where=ADDRESSES.where, row_id=held)
        await work.conn.execute(
            text("update addresses set sealed_value = :new where id = :id"), {"new": new, "id": held}
        )
    assert (await rotate(rows, rotated)).resealed == 0
    assert "new@example.com" in await values(rows, rotated)


async def test_what_nobody_can_open_is_counted(rows: Rows, rotated: Settings) -> None:
    """It is left as it is, and named; what was wiped is not sealed at all."""
    user_id = await rows.person()
    broken = await rows.address("a@example.com", user_id=user_id)
    await rows.address("b@example.com", user_id=user_id)
    await rows.execute("update addresses set sealed_value = 'v1.deadbeef.x.y' where id = :id", id=broken)
    await rows.execute("update addresses set sealed_value = '' where id <> :id", id=broken)
    course = await rotate(rows, rotated)
    assert (course.resealed, course.unreadable, course.examples) == (0, 1, [str(broken)])


async def test_a_new_hash_key_takes_addresses_and_opt_outs_along(rows: Rows, settings: Settings) -> None:
    """They are hashed anew together; an opt-out whose address is gone stays as it is."""
    new = settings.model_copy(update={"hash_key": SecretStr("h" * 40)})
    user_id = await rows.person()
    hashes = [keyed_hash(each, "address", "email:a@example.com") for each in (settings, new)]
    await rows.address("a@example.com", user_id=user_id, value_hash=hashes[0])
    for digest in (hashes[0], b"of somebody who is gone"):
        await rows.execute("insert into opt_outs (kind, value_hash, source) values ('email', :h, 'page')", h=digest)
    async with begin(rows.db) as work:
        assert not await rehash.foreign(work, settings)
        assert await rehash.foreign(work, new)
    assert [changed async for changed in rehash.rehash(rows.db, new)] == [1]
    assert [row.value_hash for row in await rows.all(addresses)] == hashes[1:]
    async with begin(rows.db) as work:
        assert not await rehash.foreign(work, new)
        kept = set((await work.conn.execute(select(opt_outs.c.value_hash))).scalars())
    assert kept == {hashes[1], b"of somebody who is gone"}


async def test_an_address_that_was_entered_twice_stops_nothing(rows: Rows, settings: Settings) -> None:
    """Where its owner entered it again under the new key, the former row stays as it is."""
    new = settings.model_copy(update={"hash_key": SecretStr("h" * 40)})
    user_id = await rows.person()
    for each in (settings, new):
        await rows.address(
            "a@example.com", user_id=user_id, value_hash=keyed_hash(each, "address", "email:a@example.com")
        )
    other = await rows.address("b@example.com", user_id=await rows.person(), value_hash=uuid7().bytes)
    assert [changed async for changed in rehash.rehash(rows.db, new)] == [1]
    assert (await rows.one(addresses, other)).value_hash == keyed_hash(new, "address", "email:b@example.com")
