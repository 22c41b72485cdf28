"""One file per resource; a route parses, calls one verb, returns."""

from fastapi import APIRouter

from routers import (
    deliveries,
    invitations,
    members,
    occurrences,
    reminder_verbs,
    reminders,
    schedules,
    team_reminders,
    teams,
    users,
)

# Outside of /api/v1: what operators and their probes ask.
root_router = APIRouter()

api_router = APIRouter()
for module in (
    deliveries,
    invitations,
    members,
    occurrences,
    reminder_verbs,
    reminders,
    schedules,
    team_reminders,
    teams,
    users,
):
    api_router.include_router(module.router)
