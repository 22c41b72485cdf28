"""Tables, one per file."""

from models.address import addresses
from models.api_key import api_keys
from models.attempt import attempts
from models.audit_entry import audit_log
from models.base import metadata
from models.calendar import calendar_dates, calendars
from models.delivery import deliveries
from models.idempotency_key import idempotency_keys
from models.invitation import invitations
from models.login_failure import login_failures
from models.membership import memberships
from models.occurrence import occurrences
from models.recomputation import recomputations
from models.refresh_token import refresh_tokens
from models.reminder import reminders
from models.session import sessions
from models.team import teams
from models.user import users
from models.worker import workers
from models.zone_rules import zone_rules

__all__ = [
    "addresses",
    "api_keys",
    "attempts",
    "audit_log",
    "calendar_dates",
    "calendars",
    "deliveries",
    "idempotency_keys",
    "invitations",
    "login_failures",
    "memberships",
    "metadata",
    "occurrences",
    "recomputations",
    "refresh_tokens",
    "reminders",
    "sessions",
    "teams",
    "users",
    "workers",
    "zone_rules",
]
