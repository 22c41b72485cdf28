"""Everybody who could ask: strangers of all kinds, members in every role, programs with every scope."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from sqlalchemy import insert, text

from core import api_keys, tokens
from core.ids import uuid7
from core.settings import Settings
from core.tokens import Claims
from core.work import begin
from models import api_keys as key_rows
from tests.fixtures.api import Person
from tests.fixtures.people import Arrive
from tests.fixtures.reminders import join
from tests.matrix.rules import ROLES, Rule
from tests.matrix.world import Side, belongings, made

OPS_TOKEN = "ops-token-of-the-matrix"
CEILINGS = {"read": "viewer", "write": "member", "admin": "admin"}


@dataclass(frozen=True)
class Principal:
    """Somebody, or some program, that asks."""

    name: str
    token: str | None
    role: str | None = None
    """In the team of the matrix; none for strangers."""
    out: bool = False
    """Whoever this was does not get in any more, or never did."""
    key: bool = False
    operator: bool = False
    unproven: bool = False
    """Their mailbox is not proven to be theirs."""
    ids: Mapping[str, str] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        """What this principal sends along."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def expects(self, rule: Rule) -> int:
        """Return the status that the policy has for this principal."""
        if rule.door == "open":
            return rule.status
        if rule.door == "ops":
            return rule.status if self.token == OPS_TOKEN else 401
        if self.out:
            return 401
        if self.key and rule.person:
            return 403
        if (refusal := self._within(rule)) is not None:
            return refusal
        return 403 if rule.proven and self.unproven else rule.status

    def _within(self, rule: Rule) -> int | None:
        """Return how somebody who is signed in is refused, if they are."""
        if rule.door == "me" or (rule.operators and self.operator):
            return None
        if rule.door == "operator":
            return None if self.operator else 403
        if self.role is None or (rule.alone and self.name != "owner"):
            return 404
        return None if ROLES.index(self.role) >= ROLES.index(rule.door) else 403


@dataclass
class Cast:
    """Where principals come from, and the team in which they play."""

    app: FastAPI
    settings: Settings
    arrive: Arrive
    ours: Side
    theirs: Side
    host: Person

    async def all(self) -> list[Principal]:
        """Return every principal."""
        parts = (self._strangers(), self._people(), self._programs())
        return [each for part in parts async for each in part]

    async def _strangers(self) -> AsyncIterator[Principal]:
        owner = tokens.read(self.settings, self.ours.owner.tokens["access_token"])
        yesterday = datetime.now(UTC) - timedelta(days=1)
        yield Principal("anonymous", None, out=True)
        yield Principal("garbage", "garbage", out=True)
        yield Principal("garbage key", "rk_0123456789ab_nonsense", out=True)
        yield Principal("another account's name on it", tokens.issue(_other_key(), owner, _now()), out=True)
        yield Principal("expired", tokens.issue(self.settings, owner, yesterday), out=True)
        old = Claims(owner.user_id, owner.session_id, owner.version + 1)
        yield Principal("version of another day", tokens.issue(self.settings, old, _now()), out=True)
        yield Principal("ops token", OPS_TOKEN, out=True)
        for name, change in (
            ("revoked session", "update sessions set revoked_at = now() where user_id = $1"),
            ("deactivated", "update users set status = 'deactivated' where id = $1"),
        ):
            person = await self._member(name, "owner")
            await self._execute(change, person.user["id"])
            yield Principal(name, person.tokens["access_token"], out=True)
        yield await self._person("stranger", self.theirs.owner)
        former = await self._member("former", "admin")
        await self.ours.owner.delete(f"/teams/{self.ours.ids['team']}/members/{former.user['id']}")
        yield await self._person("ex-member", former)
        operator = await self.arrive("operator")
        await self._execute("update users set is_operator = true where id = $1", operator.user["id"])
        yield await self._person("operator", operator, operator=True)

    async def _people(self) -> AsyncIterator[Principal]:
        for role in ROLES[:-1]:
            yield await self._person(role, await self._member(role, role), role=role)
        yield await self._person("owner", self.ours.owner, role="owner")
        unproven = await self._person("unverified owner", await self._member("unverified", "owner"), role="viewer")
        await self._execute("update users set email_verified_at = null where id = $1", unproven.ids["me"])
        yield replace(unproven, unproven=True)

    async def _programs(self) -> AsyncIterator[Principal]:
        owner, elsewhere = self.ours.owner, self.theirs
        for scope, role in CEILINGS.items():
            yield Principal(f"key to {scope}", await self._key(self.ours, owner, scope), role, key=True)
        viewer = await self._member("reader", "viewer")
        yield Principal("admin key of a viewer", await self._key(self.ours, viewer, "admin"), "viewer", key=True)
        yield Principal("key of another team", await self._key(elsewhere, elsewhere.owner, "admin"), key=True)
        for name, end in (("expired", "expires_at = now()"), ("revoked", "revoked_at = now()")):
            key = await self._key(self.ours, owner, "admin")
            await self._execute(f"update api_keys set {end} where public_id = $1", key.split("_")[1])
            yield Principal(f"{name} key", key, out=True, key=True)
        leaver = await self._member("leaver", "admin")
        key = await self._key(self.ours, leaver, "admin")
        await leaver.post(f"/teams/{self.ours.ids['team']}/leave")
        yield Principal("key whose maker has left", key, out=True, key=True)

    async def _person(self, name: str, person: Person, **what: Any) -> Principal:
        mine = await belongings(self.app, person)
        invited = await made(self.host, f"/teams/{await self._guests()}/invitations", email=person.user["email"])
        ids = mine | {"my_invitation": invited["id"]}
        return Principal(name, person.tokens["access_token"], ids=ids, **what)

    async def _member(self, name: str, role: str) -> Person:
        """Let somebody arrive and join; owners are made by owners, from members."""
        person, team = await self.arrive(name.replace(" ", "")), self.ours.ids["team"]
        await join(self.ours.owner, team, person, "admin" if role == "owner" else role)
        if role == "owner":
            promotion = {"role": "owner"}
            await self.ours.owner.patch(f"/teams/{team}/members/{person.user['id']}", json=promotion)
        return person

    async def _guests(self) -> str:
        teams = (await self.host.get("/teams")).json()["items"]
        return next(each["id"] for each in teams if not each["personal"])

    async def _key(self, side: Side, person: Person, scope: str) -> str:
        key, claims = api_keys.made(self.settings)
        row = {
            "team_id": side.ids["team"],
            "id": uuid7(),
            "created_by": UUID(person.user["id"]),
            "name": f"{side.marker} key",
            "scope": scope,
            "public_id": claims.public_id,
            "secret_hash": claims.secret_hash,
            "expires_at": _now() + timedelta(days=1),
        }
        async with begin(self.app.state.database) as work:
            await work.conn.execute(insert(key_rows).values(row))
        return key

    async def _execute(self, statement: str, value: str) -> None:
        async with begin(self.app.state.database) as work:
            await work.conn.execute(text(statement.replace("$1", ":value")), {"value": value})


def _now() -> datetime:
    return datetime.now(UTC)


def _other_key() -> Settings:
    return Settings(_env_file=None, secret_key="another-secret-of-at-least-32-characters")
