"""Proofs: one secret, one use."""

import asyncio

import pytest
from fastapi import FastAPI

from core.work import begin
from crud import proofs
from crud.proofs import InvalidProof
from models import proofs as table
from tests.fixtures.rows import Rows


async def test_of_two_at_once_exactly_one_wins(app: FastAPI, rows: Rows) -> None:
    """The same secret brought five times in parallel is taken once."""
    ada = await rows.person()
    async with begin(rows.db) as work:
        secret = await proofs.make(work, "mailbox", user_id=ada)

    async def bring() -> bool:
        try:
            async with begin(app.state.database) as work:
                await proofs.consume(work, "mailbox", secret)
        except InvalidProof:
            return False
        return True

    assert sorted(await asyncio.gather(*(bring() for _ in range(5)))) == [False] * 4 + [True]


async def test_a_new_one_takes_the_place_of_the_former(rows: Rows) -> None:
    """For the same purpose, person and thing one secret stands; others are not touched."""
    ada, bob = await rows.person(), await rows.person()
    async with begin(rows.db) as work:
        former = await proofs.make(work, "mailbox", user_id=ada)
        others = [await proofs.make(work, "mailbox", user_id=bob), await proofs.make(work, "mailbox", about=ada)]
        latest = await proofs.make(work, "mailbox", user_id=ada)
        with pytest.raises(InvalidProof):
            await proofs.look(work, "mailbox", former)
        for secret in (latest, *others):
            assert (await proofs.look(work, "mailbox", secret)).purpose == "mailbox"


async def test_only_a_hash_is_kept(rows: Rows) -> None:
    """The database holds nothing by which a link could be made."""
    async with begin(rows.db) as work:
        secret = await proofs.make(work, "mailbox")
        assert len(secret) == 43
        row = (await work.conn.execute(table.select())).one()
    assert secret not in str(row)
    assert secret.encode() not in row.token_hash


async def test_a_secret_serves_its_purpose_only_and_for_its_time(rows: Rows) -> None:
    """Another purpose, and half an hour later: it does not work; and what has expired is tidied away."""
    async with begin(rows.db) as work:
        secret = await proofs.make(work, "mailbox")
        with pytest.raises(InvalidProof):
            await proofs.consume(work, "password_reset", secret)
        work.now += proofs.LIFETIME
        with pytest.raises(InvalidProof):
            await proofs.consume(work, "mailbox", secret)
        work.now += proofs.LIFETIME
        assert await proofs.forget_old(work, 10) == 1
