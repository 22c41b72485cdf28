"""The account of whoever is signed in."""

from fastapi import FastAPI
from sqlalchemy import update

from models import users
from tests.fixtures.api import Person


async def test_an_account_is_changed_by_its_owner(signed_in: Person) -> None:
    """A change keeps what is left out, raises the version and shows in the entity tag."""
    before = (await signed_in.get("/users/me")).json()
    answer = await signed_in.patch("/users/me", json={"timezone": "Asia/Kathmandu"})
    assert answer.status_code == 200
    changed = answer.json()
    assert (changed["timezone"], changed["name"]) == ("Asia/Kathmandu", before["name"])
    assert (changed["version"], answer.headers["ETag"]) == (2, '"2"')
    assert (await signed_in.patch("/users/me", json={"timezone": None})).json()["timezone"] is None


async def test_the_language_is_said_or_not(signed_in: Person) -> None:
    """An account begins without a language, takes one of ours, gives it up again, and refuses others by naming ours."""
    assert signed_in.user["locale"] is None
    for locale in ("de", "en", None):
        assert (await signed_in.patch("/users/me", json={"locale": locale})).json()["locale"] == locale
    await signed_in.patch("/users/me", json={"locale": "de"})
    assert (await signed_in.patch("/users/me", json={"name": "Ada"})).json()["locale"] == "de"
    for locale in ("fr", "DE", "de-AT", "", 1):
        refused = await signed_in.patch("/users/me", json={"locale": locale})
        assert refused.status_code == 422
        [problem] = refused.json()["errors"]
        assert (problem["field"], problem["message"]) == ("locale", "Input should be 'en' or 'de'")
    assert (await signed_in.get("/users/me")).json()["locale"] == "de"


async def test_what_is_no_change_is_refused(signed_in: Person) -> None:
    """A null name, an unknown field and a field that is not ours to give are 422."""
    for body in ({"name": None}, {"email": "x@example.com"}, {"is_operator": True}, {"name": " "}, []):
        assert (await signed_in.patch("/users/me", json=body)).status_code == 422


async def test_a_change_of_what_has_changed_is_refused(signed_in: Person) -> None:
    """If-Match with another version is 412, with this version or `*` it passes."""
    stale = await signed_in.patch("/users/me", json={"name": "A"}, headers={"If-Match": '"7"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "version_conflict")
    for header in ('W/"1"', "1", "garbage"):
        assert (await signed_in.patch("/users/me", json={"name": "A"}, headers={"If-Match": header})).status_code == 412
    assert (await signed_in.patch("/users/me", json={"name": "A"}, headers={"If-Match": '"7", "1"'})).status_code == 200
    assert (await signed_in.patch("/users/me", json={"name": "B"}, headers={"If-Match": "*"})).status_code == 200


async def test_deactivation_and_a_raised_version_void_tokens_at_once(app: FastAPI, signed_in: Person) -> None:
    """A token is worth what the account's row says at that moment."""
    for values, status in (({"token_version": 2}, 401), ({"token_version": 1}, 200), ({"status": "deactivated"}, 401)):
        async with app.state.database.begin() as conn:
            await conn.execute(update(users).values(**values))
        assert (await signed_in.get("/users/me")).status_code == status
