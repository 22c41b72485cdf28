"""Logging: structlog to standard output, one line per event; ids, never content, addresses or tokens."""

import logging
import sys
import traceback
from typing import Any, TextIO, cast

import structlog

from core.settings import Settings


class _Output:
    """Whatever is standard output when something is logged; loggers outlive what it was at the start."""

    def write(self, text: str) -> int:
        return sys.stdout.write(text)

    def flush(self) -> None:
        sys.stdout.flush()


def configure(settings: Settings) -> None:
    """Make structlog write what the settings ask for, and quiet the libraries."""
    shape = settings.log_format or ("json" if settings.production else "console")
    renderer: Any = structlog.processors.JSONRenderer() if shape == "json" else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[settings.log_level]),
        logger_factory=structlog.WriteLoggerFactory(file=cast("TextIO", _Output())),
    )
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")


def frames(error: BaseException) -> list[str]:
    """Return where an error came from, innermost last.

    Its message is left out: those of the database and of validation repeat what people wrote.
    """
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
