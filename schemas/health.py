"""How the installation is."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from schemas.base import Instant


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    """Whether requests can be served, and whether reminders are getting out."""

    status: Annotated[
        Literal["ok", "degraded", "unavailable"],
        Field(description="`degraded`: late rather than lost; `unavailable`: the database is away or not migrated."),
    ]
    reasons: Annotated[list[str], Field(description="Why it is not `ok`.")]
    database: Literal["ok", "away"]
    migration: Annotated[str | None, Field(description="The revision of the database.")] = None
    migration_expected: str
    redis: Literal["ok", "away", "none"]
    last_sweep_at: Instant | None = None
    last_sweep_age_s: float | None = None
    oldest_overdue_s: Annotated[float, Field(description="Seconds since the oldest thing still to do was due.")] = 0
    tzdata: Annotated[str, Field(description="The release of the IANA time zone database.", examples=["2026f"])]


class Swept(BaseModel):
    """What one sweep did."""

    reminders: Annotated[int, Field(description="Reminders that fell due and were fired.")]
    channels: Annotated[list[str], Field(description="Channels that had something to deliver.")]
