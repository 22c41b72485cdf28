"""How long to wait before trying again."""

import random
from datetime import timedelta

FIRST = 0.5
# A provider that is back after an hour must be probed within a minute; later there is less hurry.
CAP_EARLY = 45.0
CAP = 300.0
EARLY_TRIES = 80


def backoff(tries: int, floor: timedelta | None = None) -> timedelta:
    """Return the wait after so many failed tries: exponential with full jitter, at least `floor`.

    Source of full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    """
    cap = CAP_EARLY if tries < EARLY_TRIES else CAP
    wait = timedelta(seconds=FIRST + random.uniform(0, min(cap, FIRST * 2 ** min(tries, 16))))  # noqa: S311  jitter is no secret
    return max(wait, floor) if floor is not None else wait
