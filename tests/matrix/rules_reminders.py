"""The policy of reminders, occurrences, deliveries and schedules."""

from tests.matrix.rules import Rule

HOURLY = {"kind": "interval", "every": "PT1H"}
PEOPLE = {"kind": "users", "users": ["<spare>"], "addresses": ["<address>"]}
BY_CALENDAR = HOURLY | {"holidays": "calendar:<calendar>"}
REMINDER = {"message": "Water the plants", "schedule": HOURLY, "audience": PEOPLE}
# Everything that can name something, so that each name is also tried with a foreign one.
NAMING = REMINDER | {"schedule": BY_CALENDAR}
ASSIGNED = {"assignee": "<spare>"}

REMINDERS = {
    "create_reminder": Rule("member", 201, REMINDER | {"team_id": "<team>"}, NAMING | {"team_id": "<team>"}),
    "list_reminders": Rule("me", query=ASSIGNED),
    "read_reminder": Rule("viewer"),
    "change_reminder": Rule("member", body=REMINDER, probe=NAMING),
    "delete_reminder": Rule("member", 204),
    "create_team_reminder": Rule("member", 201, REMINDER, NAMING),
    "list_team_reminders": Rule("viewer", query=ASSIGNED),
    "quick_add_reminder": Rule("member", 201, {"text": "water the plants every day at 9"}),
    "pause_reminder": Rule("member", body={}),
    "resume_reminder": Rule("member", ids={"reminder_id": "<paused>"}),
    "skip_reminder": Rule("member"),
    "restore_reminder": Rule("member", ids={"reminder_id": "<deleted>"}),
    "run_reminder": Rule("member"),
    "acknowledge_reminder": Rule("member", body={"note": "Done"}),
    "list_occurrences": Rule("viewer"),
    "read_occurrence": Rule("viewer"),
    "acknowledge_occurrence": Rule("member", body={"note": "Done"}),
    "list_occurrence_deliveries": Rule("viewer"),
    "list_deliveries": Rule("me", query={"reminder_id": "<reminder>"}),
    "read_delivery": Rule("viewer"),
    "retry_delivery": Rule("member"),
    "create_reminders": Rule("member", 201, {"reminders": [REMINDER]}, {"reminders": [NAMING]}),
    "change_reminders": Rule("member", body={"ids": ["<reminder>"]}, ids={"action": "pause"}),
    "retry_deliveries": Rule("member", body={"reminder_id": "<reminder>"}),
    "preview_schedule": Rule("me", body={"schedule": HOURLY}, probe={"schedule": BY_CALENDAR}),
    "parse_schedule": Rule("me", body={"text": "water the plants every day at 9", "timezone": "UTC"}),
}
