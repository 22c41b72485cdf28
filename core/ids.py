"""Identifiers: UUIDv7 (RFC 9562), so that keys grow with time and indexes stay dense."""

import os
import time
from datetime import datetime
from uuid import UUID


def uuid7() -> UUID:
    """Return a new UUIDv7: 48 bits of milliseconds since 1970, then 74 random bits."""
    stamp = time.time_ns() // 1_000_000
    noise = int.from_bytes(os.urandom(10))
    value = (stamp & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | (noise >> 68) << 64
    return UUID(int=value | 0b10 << 62 | noise & 0x3FFF_FFFF_FFFF_FFFF)


def first_uuid7(at: datetime) -> UUID:
    """Return what every UUIDv7 that was made at an instant or later is not less than."""
    return UUID(int=int(at.timestamp() * 1000) << 80)


def first_of(at: datetime) -> UUID:
    """Return the smallest UUIDv7 of the millisecond of an aware instant; all that were made before are smaller."""
    stamp = int(at.timestamp() * 1000)
    return UUID(int=stamp << 80 | 0x7 << 76 | 0b10 << 62)
