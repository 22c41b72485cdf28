"""Deliveries as people see and end them; how they are sent stands in `crud/dispatch.py`."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from core.work import Work

_CANCEL = """
update deliveries d
   set status = case when d.status = 'sending' then d.status else 'cancelled' end,
       reason = case when d.status = 'sending' then d.reason else :reason end,
       -- The attempt under way cannot be called back; it is the last.
       cancel_reason = case when d.status = 'sending' then :reason end
  from occurrences o
 where o.team_id = :team_id and {occurrences}
   and d.team_id = o.team_id and d.occurrence_id = o.id
   and d.status in ('pending', 'sending', 'blocked', 'quarantined')
"""
_OF_REMINDER = text(_CANCEL.format(occurrences="o.reminder_id = :id and o.status in ('open', 'closed')"))
_OF_OCCURRENCES = text(_CANCEL.format(occurrences="o.id = any(cast(:ids as uuid[]))"))
# What nobody has received and nobody will receive any more has not happened.
_CANCEL_OCCURRENCES = text("""
update occurrences o set status = 'cancelled', reason = :reason, updated_at = now()
 where o.team_id = :team_id and o.reminder_id = :id and o.status = 'open'
   and (:all or not exists (
         select from deliveries d where d.team_id = o.team_id and d.occurrence_id = o.id
            and d.status in ('delivered', 'confirmed', 'sending')))
""")


async def cancel(work: Work, team_id: UUID, reminder_id: UUID, reason: str, *, close: bool = False) -> None:
    """Make what is not yet sent of a reminder final: nothing of it starts after the commit.

    Call it after the reminder's own row was changed in the same transaction, so that a claim under way
    has ended and its deliveries are seen. Occurrences that nobody received become `cancelled`; with
    `close`, all open ones do.
    """
    key = {"team_id": team_id, "id": reminder_id, "reason": reason}
    await work.conn.execute(_OF_REMINDER, key)
    await work.conn.execute(_CANCEL_OCCURRENCES, {**key, "all": close})


async def cancel_of_occurrences(work: Work, team_id: UUID, ids: Sequence[UUID], reason: str) -> None:
    """Make what is not yet sent of some occurrences final."""
    await work.conn.execute(_OF_OCCURRENCES, {"team_id": team_id, "ids": list(ids), "reason": reason})
