"""Bodies of another type than the document says, and forms and files that are hostile in their own way."""

import json

import pytest
from httpx2 import AsyncClient

from tests.fixtures.world import World
from tests.hostile.test_bodies import asker, ids, with_bodies
from tests.hostile.values import LONG, TOKEN
from tests.matrix import traces
from tests.matrix.operations import operations
from tests.matrix.policy import POLICY
from tests.matrix.rules import Ask, ask, filled

TYPES = ("text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data", "nonsense",
         "text/calendar", "")  # fmt: skip
FORMS = {
    "NUL": b"username=a%00b&password=c%00d", "surrogate": b"username=%ED%A0%80&password=%ED%A0%80",
    "no UTF-8": b"username=%FF%FE&password=%FF", "long": b"username=" + b"a" * LONG + b"&password=b",
    "long secret": b"username=a@example.com&password=" + b"a" * LONG, "twice": b"username=a&username=b&password=c",
    "empty": b"", "nothing in it": b"username=&password=", "no form": b"{}", "many": b"a=b&" * 5_000,
}  # fmt: skip
FILES = {
    "empty": b"", "no file": TOKEN.encode(), "NUL": b"BEGIN:VCALENDAR\r\n\0\r\nEND:VCALENDAR\r\n",
    "no UTF-8": b"BEGIN:VCALENDAR\r\nSUMMARY:\xff\xfe\r\nEND:VCALENDAR\r\n", "one line": b"A" * 250_000,
    "never ends": b"BEGIN:VCALENDAR\r\n" * 10_000, "too large": b"x" * 300_000, "a bomb": b"BEGIN:VCALENDAR\r\n"
    b"VERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:19700101T000000Z\r\n"
    b"RRULE:FREQ=SECONDLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
}  # fmt: skip

URLS = (
    "",
    " ",
    "x",
    "http://",
    "http://\0",
    "file:///etc/passwd",
    "https://127.0.0.1/",
    "http://[::1]/",
    "https://a@b/",
    "http://localhost/",
    "https://example.com:22/",
    "https://" + "a" * 1_900,
    "https://\u2028/",
)


async def test_json_of_another_type_is_refused(world: World) -> None:
    """A valid body under another Content-Type is not looked at."""
    found = []
    before = await traces.rows(world.app.state.database)
    for operation, template in with_bodies():
        principal = asker(world, operation)
        made = ask(operation, POLICY[operation.id], ids(world, principal))
        content = json.dumps(filled(template, ids(world, principal))).encode()
        for kind in TYPES:
            options = {"content": content, "headers": made.options["headers"] | {"Content-Type": kind}}
            answer = await world.send(principal, Ask(made.method, made.path, options))
            if answer.status_code not in {400, 415, 422}:
                found.append(f"{operation.id} as {kind}: {answer.status_code}")
    assert not found, "\n".join(found)
    assert traces.differences(before, await traces.rows(world.app.state.database)) == []


async def test_hostile_forms_sign_nobody_in(client: AsyncClient) -> None:
    """They are refused as wrong or unreadable, and nothing of them is repeated."""
    for what, content in FORMS.items():
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await client.post("/auth/token", content=content, headers=headers)
        assert answer.status_code in {400, 401, 413, 422}, what
        assert answer.json()["code"], what
        assert "a" * 100 not in answer.text, what


@pytest.mark.usefixtures("nothing_lasts")
async def test_hostile_files_are_refused(world: World) -> None:
    """What is no calendar, or one without measure, is refused; only what begins and ends as one may be read."""
    operation, owner = operations()["import_calendar"], world.principal("owner")
    for what, content in FILES.items():
        made = ask(operation, POLICY[operation.id], ids(world, owner))
        answer = await world.send(owner, Ask(made.method, made.path, made.options | {"content": content}))
        assert answer.status_code in {400, 413, 422} or (answer.status_code == 200 and what == "a bomb"), what
        assert TOKEN not in answer.text


async def test_odd_addresses_are_asked_nothing(world: World) -> None:
    """A file to be imported from an address that is none, or not a public one, is refused as a problem of `url`."""
    operation, owner = operations()["import_calendar"], world.principal("owner")
    before = await traces.rows(world.app.state.database)
    made = ask(operation, POLICY[operation.id], ids(world, owner))
    for url in (*map(json.dumps, URLS), '"https://\\ud800/"', "null", "1", "[]", "{}"):
        options = {"content": f'{{"url": {url}}}', "headers": {"Content-Type": "application/json"}}
        answer = await world.send(owner, Ask(made.method, made.path, options))
        assert answer.status_code == 422, f"{url}: {answer.text}"
        assert answer.json()["errors"][0]["field"] == "url", url
    assert traces.differences(before, await traces.rows(world.app.state.database)) == []
