"""One file per resource; a route parses, calls one verb, returns."""

from fastapi import APIRouter

from routers import (
    address_checks,
    api_keys,
    audit,
    auth,
    bulk,
    calendars,
    credentials,
    deliveries,
    health,
    invitations,
    members,
    occurrences,
    ops,
    people,
    privacy,
    quick_add,
    reminder_verbs,
    reminders,
    schedules,
    team_addresses,
    team_invitations,
    team_reminders,
    teams,
    totp,
    user_addresses,
    users,
)

# Outside of /api/v1: what operators and their probes ask.
root_routers = (health.router,)

# A path is looked for in this order: first what programs ask most.
api_routers: tuple[APIRouter, ...] = (
    reminders.router,
    team_reminders.router,
    bulk.router,
    bulk.deliveries_router,
    quick_add.router,
    reminder_verbs.router,
    occurrences.router,
    deliveries.router,
    teams.router,
    members.router,
    team_addresses.router,
    calendars.router,
    api_keys.router,
    audit.router,
    team_invitations.router,
    invitations.router,
    schedules.router,
    users.router,
    privacy.router,
    user_addresses.router,
    people.router,
    address_checks.router,
    auth.router,
    credentials.router,
    totp.router,
    ops.router,
)
