"""From the row of a claimed delivery to what its channel is to say, in the language of its recipient."""

import json
import textwrap
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import structlog
from sqlalchemy import Row

from channels.base import Message
from core.logs import frames
from schedules.words.dates import clock
from schedules.words.describe import describe
from schedules.words.languages import voice_of
from schedules.zones import UnknownZone, zone
from tasks.phrases import notices_of

log = structlog.get_logger()

# Later than this, the message says when it was due.
LATE = timedelta(minutes=5)
# Nobody has said: that of the fixed words, and of what goes to a team.
DEFAULT_LOCALE = "en"
# A schedule may except hundreds of days; beside a message it is an aside.
LONGEST_RULE = 300


@lru_cache(maxsize=4096)
def local_time(at: datetime, timezone: str, locale: str = DEFAULT_LOCALE) -> str:
    """Write an instant as its reader's clock shows it: `Fri 27 Nov 2026, 16:00 (Europe/Berlin)`."""
    try:
        local = at.astimezone(zone(timezone))
    except UnknownZone:
        local, timezone = at, "UTC"
    return f"{voice_of(locale).date(local)}, {clock(local)} ({timezone})"


@lru_cache(maxsize=16384)
def rule_in_words(schedule: str, locale: str, since: datetime) -> str | None:
    """Return a stored schedule, which is JSON, as one sentence; None where that fails, which is logged."""
    try:
        sentence = describe(json.loads(schedule), locale, now=since)
    except Exception as error:  # noqa: BLE001  an aside that cannot be worded must not hold up what was to be said
        log.error("message.rule_unworded", error=type(error).__name__, at=frames(error))
        return None
    return sentence if len(sentence) <= LONGEST_RULE else textwrap.shorten(sentence, LONGEST_RULE, placeholder=" …")


def _notice(row: Row[Any], due_local: str, locale: str) -> str | None:
    notices, parts = notices_of(locale), []
    if row.occurrence_reason == "no_recipient":
        parts.append(notices.nobody_else)
    elif row.kind == "substitute":
        parts.append(notices.stands_in)
    if row.started_at - row.due_at > LATE:
        parts.append(notices.late.format(due_local))
    if row.missed:
        parts.append(notices.missed_one if row.missed == 1 else notices.missed.format(row.missed))
    return " ".join(parts) or None


def render(row: Row[Any], *, unsubscribe_url: str | None = None) -> Message:
    """Return the message of a claimed delivery; it says so when it is late or stands for missed ones."""
    locale = row.locale or DEFAULT_LOCALE
    due_local = local_time(row.due_at, row.timezone, locale)
    return Message(
        delivery_id=str(row.id),
        title=row.message,
        body=row.notes,
        team=row.team_name,
        due_at=row.due_at,
        due_local=due_local,
        notice=_notice(row, due_local, locale),
        sent_at=row.started_at,
        rule=rule_in_words(row.rule, locale, row.rule_since) if row.rule else None,
        locale=locale,
        unsubscribe_url=unsubscribe_url,
    )
