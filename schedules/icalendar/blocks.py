"""The text of an iCalendar file, cut into its events.

The library reads one event at a time, and of it only what concerns dates: a mistake is found on its line, zones
that the file defines for itself are never worked out, and the work grows with the size of the file and no faster.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from core.errors import Invalid

MOST_EVENTS: Final = 2_000
_DEEPEST: Final = 10
_BOM: Final = b"\xef\xbb\xbf"
_CALENDAR: Final = ["VCALENDAR"]
_EVENT: Final = ["VCALENDAR", "VEVENT"]
_LINE: Final = re.compile(r"([A-Za-z0-9-]{1,100})[:;]")
_KEPT: Final = frozenset({
    "UID", "SUMMARY", "STATUS", "DTSTART", "DTEND", "DURATION", "RRULE", "EXRULE", "RDATE", "EXDATE", "RECURRENCE-ID",
})  # fmt: skip


class InvalidFile(Invalid):
    """The file is not an iCalendar file that can be read; the detail names the line or the event."""

    code = "invalid_calendar"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail, field="body")

    @classmethod
    def at(cls, line: int, reason: str) -> "InvalidFile":
        """Return the error that names a line."""
        return cls(f"line {max(line, 1)}: {reason}")


@dataclass(frozen=True, slots=True)
class Block:
    """One event: its place in the file, and its lines."""

    number: int
    line: int
    lines: list[str] = field(default_factory=list)

    def refuse(self, reason: str) -> InvalidFile:
        """Return the error that names this event."""
        return InvalidFile(f"event {self.number}, line {self.line}: {reason}")


def cut(content: bytes) -> list[Block]:
    """Return the events of a file in its order; raises InvalidFile with the line."""
    blocks: list[Block] = []
    open_parts: list[str] = []
    number, seen = 0, False
    for number, line in _unfolded(_text(content)):
        name = _name(number, line)
        if name == "BEGIN":
            open_parts.append(line[6:].strip().upper())
            _check_nesting(number, open_parts)
            seen = True
            if open_parts == _EVENT:
                blocks.append(Block(len(blocks) + 1, number))
        elif name == "END":
            if not open_parts or open_parts.pop() != line[4:].strip().upper():
                raise InvalidFile.at(number, "this END closes nothing that is open")
        elif not open_parts:
            raise InvalidFile.at(number, "a calendar begins with BEGIN:VCALENDAR")
        elif open_parts == _EVENT and name in _KEPT:
            blocks[-1].lines.append(line)
    if open_parts or not seen:
        missing = "END is missing" if open_parts else "BEGIN:VCALENDAR is missing"
        raise InvalidFile.at(number, missing)
    if len(blocks) > MOST_EVENTS:
        message = f"it has {len(blocks)} events, more than {MOST_EVENTS}; import it in parts"
        raise InvalidFile(message)
    return blocks


def _text(content: bytes) -> str:
    content = content.removeprefix(_BOM)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidFile.at(_line_at(content, error.start), "the file is not in UTF-8") from None
    if (place := content.find(b"\0")) >= 0:
        raise InvalidFile.at(_line_at(content, place), "NUL has no place in a calendar")
    return text


def _line_at(content: bytes, place: int) -> int:
    return content.count(b"\n", 0, place) + 1


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Yield each line with its number; what begins with a blank goes on from the line before."""
    began, parts = 0, list[str]()
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if line[:1] in {" ", "\t"} and parts:
            parts.append(line[1:])
            continue
        if parts:
            yield began, "".join(parts)
        began, parts = number, [line] if line.strip() else []
    if parts:
        yield began, "".join(parts)


def _name(number: int, line: str) -> str:
    found = _LINE.match(line)
    if found is None:
        raise InvalidFile.at(number, "this is no line of a calendar; they read NAME:VALUE")
    return found[1].upper()


def _check_nesting(number: int, open_parts: list[str]) -> None:
    if open_parts[:1] != _CALENDAR:
        raise InvalidFile.at(number, "a calendar begins with BEGIN:VCALENDAR")
    if len(open_parts) > _DEEPEST:
        raise InvalidFile.at(number, "parts are nested too deeply")
