"""The garbage collector, told what kind of process this is."""

import gc

# Objects made until it looks among the youngest; everything in flight counts, and is no garbage.
YOUNG = 20_000


def calm() -> None:
    """Set aside what has been loaded and look for cycles less often; for a process that has just started.

    With a hundred messages in flight the defaults took a third of a worker's time (`make bench NAME=herd`).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 50)
