"""What every table begins with, and how its figures are put together."""

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median

CPUS = Path("/proc/cpuinfo")


def heading(*packages: str) -> str:
    """Return a line with the versions of Python and some packages, and the machine."""
    versions = ", ".join([f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in packages)])
    names = CPUS.read_text().splitlines() if CPUS.exists() else []
    model = next((line.split(":", 1)[1].strip() for line in names if line.startswith("model name")), platform.machine())
    return f"{versions}; {os.cpu_count()} cores, {model}, {platform.system()}"


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of the values lies; NaN where there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows as text, the first column to the left and the others to the right."""
    widths = [max(len(row[place]) for row in [head, *rows]) for place in range(len(head))]
    lines = [
        "  ".join(cell.rjust(width) if place else cell.ljust(width) for place, (cell, width) in enumerate(cells))
        for cells in (list(zip(row, widths, strict=True)) for row in [head, *rows])
    ]
    return "\n".join(lines)


def middle(rounds: Sequence[Sequence[float]]) -> list[float]:
    """Return the median of each figure over the rounds."""
    return [median(figures) for figures in zip(*rounds, strict=True)]
