"""Passwords: the one module that speaks passlib. argon2id, in threads, never more than there is room for."""

import asyncio
import os
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from passlib.context import CryptContext
from passlib.hash import argon2

from core.errors import Invalid, Unavailable

with warnings.catch_warnings():
    # passlib asks argon2-cffi for its version in a way that argon2-cffi has deprecated.
    warnings.simplefilter("ignore", DeprecationWarning)
    argon2.set_backend("argon2_cffi")

# OWASP's smallest for argon2id: 19 MiB, two passes, one lane.
_CONTEXT = CryptContext(
    schemes=["argon2"], argon2__type="ID", argon2__memory_cost=19456, argon2__rounds=2, argon2__parallelism=1
)
# Of random bytes that nobody kept; here and not made when it is first needed, which would take twice as long.
NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$xnhvrVWK0fqfU+o9B2BsTQ$EIsqal0I+PiDVSadYY4AQvH8/3kuDp8CuTlkmUENKes"
# Waiting ones included: whoever comes later is better told to come back than kept.
ROOM = 16
# No account has a longer one, and passlib refuses to look at what is much longer.
LONGEST = 128

T = TypeVar("T")


class CommonPassword(Invalid):
    """Anybody would try this password among the first; take another one."""

    code = "password_too_common"


class Busy(Unavailable):
    """Too many people are signing in at this moment; try again in a few seconds."""

    code = "busy"


class _Hasher:
    """Threads of their own, so that hashing starves neither the event loop nor other work in threads."""

    def __init__(self) -> None:
        self.inside = 0
        self.threads = ThreadPoolExecutor(max_workers=max(2, os.cpu_count() or 1), thread_name_prefix="argon2")

    async def run(self, work: Callable[[], T]) -> T:
        if self.inside >= ROOM:
            raise Busy
        self.inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self.threads, work)
        finally:
            self.inside -= 1


_hasher = _Hasher()


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset((Path(__file__).parent / "common_passwords.txt").read_text("utf-8").split())


# What stands for letters in many a password, so that `P@ssw0rd` is no better than `password`.
_SPOKEN = str.maketrans("@4301!5$7", "aaeoiisst")
_TAIL = "0123456789!.?#*_-"


def refuse_common(password: str) -> None:
    """Raise CommonPassword for one that is on everybody's list, in any case, spelling and with any digits after it."""
    plain = password.lower()
    stem = plain.rstrip(_TAIL)
    forms = {plain, stem, plain.translate(_SPOKEN), stem.translate(_SPOKEN)}
    halves = plain[: len(plain) // 2]
    if forms & _common() or (halves * 2 == plain and halves in _common()) or len(set(plain)) < 3:  # noqa: PLR2004  aaaaaaaa
        raise CommonPassword(field="password")


async def hashed(password: str) -> str:
    """Return the hash to be stored; raises Busy when too many are being hashed."""
    return await _hasher.run(lambda: _CONTEXT.hash(password))


async def verify(password: str, stored: str | None) -> tuple[bool, str | None]:
    """Tell whether a password is right, and return a new hash where the stored one has outdated parameters.

    Without a stored hash the same work is done for nothing, so that unknown accounts answer as slowly.
    """

    def compare() -> tuple[bool, str | None]:
        right, renewed = _CONTEXT.verify_and_update(password[:LONGEST], stored or NOBODYS)
        return bool(right) and stored is not None and len(password) <= LONGEST, renewed

    return await _hasher.run(compare)
