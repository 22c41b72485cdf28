"""Computing anew what waits for everybody's own clock, team by team, when zone data change."""

from typing import Final
from uuid import UUID

from core.work import Work
from crud import recipients
from crud.zone_rules import Course

# Teams of one transaction; it holds their reminders.
TEAMS: Final = 20

_TEAMS = """
select t.id from teams t
 where t.id > $1
   and (t.timezone = any($2::text[])
        or exists (select from memberships m join users u on u.id = m.user_id
                    where m.team_id = t.id and u.timezone = any($2::text[])))
   and (exists (select from reminders r where r.team_id = t.id and r.next_local is not null)
        or exists (select from deliveries d
                    where d.team_id = t.id and d.status = 'pending' and d.timezone is not null))
 order by t.id limit $3
"""


async def batch(work: Work, course: Course, after: UUID, *, write: bool = True) -> UUID | None:
    """Take the next teams with a clock in a zone that differs; return the last of them, None when all are done.

    A local time names what comes next, so it gets its new instant, and nothing can come twice.
    """
    teams = (await work.conn.exec_driver_sql(_TEAMS, (after, list(course.former), TEAMS))).scalars().all()
    course.report.teams += len(teams)
    if teams and write:
        await recipients.clocks_changed(work, teams, everything=True)
    return teams[-1] if teams else None
