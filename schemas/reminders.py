"""Reminders as they come in."""

from datetime import timedelta
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from annotated_types import Len
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from channels import registry
from schemas.base import Duration, Later, Model, Text, example
from schemas.fields import unset
from schemas.schedule import LAST_FRIDAY, ScheduleIn
from schemas.teams import Role

Item = TypeVar("Item")

PLANNED_CHANNELS = frozenset({"email", "slack", "sms", "expo", "webpush", "webhook", "apprise", "inbox"})
"""What the contract names, built or not."""

MOST = 100
"""The longest list that a field takes."""

LEAST_LATENESS = timedelta(minutes=1)


def _refuse_planned(planned: frozenset[str]) -> BeforeValidator:
    def refuse(value: object) -> object:
        if isinstance(value, str) and value in planned:
            code = "not_available_yet"
            raise PydanticCustomError(code, "“{value}” is planned, but not available yet", {"value": value})
        return value

    return BeforeValidator(refuse)


def _known_channel(name: str) -> str:
    if name not in registry():
        code = "not_available_yet" if name in PLANNED_CHANNELS else "unknown_channel"
        known = ", ".join(sorted(registry()))
        raise PydanticCustomError(code, "There is no such channel (yet); choose among {known}", {"known": known})
    return name


def _once_each(values: list[Item]) -> list[Item]:
    return list(dict.fromkeys(values))


Ids = Annotated[list[UUID], Len(0, MOST), AfterValidator(_once_each)]
ChannelName = Annotated[str, Text(40), AfterValidator(_known_channel)]
ChannelNames = Annotated[list[ChannelName], Len(0, MOST), AfterValidator(_once_each)]
EntityWord = Annotated[str, Text(64)]
EntityId = Annotated[str, Text(200)]
Message = Annotated[str, Text(500), Field(examples=["Send the invoices"])]
Notes = Annotated[str, Text(10_000, strip=False), Field(description="Markdown.")]


def _some_patience(lateness: timedelta) -> timedelta:
    # Nothing is on time to the microsecond: with none at all, nothing would ever be sent.
    if lateness < LEAST_LATENESS:
        code = "too_short"
        raise PydanticCustomError(code, "Allow at least a minute (PT1M), or leave it out")
    return lateness


Lateness = Annotated[
    Duration,
    AfterValidator(_some_patience),
    Field(description="Later than this it is not sent any more; PT1M at least."),
]
CatchUp = Literal["latest", "all", "skip"]
AudienceKind = Annotated[
    Literal["team", "users", "roles", "creator", "addresses"], _refuse_planned(frozenset({"rotation"}))
]
Via = Annotated[Literal["api"], Field(description="Set by the door; here it can only be `api`.")]


class Audience(Model):
    """Who is to get it, resolved when it fires; `addresses` adds to any kind."""

    kind: AudienceKind = "team"
    users: Ids = Field(default_factory=list)
    roles: Annotated[list[Role], Len(0, 4), AfterValidator(_once_each)] = Field(default_factory=list)
    rotation_id: Annotated[None, Later()] = None
    addresses: Ids = Field(default_factory=list)


class ReminderCreate(Model):
    """A new reminder."""

    model_config = example(
        message="Send the invoices",
        schedule=LAST_FRIDAY,
        audience={"kind": "roles", "roles": ["owner", "admin"]},
        channels=["email"],
        entity_type="invoice_run",
        entity_id="2026-11",
        event_type="send",
    )

    message: Message
    notes: Notes | None = None
    schedule: ScheduleIn
    audience: Audience = Field(default_factory=Audience)
    channels: Annotated[ChannelNames, Field(description="Empty: each recipient's own preference.")] = Field(
        default_factory=list
    )
    entity_type: EntityWord | None = None
    entity_id: EntityId | None = None
    event_type: EntityWord | None = None
    completion: Annotated[Literal["any"] | None, Later("any")] = "any"
    nag_every: Annotated[None, Later()] = None
    stop: Annotated[None, Later()] = None
    escalation_id: Annotated[None, Later()] = None
    catch_up: CatchUp = "latest"
    max_lateness: Lateness | None = None
    priority: Annotated[Literal["normal"] | None, Later("normal")] = "normal"
    template_id: Annotated[None, Later()] = None
    created_via: Via = "api"


class MyReminderCreate(ReminderCreate):
    """A new reminder in a team that the body names."""

    team_id: Annotated[UUID | None, Field(description="Left out: the personal team.")] = None


class ReminderUpdate(Model):
    """What is to change about a reminder; what is left out stays."""

    model_config = example(message="Send the invoices to all customers", schedule=LAST_FRIDAY)

    message: Message = unset()
    notes: Notes | None = unset()
    schedule: ScheduleIn = unset()
    audience: Audience = unset()
    channels: ChannelNames = unset()
    entity_type: EntityWord | None = unset()
    entity_id: EntityId | None = unset()
    event_type: EntityWord | None = unset()
    completion: Annotated[Literal["any"] | None, Later("any")] = unset()
    nag_every: Annotated[None, Later()] = unset()
    stop: Annotated[None, Later()] = unset()
    escalation_id: Annotated[None, Later()] = unset()
    catch_up: CatchUp = unset()
    max_lateness: Lateness | None = unset()
    priority: Annotated[Literal["normal"] | None, Later("normal")] = unset()
    template_id: Annotated[None, Later()] = unset()


def given(change: ReminderUpdate) -> dict[str, Any]:
    """Return the fields that a change names, as Python values."""
    return {name: getattr(change, name) for name in change.model_fields_set}
