"""iCalendar files fetched from addresses: through the guard, while no transaction is open, all or nothing."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import text

from core.outbound import Outbound
from core.work import begin
from tests.core.outbound.names import Names
from tests.fakes.http_site import FakeSite
from tests.fixtures.reminders import Crowd
from tests.schedules.icalendar.files import event, file_of

NEXT = datetime.now(UTC).year + 1
FILE = file_of(event(f"DTSTART;VALUE=DATE:{NEXT}0801", "SUMMARY:Summer party"))


def said(body: bytes, status: str = "200 OK", more: str = "") -> bytes:
    """Return the bytes of an answer."""
    return f"HTTP/1.1 {status}\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode() + body


@pytest.fixture
async def site(app: FastAPI) -> AsyncIterator[FakeSite]:
    """A server of calendars that the application may reach, though it is on the loopback."""
    names = Names(site_example=[["127.0.0.1"]], inside_example=[["10.0.0.7"]])
    async with FakeSite(said(FILE)) as site:
        given, app.state.outbound = (
            app.state.outbound,
            Outbound([ip_network("127.0.0.0/8")], resolve=names, ports={80, 443, site.port}),
        )
        yield site
        await app.state.outbound.close()
        app.state.outbound = given


@pytest.fixture
async def path(crowd: Crowd) -> str:
    """The path of an empty calendar."""
    made = await crowd.admin.post(f"/teams/{crowd.team_id}/calendars", json={"name": "Office"})
    return f"/teams/{crowd.team_id}/calendars/{made.json()['id']}"


async def fetch(crowd: Crowd, path: str, url: str, who: str = "admin", **headers: str) -> Response:
    """Import from an address."""
    answer: Response = await getattr(crowd, who).post(f"{path}/import", json={"url": url}, headers=headers)
    return answer


async def test_a_file_is_fetched(crowd: Crowd, path: str, site: FakeSite) -> None:
    """Its dates are put into the calendar as if it had been sent."""
    answer = await fetch(crowd, path, f"http://site.example:{site.port}/holidays.ics")
    assert (answer.status_code, answer.json()) == (200, {"added": 1, "unchanged": 0, "skipped": 0})
    assert (await crowd.viewer.get(path)).json()["dates"] == [{"date": f"{NEXT}-08-01", "name": "Summer party"}]
    assert site.requests[0].startswith(b"GET /holidays.ics HTTP/1.1\r\n")


async def test_no_transaction_waits_for_a_server(crowd: Crowd, path: str, site: FakeSite, app: FastAPI) -> None:
    """While the server thinks, no connection of ours is in a transaction, and no lock is held."""
    open_ones = "select count(*) from pg_stat_activity where state like 'idle in%' and datname = current_database()"

    async def think(writer: object) -> None:
        async with begin(app.state.database) as work:
            found.append((await work.conn.execute(text(open_ones))).scalar_one())
        writer.write(said(FILE))  # type: ignore[attr-defined]  # it is a stream

    found: list[int] = []
    site._say = think
    assert (await fetch(crowd, path, f"http://site.example:{site.port}/")).status_code == 200
    assert found == [0]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://inside.example/x.ics", "blocked_address"),
        ("http://169.254.169.254/latest/meta-data", "blocked_address"),
        ("http://[::1]/", "blocked_address"),
        ("webcal://10.0.0.1/x.ics", "blocked_address"),
        ("http://nowhere.example/x.ics", "host_not_found"),
        ("http://site.example:22/", "invalid_url"),
        ("file:///etc/passwd", "invalid_url"),
        ("holidays.ics", "invalid_url"),
        ("http://user:hunter2@site.example/", "invalid_url"),
        ("", "string_too_short"),
        ("http://site.example/" + "x" * 2000, "string_too_long"),
        ("http://site.example/\x00", "invalid_text"),
        # Nobody listens there, though it is allowed.
        ("http://site.example/", "not_reached"),
    ],
)
async def test_an_address_that_is_not_asked(crowd: Crowd, path: str, site: FakeSite, url: str, code: str) -> None:
    """The refusal names the field, does not repeat the address, and nothing is asked or stored."""
    answer = await fetch(crowd, path, url)
    assert (answer.status_code, answer.json()["code"], answer.json()["errors"][0]["field"]) == (422, code, "url")
    assert "hunter2" not in answer.text
    assert site.requests == []
    assert (await crowd.viewer.get(path)).headers["ETag"] == '"1"'


@pytest.mark.parametrize(
    ("answer", "code", "told"),
    [
        (said(b"gone", "404 Not Found"), "not_fetched", "status 404"),
        (said(b"", "302 Found", "Location: http://127.0.0.1/\r\n"), "not_fetched", "leads on"),
        (said(b"<html>"), "invalid_calendar", "line 1"),
        (said(b""), "invalid_calendar", "line 1"),
        (said(FILE + b" " * 256 * 1024), "answer_too_large", "256 kB"),
        (said(file_of(event(f"DTSTART;VALUE=DATE:{NEXT}0101", "RRULE:FREQ=DAILY"))), "too_many_dates", "1000 at most"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "no_answer", "no whole answer"),
    ],
)
async def test_what_is_no_file_leaves_everything_as_it_was(
    crowd: Crowd, path: str, site: FakeSite, answer: bytes, code: str, told: str
) -> None:
    """Whatever the server says, the refusal names the field, and nothing is stored."""
    site.answer = answer
    refused = await fetch(crowd, path, f"http://site.example:{site.port}/")
    assert (refused.status_code, refused.json()["code"], refused.json()["errors"][0]["field"]) == (422, code, "url")
    assert told in refused.json()["detail"]
    assert (await crowd.viewer.get(path)).headers["ETag"] == '"1"'


@pytest.mark.parametrize(("who", "status"), [("member", 403), ("viewer", 403), ("stranger", 404)])
async def test_only_who_may_import_makes_us_ask(crowd: Crowd, path: str, site: FakeSite, who: str, status: int) -> None:
    """Others are refused before the server hears of it; so is an old version, and a calendar that is not there."""
    url = f"http://site.example:{site.port}/"
    assert (await fetch(crowd, path, url, who)).status_code == status
    assert (await fetch(crowd, path, url, **{"If-Match": '"7"'})).status_code == 412
    assert (await fetch(crowd, f"{path[:-1]}{'0' if path[-1] != '0' else '1'}", url)).status_code == 404
    assert site.connections == 0


async def test_a_repeated_import_asks_once(crowd: Crowd, path: str, site: FakeSite) -> None:
    """Under the same Idempotency-Key the first answer comes again, though the server has other dates by now."""
    url = f"http://site.example:{site.port}/"
    first = await fetch(crowd, path, url, **{"Idempotency-Key": "k1"})
    site.answer = said(b"", "500 Broken")
    again = await fetch(crowd, path, url, **{"Idempotency-Key": "k1"})
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (first.json(), "true")
    assert len(site.requests) == 1


async def test_imports_under_one_key_at_once_have_one_effect(crowd: Crowd, path: str, site: FakeSite) -> None:
    """Both may ask the server, because no lock is held meanwhile; one is done, the other waits or is answered alike."""
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def say(writer: object) -> None:
        asked.set()
        await go_on.wait()
        writer.write(said(FILE))  # type: ignore[attr-defined]  # it is a stream

    site._say = say
    url, key = f"http://site.example:{site.port}/", {"Idempotency-Key": "k1"}
    async with asyncio.timeout(10), asyncio.TaskGroup() as both:
        first = both.create_task(fetch(crowd, path, url, **key))
        await asked.wait()
        asked.clear()
        second = both.create_task(fetch(crowd, path, url, **key))
        await asked.wait()
        go_on.set()
    answers = [first.result(), second.result(), await fetch(crowd, path, url, **key)]
    done = [answer for answer in answers if answer.status_code == 200]
    waits = [answer.json()["code"] for answer in answers if answer.status_code != 200]
    assert waits in ([], ["idempotency_key_in_use"])
    assert {answer.text for answer in done} == {'{"added":1,"unchanged":0,"skipped":0}'}
    assert [answer.headers.get("Idempotent-Replayed") for answer in done].count(None) == 1
    assert ((await crowd.viewer.get(path)).headers["ETag"], len(site.requests)) == ('"2"', 2)
