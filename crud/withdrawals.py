"""Withdrawals: deliveries that have become pointless, whatever reminder they belong to."""

from sqlalchemy import ColumnElement, case, update

from core.work import Work
from models import deliveries
from models.delivery import HELD, WAITING


async def withdraw(work: Work, which: ColumnElement[bool], reason: str) -> None:
    """Cancel the deliveries that are not sent yet, in the transaction of whatever made them pointless.

    An attempt under way cannot be called back; it is marked as the last.
    """
    sending = deliveries.c.status == "sending"
    statement = (
        update(deliveries)
        .where(which, deliveries.c.status.in_((*WAITING, *HELD)))
        .values(
            status=case((sending, "sending"), else_="cancelled"),
            reason=case((sending, deliveries.c.reason), else_=reason),
            cancel_reason=case((sending, reason), else_=None),
        )
    )
    await work.conn.execute(statement)
