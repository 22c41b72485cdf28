"""Identifiers: UUIDv7 (RFC 9562), so that keys grow with time and indexes stay dense."""

import os
import time
from uuid import UUID


def uuid7() -> UUID:
    """Return a new UUIDv7: 48 bits of milliseconds since 1970, then 74 random bits."""
    stamp = time.time_ns() // 1_000_000
    noise = int.from_bytes(os.urandom(10))
    value = (stamp & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | (noise >> 68) << 64
    return UUID(int=value | 0b10 << 62 | noise & 0x3FFF_FFFF_FFFF_FFFF)
