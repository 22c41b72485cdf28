"""How long a server is waited for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to find a name, to connect to one of its addresses, and for all of it together."""

    name: float = 5.0
    connect: float = 5.0
    total: float = 15.0
