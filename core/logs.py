"""Logging: structlog to standard output, one line per event; ids, never content, addresses or tokens."""

import logging
import sys
from typing import Any, Literal, TextIO, cast

import structlog

from core.redaction import RedactedRecord, frames, redacted
from core.settings import Settings

__all__ = ["configure", "frames"]


class _Output:
    """Whatever is standard output (or error) when something is logged; loggers outlive what it was at the start."""

    def __init__(self, name: Literal["stdout", "stderr"]) -> None:
        self._name = name

    def write(self, text: str) -> int:
        written: int = getattr(sys, self._name).write(text)
        return written

    def flush(self) -> None:
        getattr(sys, self._name).flush()


def configure(settings: Settings, *, to: Literal["stdout", "stderr"] = "stdout") -> None:
    """Make structlog write what the settings ask for, and quiet the libraries.

    `to` is the standard error of a command whose output is read by programs.
    """
    shape = settings.log_format or ("json" if settings.production else "console")
    renderer: Any = structlog.processors.JSONRenderer() if shape == "json" else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            redacted,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[settings.log_level]),
        logger_factory=structlog.WriteLoggerFactory(file=cast("TextIO", _Output(to))),
    )
    # Whoever writes lines, and however they are shown: uvicorn and arq bring handlers of their own.
    logging.setLogRecordFactory(RedactedRecord)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
