"""`python -m tests.mutations [NAME ...]`: take each guard away, and print which test caught it.

It works on a copy of the tree and ends with 1 when a guard was missed by nobody.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.mutations.guards import GUARDS, Guard

ROOT = Path(__file__).parents[2]
LEFT_BEHIND = (".git", ".venv", ".tools", ".data", "__pycache__", ".*_cache", ".hypothesis")
CAUGHT = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


def survives(copy: Path, guard: Guard) -> str | None:
    """Run the tests of a guard without it; return the one that failed, None when none did."""
    path = copy / guard.file
    whole = path.read_text()
    path.write_text(without(guard, whole))
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider", *guard.tests],
            cwd=copy,
            env=os.environ | {"PYTHONPATH": str(copy)},
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        path.write_text(whole)
    if done.returncode == 0:
        return None
    found = CAUGHT.search(done.stdout)
    return found[1] if found else f"no test ran: {done.stdout[-300:]}"


def without(guard: Guard, whole: str) -> str:
    """Return the text of a file without a guard; there must be one place where it stands."""
    if whole.count(guard.code) != 1:
        message = f"{guard.name}: {whole.count(guard.code)} places in {guard.file}"
        raise LookupError(message)
    return whole.replace(guard.code, guard.without)


def main(names: list[str]) -> int:
    """Try every guard, or those whose names hold one of some words."""
    chosen = [guard for guard in GUARDS if not names or any(name in guard.name for name in names)]
    missed = 0
    with tempfile.TemporaryDirectory(prefix="reminders-mutations-") as folder:
        copy = Path(folder) / "tree"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_BEHIND))
        for guard in chosen:
            began = time.monotonic()
            caught = survives(copy, guard)
            missed += caught is None
            print(f"{guard.name:50} {caught or 'NOBODY NOTICED':90} {time.monotonic() - began:4.0f} s", flush=True)
    print(f"{len(chosen) - missed} of {len(chosen)} guards: a test noticed that they were gone")
    return min(missed, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
