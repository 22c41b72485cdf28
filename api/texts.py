"""What the OpenAPI document says beside what FastAPI finds in the routes."""

from typing import Any, Final

DESCRIPTION: Final = """Reminders for teams: on time in everybody's own zone, never lost, until somebody says done.

**Signing in.** `Authorization: Bearer` with the access token of `POST /api/v1/auth/token`, or with an API key of a
team, which begins with `rk_` and reaches that team only, as far as its scope.

**Errors** are problem details (RFC 9457): decide by `code`. Each is described in `docs/reference/errors.md`.

**Lists** are pages: pass `next_cursor` as `cursor` until it is null. Nothing is shown twice, and nothing is left out
that was there when you began, whatever is added meanwhile.

**Repeating.** A POST may bear an `Idempotency-Key`. Where an answer was lost, also with a 503 of which nobody knows
whether it was done, repeat the request under the same key: it is done once, and answered again. Where nobody is signed
in, a key belongs to the whole request, so that another body is another request. What has ended or been left is gone:
a repeated DELETE of a single thing, and `leave` without its key, are answered with 404, and change nothing.

**Versions.** Every single thing comes with an `ETag`, which changes with people's edits, not when something fires or
is sent; it is for `If-Match`, and no validator for caches. A PATCH, PUT or DELETE that bears another one is refused
with 412.

Every answer bears an `X-Request-ID`.
"""
TAGS: Final = {
    "reminders": "What is to be remembered: schedule, audience, channels, and what one does with it.",
    "occurrences": "A reminder at one scheduled instant: what one acknowledges.",
    "deliveries": "An occurrence on its way to one address, with every attempt.",
    "schedules": "What a schedule would do, and sentences understood, without writing anything.",
    "teams": "Groups of people, their members, addresses and log.",
    "invitations": "Into a team: sent by mail or as a link, and accepted.",
    "calendars": "Named dates of a team, which schedules can heed.",
    "api keys": "What programs of a team sign in with.",
    "account": "One's own account.",
    "people": "Whom one shares a team with; for operators, all accounts.",
    "addresses": "Where one can be reached.",
    "auth": "Registering, signing in and out, passwords and second factors.",
    "operations": "What operators and their probes ask.",
}
API_KEY: Final = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "rk_<public id>_<secret>",
    "description": "An API key of a team, with the scope `read`, `write` or `admin`. It cannot manage accounts, "
    "members, invitations or keys.",
}
IDEMPOTENCY_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Within 24 hours, the same key and body get the first answer again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}
ACCEPT_LANGUAGE: Final = {
    "name": "Accept-Language",
    "in": "header",
    "required": False,
    "description": "The language of descriptions, `en` or `de`. Left out: the account's own.",
    "schema": {"type": "string"},
}
REPLAYED: Final[dict[str, Any]] = {
    "description": "`true`: this answer was given before.",
    "schema": {"type": "string"},
}
# What a single field can be refused for; several kinds at once are `invalid`, and `errors` names each.
MISSING: Final = (422, "missing", "name: Field required")
FIELD_PROBLEMS: Final = (
    (422, "unknown_field", "colour: There is no such field here; leave it out"),
    (422, "invalid_text", "message: Text may hold neither NUL nor half of a surrogate pair"),
    (422, "invalid_json", "body: This is not JSON"),
)
SCHEDULE_PROBLEMS: Final = (
    (422, "not_available_yet", "nag_every: This is planned, but not available yet; leave it out"),
    (422, "in_the_past", "its last occurrence has passed; choose a later one"),
    (422, "timezone_required", "a local date-time needs `timezone` beside it; or add an offset, such as Z or +01:00"),
    (422, "unknown_timezone", "there is no such time zone; try an IANA name such as Europe/Berlin or UTC"),
    (422, "never_matches", "this never happens, or not before the year 2201; check the date"),
    (422, "too_frequent", "at most one run a minute: use PT1M or more"),
    (422, "end_before_start", "it ends before its first occurrence; choose a later end"),
    (422, "out_of_range", "dates lie between 1970 and 2200"),
)
