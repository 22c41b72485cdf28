"""One file per resource; a route parses, calls one verb, returns."""

from fastapi import APIRouter

from routers import (
    auth,
    deliveries,
    health,
    invitations,
    members,
    occurrences,
    ops,
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
root_router = APIRouter()
root_router.include_router(health.router)

api_router = APIRouter()
for module in (
    # A path is looked for in this order: first what programs ask most.
    reminders,
    team_reminders,
    reminder_verbs,
    occurrences,
    deliveries,
    teams,
    members,
    team_addresses,
    invitations,
    schedules,
    users,
    user_addresses,
    auth,
    ops,
):
    api_router.include_router(module.router)
