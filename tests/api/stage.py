"""One team with one of everything, and the request of the policy table for each operation of the OpenAPI document."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response

from core.work import begin
from crud import credentials, inviting, mailboxes, proofs, sessions
from crud.sessions import Device
from models import addresses, users
from tests.fixtures.api import PASSWORD
from tests.fixtures.people import Arrive
from tests.fixtures.reminders import Fire
from tests.fixtures.world import give_passwords
from tests.matrix.operations import Operation, api_document, operations, resolved
from tests.matrix.policy import POLICY
from tests.matrix.rules import Ask, Rule, ask
from tests.matrix.world import Side, belongings, fail, made, settle

# Where the request of the policy table is refused to everybody.
INSTEAD = {
    "verify_address": Rule("me", 202, ids={"address_id": "<unproven>"}),
    "decline_invitation": Rule("me", ids={"invitation_id": "<unwanted>"}),
    "verify_team_address": Rule("admin", 202, ids={"address_id": "<team_unproven>"}),
}


@dataclass
class Stage:
    """The team, who owns it, and what takes the place of a request that the policy table expects to be refused."""

    app: FastAPI
    side: Side
    client: AsyncClient
    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)

    def ask(self, operation: Operation) -> Ask:
        """Return the request of an operation."""
        prepared = ask(operation, INSTEAD.get(operation.id, POLICY[operation.id]), self.side.ids)
        if operation.id in self.bodies:
            prepared.options["json"] = self.bodies[operation.id]
        return prepared

    async def send(
        self, operation: Operation, headers: Mapping[str, str] | None = None, *, blank: bool = False
    ) -> Response:
        """Ask as the owner of the team, or as nobody where nobody need be signed in; `blank` adds one to the body."""
        prepared = self.ask(operation)
        options = prepared.options | {"headers": prepared.options["headers"] | (headers or {})}
        if POLICY[operation.id].door != "open":
            options["headers"]["Authorization"] = f"Bearer {self.side.owner.tokens['access_token']}"
        if blank:
            body = options.pop("json", None)
            content = options.pop("content", b"" if body is None else json.dumps(body).encode())
            options["content"] = content + b" "
            options["headers"] = {"Content-Type": "application/json"} | options["headers"]
        return await self.client.request(prepared.method, prepared.path, **options)


async def furnish(app: FastAPI, arrive: Arrive, fire: Fire) -> Stage:
    """Return a furnished team, in which something has fired and failed."""
    side, host = await settle(arrive), await arrive("host")
    for name in ("my_invitation", "unwanted", "linked"):
        team = await made(host, "/teams", name=name)
        invited = await made(host, f"/teams/{team['id']}/invitations", email=side.owner.user["email"])
        side.ids[name] = invited["id"]
    await fire(side.ids.pop("due"))
    await fail(app, side)
    side.ids |= await belongings(app, side.owner)
    async with begin(app.state.database) as work:
        operators = users.c.id.in_([side.ids["me"], host.user["id"]])
        await work.conn.execute(users.update().where(operators).values(is_operator=True))
    await give_passwords(app)
    await _prove_nothing(app, side)
    client = AsyncClient(transport=ASGITransport(app=app, raise_app_exceptions=False), base_url="http://test")
    return Stage(app, side, client, await _secrets(app, side))


async def _prove_nothing(app: FastAPI, side: Side) -> None:
    """Add an address of the person and one of the team that are still to be proven."""
    mine = await made(side.owner, "/users/me/addresses", kind="email", value="unproven@example.com")
    team = await side.make("/addresses", kind="email", value="unproven@example.com")
    side.ids |= {"unproven": mine["id"], "team_unproven": team["id"]}
    async with begin(app.state.database) as work:
        these = addresses.c.id.in_([mine["id"], team["id"]])
        await work.conn.execute(addresses.update().where(these).values(verified_at=None))


async def _secrets(app: FastAPI, side: Side) -> dict[str, dict[str, Any]]:
    """Return bodies with secrets that somebody has read in their mails, or got when they signed in."""
    who, spare = UUID(side.owner.user["id"]), UUID(side.ids["spare"])
    async with begin(app.state.database) as work:
        mailbox = await proofs.make(work, mailboxes.PURPOSE, user_id=who)
        reset = await proofs.make(work, credentials.RESET, user_id=spare)
        invited = await proofs.make(work, inviting.PURPOSE, about=UUID(side.ids["linked"]))
        session = await sessions.begin(work, who, 1, Device(None, "127.0.0.1"))
    assert session is not None
    return {
        "verify_email": {"token": mailbox},
        "accept_invitation_token": {"token": invited},
        "reset_password": {"token": reset, "password": PASSWORD},
        "refresh": {"refresh_token": session.refresh_token},
    }


def answered(operation: Operation, status: str = "200") -> dict[str, Any]:
    """Return the schema of what an operation answers, empty where that is no JSON."""
    content: dict[str, Any] = operation.responses.get(status, {}).get("content", {})
    found: dict[str, Any] = resolved(content.get("application/json", {}).get("schema", {}), api_document())
    return found


def asked(method: str) -> Iterator[Operation]:
    """Yield the operations of a method in the order of the policy table."""
    everything = operations()
    yield from (everything[id_] for id_ in POLICY if id_ in everything and everything[id_].method == method)
