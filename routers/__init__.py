"""One file per resource; a route parses, calls one verb, returns."""

from fastapi import APIRouter

from routers import (
    auth,
    calendars,
    deliveries,
    health,
    invitations,
    members,
    occurrences,
    ops,
    quick_add,
    reminder_verbs,
    reminders,
    schedules,
    team_addresses,
    team_reminders,
    teams,
    user_addresses,
    users,
)

# Outside of /api/v1: what operators and their probes ask.
root_routers = (health.router,)

# A path is looked for in this order: first what programs ask most.
api_routers: tuple[APIRouter, ...] = (
    reminders.router,
    team_reminders.router,
    quick_add.router,
    reminder_verbs.router,
    occurrences.router,
    deliveries.router,
    teams.router,
    members.router,
    team_addresses.router,
    calendars.router,
    invitations.router,
    schedules.router,
    users.router,
    user_addresses.router,
    auth.router,
    ops.router,
)
