"""`GET /users/me/export`: everything about a person, and nothing of anybody else's."""

import json
from typing import Any

from fastapi import FastAPI
from sqlalchemy import Table, text

from crud import exports
from models import metadata
from schemas.exports import schema
from tests.fixtures.api import Person
from tests.fixtures.reminders import Crowd, once

SECTIONS = [section.name for section in exports.SECTIONS]
# Whoever adds a column that names a person adds it to one of these two, and so to the export or to the reasons.
NAMES_SOMEBODY = {"user_id", "email", "new_email", "personal_of", "key_hash", "delivery_id", "session_id", "value_hash"}


async def export(person: Person) -> dict[str, Any]:
    """Return a person's file."""
    answer = await person.get("/users/me/export")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = json.loads(answer.text)
    return found


def is_about_people(table: Table) -> bool:
    """Tell whether a row can belong to a person, by its foreign keys and the names of its columns."""
    referred = {key.column.table.name for key in table.foreign_keys}
    return "users" in referred or any(name in NAMES_SOMEBODY or name.endswith("_by") for name in table.columns.keys())  # noqa: SIM118  a collection of columns, not a dict


def test_every_table_about_people_is_exported_or_left_out_for_a_reason() -> None:
    """A new table that names people fails here until somebody has decided."""
    about = {name for name, table in metadata.tables.items() if is_about_people(table)}
    exported = {section.table.name for section in exports.SECTIONS}
    assert len(about) > 15
    assert about - exported == set(exports.LEFT_OUT)
    assert exported <= about


async def test_the_file_has_the_published_shape(ada: Person) -> None:
    """Head, every section as a list, and an end that says that nothing was cut off."""
    answer = await ada.get("/users/me/export")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="team-reminders.json"'
    found = json.loads(answer.text)
    assert list(found) == ["format", "version", "exported_at", *SECTIONS, "complete"] == schema(SECTIONS)["required"]
    assert found["complete"] is True
    [account] = found["account"]
    assert (account["email"], account["name"]) == ("ada@example.com", "ada")
    assert [address["value"] for address in found["addresses"]] == ["ada@example.com"]


async def test_it_holds_what_concerns_a_person_and_only_that(crowd: Crowd) -> None:
    """A member gets what they made, what names them and what they said; not what others have in the same team."""
    mine = await crowd.member.post(crowd.reminders, json=once(message="Mine", completion="any"))
    await crowd.member.post(f"/reminders/{mine.json()['id']}/run")
    await crowd.member.post(f"/reminders/{mine.json()['id']}/acknowledge", json={"note": "Done by me"})
    named = {"kind": "users", "users": [crowd.member.user["id"]]}
    await crowd.owner.post(crowd.reminders, json=once(message="Names me", audience=named))
    others = {"kind": "users", "users": [crowd.viewer.user["id"]]}
    await crowd.owner.post(crowd.reminders, json=once(message="Confidential", audience=others))
    found = await export(crowd.member)
    assert {row["message"] for row in found["reminders"]} == {"Mine", "Names me"}
    assert [row["acknowledge_note"] for row in found["acknowledgements"]] == ["Done by me"]
    assert {row["user_id"] for row in found["deliveries"]} == {crowd.member.user["id"]}
    assert {row["team"] for row in found["memberships"]} == {"Accounting", "member"}
    assert [row["team"] for row in found["invitations_received"]] == ["Accounting"]
    whole = json.dumps(found)
    for foreign in ("Confidential", "owner@example.com", "viewer@example.com", "stranger@example.com"):
        assert foreign not in whole


async def test_whoever_has_left_gets_nothing_of_the_team(crowd: Crowd) -> None:
    """What was made in a team stays with it, also against its maker's export."""
    await crowd.member.post(crowd.reminders, json=once(message="Mine"))
    await crowd.owner.delete(f"/teams/{crowd.team_id}/members/{crowd.member.user['id']}")
    found = await export(crowd.member)
    assert (found["reminders"], found["deliveries"]) == ([], [])
    assert {row["team"] for row in found["memberships"]} == {"member"}


SECRETS = """
insert into totp (user_id, sealed_secret) values (:user, 'SECRET-seed');
insert into recovery_codes (user_id, code_hash) values (:user, 'SECRET-code');
insert into sessions (user_id, user_agent) select :user, 'Browser ' || n from generate_series(1, 4100) n;
insert into api_keys (team_id, name, public_id, secret_hash, scope, created_by)
 values (:team, 'Robot', 'PUBLIC', 'SECRET-key', 'read', :user);
update users set password_hash = 'SECRET-password' where id = :user
"""


async def test_secrets_stay_and_a_long_section_is_whole(app: FastAPI, ada: Person) -> None:
    """Hashes and sealed values are not in it, secret addresses are masked, windows leave no gap and double nothing."""
    hook = {"kind": "slack", "value": "https://hooks.slack.com/services/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"}
    assert (await ada.post("/users/me/addresses", json=hook)).status_code == 201
    async with app.state.database.begin() as conn:
        for statement in SECRETS.split(";"):
            values = {"user": ada.user["id"], "team": ada.team_id}
            await conn.execute(text(statement), {name: values[name] for name in values if f":{name}" in statement})
    found = await export(ada)
    whole = json.dumps(found)
    assert "SECRET" not in whole
    assert b"SECRET-password".hex() not in whole
    assert [key["public_id"] for key in found["api_keys"]] == ["PUBLIC"]
    assert (len(found["second_factor"]), len(found["recovery_codes"])) == (1, 1)
    assert len({row["id"] for row in found["sessions"]}) == len(found["sessions"]) == 4101


async def test_nobody_keeps_us_busy_with_exports(ada: Person) -> None:
    """Ten in an hour, then one waits, and is told how long."""
    answers = [await ada.get("/users/me/export") for _ in range(12)]
    assert {answer.status_code for answer in answers[:10]} == {200}
    assert answers[11].status_code == 429
    assert int(answers[11].headers["Retry-After"]) >= 1
