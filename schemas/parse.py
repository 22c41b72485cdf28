"""Sentences as they come in, and what was understood."""

from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema

from schedules.preview import show
from schedules.words.parse import Parsed
from schemas.base import Instant, Model, Text, Zone
from schemas.reminder_read import ReminderRead
from schemas.schedule import OccurrencePreview

Sentence = Annotated[
    str,
    Text(1000),
    Field(
        description="English or German. Quotes protect words of the message that speak of time.",
        examples=["remind ops to send invoices every last Friday at 4pm"],
    ),
]
MentionKind = Literal["creator", "team", "users", "addresses", "names"]


class QuickAdd(Model):
    """A reminder in one sentence."""

    text: Sentence
    timezone: Annotated[Zone | None, Field(description="Left out: that of the team.")] = None


class ParseRequest(Model):
    """A sentence to try out."""

    text: Sentence
    timezone: Annotated[Zone | None, Field(description="Left out: your own.")] = None
    now: Annotated[Instant | None, Field(description="When it was said. Left out: now.")] = None


class Ambiguity(Model):
    """Words that could have been meant in another way."""

    text: str
    chosen: str
    choices: list[str]


class MentionsRead(Model):
    """Who was named; `names` are bare ones, which only a team can resolve."""

    kind: MentionKind
    mentions: Annotated[list[str], Field(examples=[["@ada", "#ops"]])]


class ParseRead(Model):
    """What was understood."""

    message: Annotated[str, Field(description="Empty where nothing but a time was said.")]
    audience: Annotated[MentionsRead | None, Field(description="Null where nobody was named.")]
    schedule: Annotated[
        dict[str, Any],
        Field(description="As a reminder takes it."),
        WithJsonSchema({"type": "object", "additionalProperties": True}),
    ]
    description: Annotated[str, Field(description="In the language of Accept-Language, else of the text.")]
    occurrences: Annotated[list[OccurrencePreview], Field(description="The first three.")]
    ambiguities: list[Ambiguity]


class Undo(Model):
    """The request that takes it back."""

    method: Literal["DELETE"]
    path: str


class QuickAddRead(ReminderRead):
    """The new reminder, with what was understood and how to take it back."""

    parsed: ParseRead
    undo: Undo


def parse_read(parsed: Parsed) -> ParseRead:
    """Return what was understood as it is shown."""
    return ParseRead(
        message=parsed.message,
        audience=mentions_read(parsed.mentions),
        schedule=parsed.schedule,
        description=parsed.description,
        occurrences=[OccurrencePreview(**show(instant)) for instant in parsed.occurrences],
        ambiguities=[
            Ambiguity(text=each.text, chosen=each.chosen, choices=list(each.choices)) for each in parsed.ambiguities
        ],
    )


def mentions_read(mentions: tuple[str, ...]) -> MentionsRead | None:
    """Sort mentions into kinds: people, where there is one among them."""
    if not mentions:
        return None
    fixed: dict[tuple[str, ...], MentionKind] = {("me",): "creator", ("the team",): "team"}
    kind = fixed.get(mentions)
    if kind is None:
        people = any(mention.startswith("@") or mention == "me" for mention in mentions)
        kind = "users" if people else "addresses" if mentions[0].startswith("#") else "names"
    return MentionsRead(kind=kind, mentions=list(mentions))


def quick_add_read(reminder: ReminderRead, parsed: Parsed) -> QuickAddRead:
    """Return a new reminder with its echo and its undo."""
    undo = Undo(method="DELETE", path=f"/api/v1/reminders/{reminder.id}")
    return QuickAddRead.model_construct(
        **{name: getattr(reminder, name) for name in ReminderRead.model_fields},
        parsed=parse_read(parsed),
        undo=undo,
    )
