"""The export of a person: how it is written, and what the OpenAPI document says of it."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from core.clock import iso
from schedules import durations

FORMAT: Final = "team-reminders/person"
VERSION: Final = 1


def written(value: Mapping[str, Any]) -> str:
    """Write one row as JSON: instants as RFC 3339, durations as ISO 8601, ids as text."""
    return json.dumps(value, default=_plain, ensure_ascii=False)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        # On everybody's own clock a time has no zone.
        return iso(value) if value.tzinfo else value.isoformat()
    return durations.write(value) if isinstance(value, timedelta) else str(value)


def schema(sections: Iterable[str]) -> dict[str, Any]:
    """Return the shape of an export with some sections, for the OpenAPI document."""
    rows = {"type": "array", "items": {"type": "object", "additionalProperties": True}}
    head = {
        "format": {"type": "string", "const": FORMAT},
        "version": {"type": "integer", "const": VERSION},
        "exported_at": {"type": "string", "format": "date-time"},
    }
    properties = {**head, **dict.fromkeys(sections, rows), "complete": {"type": "boolean", "const": True}}
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
