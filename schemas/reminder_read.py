"""Reminders as they go out."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import Field, WithJsonSchema

from schedules import plan
from schedules.preview import show
from schedules.words.describe import describe
from schemas.base import EARLIEST, Duration, Instant, Model
from schemas.reminders import Audience
from schemas.schedule import OccurrencePreview

UPCOMING: Final = 3
_TICK: Final = timedelta(microseconds=1)

ReminderStatus = Literal["active", "paused", "completed", "expired", "deleted"]
CreatedVia = Literal["api", "ui", "slack", "chat", "mcp", "calendar", "import", "cli"]
ScheduleRead = Annotated[
    dict[str, Any],
    Field(description="As it was sent, with zone and start filled in."),
    WithJsonSchema(
        {
            "type": "object",
            "required": ["kind", "timezone"],
            "properties": {"kind": {"enum": ["once", "interval", "cron", "rrule"]}, "timezone": {"type": "string"}},
            "additionalProperties": True,
            "examples": [{"kind": "cron", "expression": "0 9 * * MON-FRI", "timezone": "Europe/Berlin"}],
        }
    ),
]


class ReminderRead(Model):
    """A reminder, with its schedule in words and what comes next."""

    id: UUID
    team_id: UUID
    created_by: UUID
    message: str
    notes: str | None
    schedule: ScheduleRead
    audience: Audience
    channels: list[str]
    entity_type: str | None
    entity_id: str | None
    event_type: str | None
    completion: Literal["any"] | None
    nag_every: None = None
    stop: None = None
    escalation_id: None = None
    catch_up: Literal["latest", "all", "skip"]
    max_lateness: Duration | None
    priority: Literal["normal"]
    template_id: None = None
    created_via: CreatedVia
    status: ReminderStatus
    next_run_at: Annotated[Instant | None, Field(description="Null unless it is active.")]
    last_run_at: Instant | None
    paused_until: Instant | None
    pause_reason: str | None
    description: Annotated[str, Field(description="The schedule in words.")]
    next_occurrences: Annotated[
        list[OccurrencePreview],
        Field(description="At most three; none unless active. On everybody's own clock: of the first to have it."),
    ]
    version: Annotated[int, Field(description="Changes with people's edits, not with firings; it is the ETag.")]
    created_at: Instant
    updated_at: Instant


_SAME = frozenset(ReminderRead.model_fields) - {
    "schedule", "audience", "next_run_at", "description", "next_occurrences",
    "nag_every", "stop", "escalation_id", "template_id",
}  # fmt: skip


@lru_cache(maxsize=16384)
def _described(schedule: str, locale: str, since: datetime) -> str:
    return describe(json.loads(schedule), locale, now=since)


@lru_cache(maxsize=16384)
def _upcoming(schedule: str, first: datetime, zone: str | None) -> tuple[OccurrencePreview, ...]:
    coming = plan.load(json.loads(schedule), zone).upcoming(first - _TICK, UPCOMING)
    return tuple(OccurrencePreview.model_construct(**show(instant)) for instant in coming)


def read(row: Mapping[str, Any], locale: str | None = None) -> ReminderRead:
    """Return a stored reminder as it is shown, its schedule in the words of `locale` (English by default).

    Nothing is validated again: every value was checked on its way in.
    """
    schedule, once = json.dumps(row["schedule"], sort_keys=True), row["schedule"]["kind"] == "once"
    next_run_at = row["next_run_at"] if row["status"] == "active" else None
    audience = Audience.model_construct(
        kind=row["audience_kind"],
        users=row["audience_user_ids"],
        roles=row["audience_roles"],
        rotation_id=None,
        addresses=row["audience_address_ids"],
    )
    return ReminderRead.model_construct(
        **{name: row[name] for name in _SAME},
        schedule=plan.public(row["schedule"]),
        audience=audience,
        next_run_at=next_run_at,
        # A single instant is said alike whenever it is said, and most reminders are one.
        description=_described(schedule, locale or "en", EARLIEST if once else row["updated_at"]),
        next_occurrences=list(_upcoming(schedule, next_run_at, row["next_zone"])) if next_run_at else [],
    )
