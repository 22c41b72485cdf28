"""What a list of reminders can be asked for."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BeforeValidator, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from crud.reminder_lists import Filters, SortName
from routers.deps import Me
from schemas.base import Instant, Text
from schemas.reminder_read import CreatedVia, ReminderStatus


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


Status = Annotated[ReminderStatus, BeforeValidator(_lower)]
Word = Annotated[str, Text(200)]


def _me_or_id(value: object) -> object:
    # By hand, because a union would report each mistake twice, and by names that nobody sent.
    try:
        return value if value == "me" else UUID(str(value))
    except ValueError as error:
        code = "invalid_assignee"
        raise PydanticCustomError(code, "Write `me`, or the id of a person") from error


Assignee = Annotated[
    Literal["me"] | UUID,
    PlainValidator(_me_or_id),
    WithJsonSchema({"anyOf": [{"const": "me"}, {"type": "string", "format": "uuid"}]}),
]


async def _filters(
    me: Me,
    status: Annotated[Status | None, Query(description="In any case. Left out: all that are not deleted.")] = None,
    due_after: Annotated[Instant | None, Query(description="Inclusive.")] = None,
    due_before: Annotated[Instant | None, Query(description="Exclusive.")] = None,
    assignee: Annotated[Assignee | None, Query(description="Whom it would reach: `me`, or an id.")] = None,
    entity_type: Word | None = None,
    entity_id: Word | None = None,
    event_type: Word | None = None,
    created_via: CreatedVia | None = None,
    q: Annotated[Word | None, Query(description="Part of message or notes.")] = None,
) -> Filters:
    return Filters(
        status=status,
        due_after=due_after,
        due_before=due_before,
        assignee=me.user_id if assignee == "me" else assignee,
        entity_type=entity_type,
        entity_id=entity_id,
        event_type=event_type,
        created_via=created_via,
        q=q,
    )


FiltersDep = Annotated[Filters, Depends(_filters, scope="function")]
SortBy = Annotated[SortName, Query(alias="sort", description="`-` for descending.")]
