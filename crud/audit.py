"""The audit log: what was noted during a piece of work, written with it or not at all."""

from core.work import Work

_WRITE = """
insert into audit_log (user_id, key_id, request_id, team_id, action, object_type, object_id, fields, result)
values (coalesce($1, $2), $3, $4, $5, $6, $7, $8, $9, $10)
"""


async def write(work: Work) -> None:
    """Write what was noted; doors call it right before they commit."""
    who = work.who
    for note in work.notes:
        about = (note.team_id, note.action, note.object_type, note.object_id, list(note.fields), note.result)
        await work.conn.exec_driver_sql(_WRITE, (who.user_id, note.user_id, who.key_id, who.request_id, *about))
    work.notes.clear()
