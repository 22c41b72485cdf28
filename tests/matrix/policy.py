"""The policy table: every operation, who may do it, and a request that succeeds when they do."""

from tests.matrix.rules_accounts import ACCOUNTS
from tests.matrix.rules_reminders import REMINDERS
from tests.matrix.rules_teams import TEAMS

POLICY = REMINDERS | TEAMS | ACCOUNTS
