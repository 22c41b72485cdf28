"""What a server said."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers (found by names in any case) and the body, unpacked if it was compressed."""

    status: int
    headers: Mapping[str, str]
    body: bytes
