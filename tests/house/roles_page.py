"""What is written about roles, made from the policy that the matrix tests: `python -m tests.house.roles_page`."""

from collections.abc import Iterator, Mapping
from typing import Final

from tests.house.source import ROOT
from tests.matrix.operations import operations
from tests.matrix.rules import ROLES, Rule
from tests.matrix.rules_reminders import REMINDERS
from tests.matrix.rules_teams import TEAMS

REFERENCE: Final = ROOT / "docs" / "reference" / "roles.md"
HEAD: Final = """\
# Roles

Every member of a team has one role in it, and every role may do what those below it may. Made from the policy table
of `tests/matrix`, which asks each operation of the OpenAPI document as everybody: so what is written here is what
happens.

| role | is for |
| --- | --- |
| `viewer` | those who are reminded and look: they see everything in the team and change nothing |
| `member` | those who work with reminders: making, changing, pausing, acknowledging, deleting |
| `admin` | those who look after the team: its name and rules, members below owner, addresses, calendars, API keys |
| `owner` | those to whom it belongs: they make and unmake owners, hand it over, delete and restore it |

- Whoever makes a team owns it. An invitation gives any role but owner; owners are made by owners, from members.
- A team keeps an owner whose account is in use: the last one can neither leave nor step down (409 `last_owner`).
- Everybody may leave. Only owners change or remove an owner.
- A personal team has one member, its owner; nobody is invited into it, and it is neither left, handed over nor
  deleted (409 `personal_team`).
- A role that is too low is answered by 403 `role_too_low`. Whoever does not belong to the team gets 404, as for what
  does not exist. What changes while a request is under way counts: roles are looked at in the same transaction.
- Whoever has not proven their own mailbox makes no team, and in teams with others acts as a viewer until they have
  (403 `email_not_verified`): what they write reaches nobody.

An API key belongs to one team. Its scope says as which role it acts there: `read` as viewer, `write` as member, `admin`
as admin, and never higher than whoever made it stands at the moment. The last column is the lowest scope that will do;
a dash means that a person has to sign in (403 `not_for_api_keys`).
"""
TITLES: Final = {"Teams": TEAMS, "Reminders": REMINDERS}
SCOPES: Final = {"viewer": "`read`", "member": "`write`", "admin": "`admin`"}


def _row(name: str, rule: Rule) -> str:
    operation = operations()[name]
    may = ["yes" if ROLES.index(role) >= ROLES.index(rule.door) else "" for role in ROLES]
    key = "–" if rule.person else SCOPES.get(rule.door, "–")  # noqa: RUF001  a dash, as the text above says
    path = operation.path.removeprefix("/api/v1")
    return f"| {name.replace('_', ' ')} | `{operation.method} {path}` | {' | '.join(may)} | {key} |"


def _table(title: str, rules: Mapping[str, Rule]) -> Iterator[str]:
    yield f"\n## {title}\n"
    yield f"| verb | operation | {' | '.join(ROLES)} | API key |"
    yield "| --- " * (len(ROLES) + 3) + "|"
    yield from (_row(name, rule) for name, rule in rules.items() if rule.door in ROLES)


def reference() -> str:
    """Return the text of the reference page."""
    return HEAD + "\n".join(line for title, rules in TITLES.items() for line in _table(title, rules)) + "\n"


if __name__ == "__main__":
    REFERENCE.write_text(reference())
