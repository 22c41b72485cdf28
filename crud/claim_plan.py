"""What a claim will write, decided reminder by reminder in plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Row

from core.clock import ceil_second
from core.logs import frames
from core.work import Work
from crud.fan_out import EXPIRE, WRITE_CLAIM
from schedules import plan
from schedules.catch_up import Firing, firing

log = structlog.get_logger()

# One reminder that cannot be planned is looked at again after this, and stops nobody else.
POISONED = timedelta(minutes=5)


@dataclass(slots=True)
class ClaimPlan:
    """The columns of the statement that writes, as lists."""

    moves: list[tuple[UUID, UUID, datetime | None, datetime | None, str]] = field(default_factory=list)
    fires: list[tuple[UUID, UUID, datetime, int]] = field(default_factory=list)
    expired: list[tuple[UUID, UUID, datetime, str]] = field(default_factory=list)

    def add(self, row: Row[Any], now: datetime) -> datetime | None:
        """Plan one reminder that is due and return its next instant."""
        try:
            decided = _decide(row, now)
        except Exception as error:  # noqa: BLE001  one reminder that cannot be planned must not stop the others
            log.error("reminder.poisoned", reminder_id=str(row.id), error=type(error).__name__, at=frames(error))
            self.moves.append((row.team_id, row.id, ceil_second(now + POISONED), None, "active"))
            return None
        ended = "completed" if decided.fires else "expired"
        status = "active" if decided.next_run_at else ended
        self.moves.append((row.team_id, row.id, decided.next_run_at, decided.fire, status))
        # What was left out is said with the last one that fires.
        last = len(decided.fires) - 1
        for index, at in enumerate(decided.fires):
            self.fires.append((row.team_id, row.id, at, decided.missed if index == last else 0))
        self.expired += [(row.team_id, row.id, at, reason) for at, reason in decided.expired]
        return decided.next_run_at

    async def write(self, work: Work) -> Row[Any]:
        """Write it all, and return what `fan_out.OUTCOME` says."""
        values = (*columns(self.moves, 5), *columns(self.fires, 4))
        outcome = (await work.conn.exec_driver_sql(WRITE_CLAIM, values)).one()
        if self.expired:
            await work.conn.exec_driver_sql(EXPIRE, tuple(columns(self.expired, 4)))
        return outcome


def _decide(row: Row[Any], now: datetime) -> Firing:
    schedule = plan.load(row.schedule)
    return firing(schedule, row.next_run_at, now, catch_up=row.catch_up, max_lateness=row.max_lateness)


def columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    """Turn rows into `width` columns, as `unnest` takes them."""
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]
