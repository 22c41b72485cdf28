"""Tables, one per file."""

from models.address import addresses
from models.api_key import api_keys
from models.attempt import attempts
from models.audit_entry import audit_log
from models.base import metadata
from models.calendar import calendar_dates, calendars
from models.delivery import deliveries
from models.email_change import email_changes
from models.former_membership import former_memberships
from models.idempotency_key import idempotency_keys
from models.invitation import invitations
from models.letter import letters
from models.limit import limits
from models.membership import memberships
from models.occurrence import occurrences
from models.opt_out import opt_outs
from models.proof import proofs
from models.recomputation import recomputations
from models.recovery_code import recovery_codes
from models.refresh_token import refresh_tokens
from models.reminder import reminders
from models.session import sessions
from models.team import teams
from models.totp import totp
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
    "email_changes",
    "former_memberships",
    "idempotency_keys",
    "invitations",
    "letters",
    "limits",
    "memberships",
    "metadata",
    "occurrences",
    "opt_outs",
    "proofs",
    "recomputations",
    "recovery_codes",
    "refresh_tokens",
    "reminders",
    "sessions",
    "teams",
    "totp",
    "users",
    "workers",
    "zone_rules",
]
