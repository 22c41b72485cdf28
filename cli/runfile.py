"""`run.json` in the data folder: what a running `reminders up` tells the other commands.

Whoever runs holds a lock on the file, which the kernel lets go however the process ends.
"""

import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

NAME = "run.json"
TRIES = 5


@dataclass(frozen=True, slots=True)
class Running:
    """A running `reminders up`: where it is, and the environment that makes a command work on its servers."""

    pid: int
    address: str
    environment: dict[str, str] = field(default_factory=dict)


class Taken(Exception):
    """Another process holds the folder."""


class RunFile:
    """The file as its holder sees it."""

    def __init__(self, file: int, path: Path) -> None:
        self._file = file
        self._path = path

    @classmethod
    def hold(cls, folder: Path) -> Self:
        """Take the folder; raises Taken when another process has it."""
        path = folder / NAME
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        # Readers try the lock for an instant.
        for attempt in range(TRIES):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(0.02 * attempt)
            else:
                os.ftruncate(file, 0)
                return cls(file, path)
        os.close(file)
        raise Taken

    def write(self, running: Running) -> None:
        """Tell the others."""
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, json.dumps(asdict(running)).encode(), 0)

    def release(self) -> None:
        """Let the folder go."""
        self._path.unlink(missing_ok=True)
        os.close(self._file)


def running(folder: Path) -> Running | None:
    """Return what runs on a folder, None where nothing does."""
    try:
        with (folder / NAME).open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return Running(**json.load(file))
    except (OSError, ValueError, TypeError):
        # No file, somebody else's file, or one that is not written yet.
        return None
    return None
