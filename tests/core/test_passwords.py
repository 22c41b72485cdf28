"""Passwords are hashed with argon2id, off the loop, and never more at once than there is room for."""

import asyncio
import importlib.metadata

import pytest
from passlib.hash import argon2

from core import passwords
from core.passwords import Busy, CommonPassword


async def test_a_password_is_known_by_its_hash() -> None:
    """The right password fits its hash, another one does not, and the parameters are those of the design."""
    stored = await passwords.hashed("correct horse")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await passwords.verify("correct horse", stored) == (True, None)
    assert await passwords.verify("wrong horse", stored) == (False, None)


async def test_nobody_has_no_password() -> None:
    """Without an account no password is right, not even the one that is hashed for the time it takes."""
    assert await passwords.verify("nobody has this password", None) == (False, None)


def test_nobodys_hash_costs_what_a_real_one_does() -> None:
    """The hash that is compared where there is no account has today's parameters, or its time would tell."""
    assert not passwords._CONTEXT.needs_update(passwords.NOBODYS)


async def test_an_old_hash_is_renewed() -> None:
    """A hash with weaker parameters is right, and comes back with today's."""
    weak = argon2.using(type="ID", memory_cost=1024, rounds=1, parallelism=1).hash("correct horse")
    right, renewed = await passwords.verify("correct horse", weak)
    assert right
    assert renewed is not None
    assert "m=19456" in renewed


async def test_over_the_limit_is_refused_at_once() -> None:
    """Whoever comes when the room is full is told so, and does not wait."""
    outcomes = await asyncio.gather(
        *(passwords.hashed("correct horse") for _ in range(passwords.ROOM + 3)), return_exceptions=True
    )
    assert sum(isinstance(outcome, Busy) for outcome in outcomes) == 3
    assert await passwords.hashed("correct horse")


@pytest.mark.parametrize(
    "password",
    [
        *("password", "Passw0rd", "PASSWORD123!", "P@$$w0rd#1", "aaaaaaaa", "abababab", "qwertyuiop", "teamreminders"),
        *("Liverpool2024", "michael1987", "dragondragon", "schatz123", "1q2w3e4r5t", "Sommer2026!"),
    ],
)
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    """Common passwords are refused in any case, spelt with signs, twice over, and with digits behind."""
    with pytest.raises(CommonPassword):
        passwords.refuse_common(password)


def test_an_uncommon_password_passes() -> None:
    """There are no composition rules: the same words are refused only where everybody has them."""
    for password in ("three wet socks on a line", "dragon in the library", "kzv8-Rtw2-mmXq", "Donaudampfschiff7"):
        passwords.refuse_common(password)
    with pytest.raises(CommonPassword):
        passwords.refuse_common("letmein")


def test_only_one_passlib_is_installed() -> None:
    """`libpass` provides the same import name and must not stand beside passlib."""
    assert importlib.metadata.version("passlib")
    with pytest.raises(importlib.metadata.PackageNotFoundError):
        importlib.metadata.version("libpass")
