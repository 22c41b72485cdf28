"""The guards: where each stands, what the code would be without it, and which tests must then fail."""

from dataclasses import dataclass

MATRIX = "tests/matrix"
HOSTILE = "tests/hostile"


@dataclass(frozen=True)
class Guard:
    """A piece of code that keeps somebody out, and how to take it away."""

    name: str
    file: str
    code: str
    without: str
    tests: tuple[str, ...]


GUARDS = (
    Guard(
        "membership bounds every lookup",
        "crud/access.py",
        "return and_(memberships.c.team_id == table.c.team_id, actor.belongs)",
        "return memberships.c.team_id == table.c.team_id",
        (MATRIX,),
    ),
    Guard(
        "an API key reaches one team",
        "crud/access.py",
        "return mine if self.team_id is None else and_(mine, memberships.c.team_id == self.team_id)",
        "return mine",
        ("tests/routers/test_api_keys.py", MATRIX),
    ),
    Guard(
        "an API key stands no higher than its scope",
        "crud/access.py",
        'if self.ceiling != "owner":',
        "if False:",
        (MATRIX,),
    ),
    Guard(
        "the unproven only look",
        "crud/access.py",
        "if not self.proven:",
        "if False:",
        ("tests/routers/test_unproven.py",),
    ),
    Guard("roles", "crud/access.py", "    demand(row.my_role, at_least)\n", "", (MATRIX,)),
    Guard(
        "an audience is checked by members only",
        "crud/reminders.py",
        '        await access.member(work, actor, team_id, "member")\n        await audiences.check(',
        "        await audiences.check(",
        (MATRIX,),
    ),
    Guard(
        "an API key is no person",
        "routers/deps.py",
        "    if call.me.key_id is not None:\n",
        "    if False:\n",
        (MATRIX,),
    ),
    Guard(
        "who does not belong to the team is not reminded",
        "crud/fan_out.py",
        "where a.team_id = o.team_id\n",
        "where true\n",
        (MATRIX,),
    ),
    Guard(
        "If-Match",
        "crud/versions.py",
        "if expected is not None and version not in expected:",
        "if False:",
        (HOSTILE, "tests/routers/test_reminders.py"),
    ),
    Guard(
        "signature of access tokens",
        "core/tokens.py",
        "audience=AUDIENCE, options=OPTIONS)",
        'audience=AUDIENCE, options=OPTIONS | {"verify_signature": False})',
        ("tests/core/test_tokens.py", MATRIX),
    ),
    Guard(
        "audience of access tokens",
        "core/tokens.py",
        '("iat", "sub", "jti", "aud")',
        '("iat", "sub", "jti")',
        ("tests/core/test_tokens.py",),
    ),
    Guard(
        "`crit` in access tokens",
        "core/tokens.py",
        'if jwt.get_unverified_header(token).keys() - {"alg", "typ", "kid"}:',
        "if False:",
        ("tests/core/test_tokens.py",),
    ),
    Guard(
        "expiry of access tokens",
        "crud/principals.py",
        "if claims.expires_at is None or claims.expires_at <= work.now:",
        "if False:",
        (MATRIX,),
    ),
    Guard(
        "revoked sessions",
        "crud/principals.py",
        " and s.revoked_at is null",
        "",
        (MATRIX,),
    ),
    Guard(
        "version of the account",
        "crud/principals.py",
        "u.token_version = $3 and ",
        "$3::int is not null and ",
        (MATRIX,),
    ),
    Guard(
        "a refresh token works once",
        "crud/sessions.py",
        "used_at is null",
        "true",
        ("tests/routers/test_auth.py",),
    ),
    Guard(
        "a refresh token used again ends the session",
        "crud/sessions.py",
        'if await _revoke(work, session.id == row.id, "refresh_reused"):',
        "if True:",
        ("tests/routers/test_auth.py",),
    ),
    Guard(
        "waiting between attempts to sign in",
        "crud/limits.py",
        " where l.blocked_until <= clock_timestamp()\n",
        " where true\n",
        ("tests/crud/test_limits.py", "tests/routers/test_auth.py"),
    ),
    Guard(
        "another request under the same key",
        "crud/idempotency.py",
        "if found.request_hash != attempt.request_hash:",
        "if False:",
        ("tests/crud/test_idempotency.py", "tests/routers/test_reminders_idempotency.py"),
    ),
    Guard(
        "kept answers are for members",
        "crud/idempotency.py",
        "if text and user_id != NOBODY:",
        "if False:",
        (MATRIX,),
    ),
    Guard(
        "a team keeps an owner",
        "crud/members.py",
        "        raise LastOwner\n",
        "        return\n",
        ("tests/routers/test_teams.py",),
    ),
    Guard(
        "quotas",
        "crud/quotas.py",
        "    if there > limit:\n",
        "    if False:\n",
        ("tests/crud/test_quotas.py", "tests/routers/test_quotas.py"),
    ),
    Guard(
        "requests go to checked addresses only",
        "core/outbound/transport.py",
        "if not self._gatekeeper.permits(str(place[0])):",
        "if False:",
        ("tests/core/outbound",),
    ),
    Guard(
        "text that no database takes",
        "schemas/base.py",
        'if "\\0" in text or _SURROGATE.search(text):',
        "if False:",
        (HOSTILE,),
    ),
    Guard("fields that nobody knows", "schemas/base.py", 'extra="forbid"', 'extra="ignore"', (HOSTILE,)),
    Guard("size of bodies", "api/middleware.py", "if self.received > BODY_BYTES:", "if False:", (HOSTILE,)),
)
