"""The policy of accounts, sessions and addresses of one's own, and of what operators ask."""

from tests.matrix.rules import Rule

ADDRESS = {"kind": "email", "value": "other@example.com", "label": "The other"}
SPARE = {"user_id": "<spare>"}
MY_ADDRESS = {"address_id": "<my_address>"}
PASSWORD = "three wet socks on a line"
ACCOUNT = {"email": "new@example.com", "password": PASSWORD, "name": "New"}
WRONG = "four wet socks on a line"
MAIL = {"email": "nobody@example.com"}
SECRET = {"token": "unknown"}

ACCOUNTS = {
    "read_me": Rule("me", person=True),
    "change_me": Rule("me", body={"name": "Ada", "timezone": "Europe/Berlin"}, person=True),
    "add_address": Rule("me", 201, ADDRESS, person=True),
    "list_addresses": Rule("me", person=True),
    "change_address": Rule("me", body={"label": "Work"}, ids=MY_ADDRESS, person=True),
    "remove_address": Rule("me", 204, ids=MY_ADDRESS, person=True),
    "read_address": Rule("me", ids=MY_ADDRESS, person=True),
    "verify_address": Rule("me", 409, ids=MY_ADDRESS, person=True),
    "try_address": Rule("me", 202, ids=MY_ADDRESS, person=True),
    "export_me": Rule("me", person=True),
    "erase_me": Rule("me", 204, {"password": PASSWORD}, person=True, slow=True),
    "list_people": Rule("operator", person=True, hidden=True),
    "read_person": Rule("viewer", ids=SPARE, person=True, hidden=True, operators=True),
    "deactivate_person": Rule("operator", ids=SPARE, person=True, hidden=True),
    "activate_person": Rule("operator", ids=SPARE, person=True, hidden=True),
    "register": Rule("open", 201, ACCOUNT, slow=True),
    "sign_in": Rule("open", 401, {"username": "nobody@example.com", "password": "wrong"}, slow=True),
    "refresh": Rule("open", 401, {"refresh_token": "unknown"}),
    "verify_email": Rule("open", 422, SECRET),
    "resend_verification": Rule("open", 202, MAIL),
    "forgot_password": Rule("open", 202, MAIL),
    "reset_password": Rule("open", 422, SECRET | {"password": PASSWORD}, slow=True),
    "confirm_email_change": Rule("open", 422, SECRET),
    "change_password": Rule("me", body={"current_password": PASSWORD, "new_password": WRONG}, person=True, slow=True),
    "change_email": Rule("me", 202, {"email": "moved@example.com", "password": PASSWORD}, person=True, slow=True),
    "cancel_email_change": Rule("me", 404, person=True),
    "read_totp": Rule("me", person=True),
    "set_up_totp": Rule("me", 201, {"password": PASSWORD}, person=True, slow=True),
    "confirm_totp": Rule("me", 409, {"code": "000000"}, person=True, slow=True),
    "renew_recovery_codes": Rule("me", 409, {"password": PASSWORD, "code": "000000"}, person=True, slow=True),
    "remove_totp": Rule("me", 409, {"password": PASSWORD, "code": "000000"}, person=True, slow=True),
    "end_other_sessions": Rule("me", 204, person=True),
    "sign_out": Rule("me", 204, person=True),
    "list_sessions": Rule("me", person=True),
    "read_session": Rule("me", ids={"session_id": "<my_session>"}, person=True),
    "end_session": Rule("me", 204, ids={"session_id": "<my_session>"}, person=True),
    "sweep": Rule("ops"),
    "healthz": Rule("open"),
    "readyz": Rule("open"),
    "metrics": Rule("open"),
}
