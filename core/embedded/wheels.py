"""Where the wheels keep their programs; the packages themselves are never imported, because that is slow."""

from importlib.util import find_spec
from pathlib import Path

from core.embedded.process import EmbeddedError


def find_program(package: str, pattern: str) -> Path:
    """Return the program of an installed wheel by a pattern below its package folder.

    Raises EmbeddedError when the wheel is not installed or is one without a program for this machine.
    """
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        message = f"{package} is not installed; install team-reminders[embedded], or set DATABASE_URL and REDIS_URL"
        raise EmbeddedError(message)
    for program in sorted(Path(spec.submodule_search_locations[0]).glob(pattern)):
        return program
    message = f"the installed {package} has no {pattern} for this machine"
    raise EmbeddedError(message)
