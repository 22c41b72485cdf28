"""The audit log: written with what it tells of, and never changed."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.ids import uuid7
from core.work import Who, Work, begin
from crud import audit
from models import audit_log
from tests.fixtures.rows import Rows


async def write(rows: Rows, age: timedelta) -> None:
    """Write one line of some age; ids grow with time, so it gets one of its instant."""
    shift = f"-'{age.total_seconds()} s'::interval"
    values = f"values (uuidv7({shift}), 'a.b', now() + ({shift}))"
    await rows.execute(f"insert into audit_log (id, action, created_at) {values}")


async def test_notes_become_lines_in_one_statement(rows: Rows) -> None:
    """Each note is a line, in their order, with who, by which key, and in which request."""
    ada, team, key = uuid7(), uuid7(), uuid7()
    async with begin(rows.db) as work:
        work.who = Who(ada, key, "request-1")
        work.note("member.changed", team_id=team, object_type="member", object_id=ada, fields=("role", "name"))
        work.note("member.removed", team_id=team, result="refused", user_id=uuid7())
        await audit.write(work)
        assert work.notes == []
    first, second = await rows.all(audit_log)
    assert (first.user_id, first.key_id, first.request_id, first.team_id) == (ada, key, "request-1", team)
    assert (first.action, first.object_type, first.object_id) == ("member.changed", "member", ada)
    assert (first.fields, first.result) == (["role", "name"], "done")
    assert (second.action, second.fields, second.result, second.user_id) == ("member.removed", [], "refused", ada)


async def test_where_nobody_is_signed_in_the_note_says_who(rows: Rows) -> None:
    """A reset of a password is done by the account, though nobody was signed in."""
    ada = uuid7()
    async with begin(rows.db) as work:
        work.note("password.reset", user_id=ada)
        await audit.write(work)
    [line] = await rows.all(audit_log)
    assert (line.user_id, line.team_id, line.key_id) == (ada, None, None)


async def test_nothing_to_note_costs_nothing() -> None:
    """Without notes no statement is run: there is not even a connection here."""
    work = Work(None, None)  # type: ignore[arg-type]  # nothing of it is used
    await audit.write(work)
    assert work.notes == []
    work.note("team.changed")
    with pytest.raises(AttributeError):
        await audit.write(work)


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_log set action = 'nothing.done'",
        "delete from audit_log",
        "truncate audit_log",
        "insert into audit_log select * from audit_log on conflict (id) do update set action = 'nothing.done'",
        "merge into audit_log a using audit_log b on a.id = b.id when matched then delete",
    ],
)
async def test_a_line_stays_as_it_is(rows: Rows, statement: str) -> None:
    """Whatever the application's role tries, a line is neither changed nor removed."""
    await write(rows, timedelta(days=89))
    with pytest.raises(DBAPIError, match="append-only"):
        await rows.execute(statement)
    [line] = await rows.all(audit_log)
    assert line.action == "a.b"


async def test_old_lines_are_removed_the_oldest_first(rows: Rows) -> None:
    """Lines older than what is kept go, a bounded number at a time."""
    for days in (500, 450, 401, 399, 1):
        await write(rows, timedelta(days=days))
    gone = []
    for _ in range(3):
        async with begin(rows.db) as work:
            gone.append(await audit.forget_old(work, timedelta(days=400), 2))
    assert gone == [2, 1, 0]
    assert len(await rows.all(audit_log)) == 2


async def test_a_mistake_in_the_settings_removes_nothing_young(rows: Rows) -> None:
    """What is younger than 90 days stays even if somebody asks to keep a day."""
    await write(rows, timedelta(days=80))
    with pytest.raises(DBAPIError, match="append-only"):
        async with begin(rows.db) as work:
            await audit.forget_old(work, timedelta(days=1), 10)


async def test_the_oldest_lines_are_found_by_an_index(rows: Rows) -> None:
    """Tidying does not read the whole log."""
    async with rows.db.begin() as conn:
        await conn.execute(text("set local enable_seqscan = off"))
        plan = "explain delete from audit_log where id in (select id from audit_log where id < $1 order by id limit 2)"
        lines = (await conn.exec_driver_sql(plan.replace("$1", "'00000000-0000-0000-0000-000000000001'"))).scalars()
        assert "Index Only Scan using pk_audit_log" in "\n".join(lines)
