"""The policy of teams: members, invitations, addresses, calendars."""

from tests.matrix.rules import Rule

ADDRESS = {"kind": "email", "value": "list@example.com", "label": "The list"}
DATE = {"date": "2027-12-24", "name": "Christmas Eve"}
FILE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//EN
BEGIN:VEVENT
UID:1@example.com
DTSTAMP:20260101T000000Z
DTSTART;VALUE=DATE:20271224
SUMMARY:Christmas Eve
END:VEVENT
END:VCALENDAR
"""
MY_INVITATION = {"invitation_id": "<my_invitation>"}
SPARE = {"user_id": "<spare>"}

TEAMS = {
    "create_team": Rule("me", 201, {"name": "Sales"}, person=True, proven=True),
    "list_teams": Rule("me"),
    "read_team": Rule("viewer"),
    "change_team": Rule("admin", body={"name": "Sales", "timezone": "Europe/Berlin"}),
    "delete_team": Rule("owner", 204, person=True),
    "restore_team": Rule("owner", ids={"team_id": "<gone>"}, person=True, alone=True),
    "list_audit": Rule("admin", query={"actor": "<spare>", "object": "<reminder>"}, person=True),
    "create_api_key": Rule("admin", 201, {"name": "billing", "scope": "read"}, person=True),
    "list_api_keys": Rule("admin", person=True),
    "read_api_key": Rule("admin", person=True),
    "revoke_api_key": Rule("admin", 204, person=True),
    "list_members": Rule("viewer"),
    "read_member": Rule("viewer", ids=SPARE),
    "change_member": Rule("admin", body={"role": "viewer"}, ids=SPARE, person=True),
    "remove_member": Rule("admin", ids=SPARE, person=True),
    "leave_team": Rule("viewer", person=True),
    "transfer_team": Rule("owner", body=SPARE, person=True),
    "add_team_address": Rule("admin", 201, ADDRESS),
    "list_team_addresses": Rule("viewer"),
    "read_team_address": Rule("viewer"),
    "verify_team_address": Rule("admin", 409),
    "try_team_address": Rule("member", 202),
    "change_team_address": Rule("admin", body={"label": "The list", "disabled": True}),
    "remove_team_address": Rule("admin", 204),
    "add_calendar": Rule("admin", 201, {"name": "Shutdown", "dates": [DATE]}),
    "list_calendars": Rule("viewer"),
    "read_calendar": Rule("viewer"),
    "change_calendar": Rule("admin", body={"name": "Shutdown", "dates": [DATE]}),
    "remove_calendar": Rule("admin", 204, ids={"calendar_id": "<unheeded>"}),
    "add_calendar_dates": Rule("admin", 201, DATE),
    "remove_calendar_date": Rule("admin", 204, ids={"day": "2027-12-31"}),
    "import_calendar": Rule("admin", body=FILE),
    "invite": Rule("admin", 201, {"email": "somebody@example.com", "role": "member"}, person=True, proven=True),
    "read_team_invitation": Rule("admin", person=True),
    "list_team_invitations": Rule("admin", person=True),
    "revoke_invitation": Rule("admin", 204, person=True),
    "list_my_invitations": Rule("me", person=True),
    "accept_invitation": Rule("me", ids=MY_INVITATION, person=True, proven=True),
    "accept_invitation_token": Rule("me", 422, {"token": "unknown"}, person=True),
    "decline_invitation": Rule("me", 204, ids=MY_INVITATION, person=True, proven=True),
}
