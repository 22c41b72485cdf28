"""Mailboxes proven, passwords forgotten, reset and changed."""

from typing import Any

import pytest
from httpx2 import AsyncClient, Response
from sqlalchemy import event

from tests.fixtures.api import PASSWORD, Person, Register
from tests.fixtures.letters import Post, said, token_of

NEW = "four dry socks in a drawer"
ADA = "person1@example.com"


async def verified(person: Person) -> bool:
    """Tell whether an account's mailbox is proven."""
    return bool((await person.get("/users/me")).json()["email_verified"])


async def sign_in(client: AsyncClient, email: str, password: str) -> int:
    """Try to sign in, and return the status."""
    return (await client.post("/auth/token", data={"username": email, "password": password})).status_code


async def test_a_registration_is_proven_by_the_mailed_link(post: Post, register: Register) -> None:
    """One mail comes, its secret proves account and address, and works once."""
    ada = await register()
    assert not await verified(ada)
    [mail] = await post.go()
    assert (mail["Subject"], mail["To"]) == ("Confirm your mail address", ADA)
    token = token_of(mail)
    assert (await ada.client.post("/auth/email/verify", json={"token": token})).status_code == 204
    assert await verified(ada)
    [address] = (await ada.get("/users/me/addresses")).json()["items"]
    assert address["verified"]
    again = await ada.client.post("/auth/email/verify", json={"token": token})
    assert (again.status_code, again.json()["code"]) == (422, "invalid_token")
    assert token not in str(await post.rows())


async def test_whoever_made_the_account_for_another_keeps_no_way_in(post: Post, register: Register) -> None:
    """A link to an unproven mailbox ends the second factor, keys and addresses of whoever was there before."""
    thief = await register()
    made = await thief.post("/users/me/addresses", json={"kind": "slack", "value": "C024BE91L"})
    assert made.status_code == 201
    key = {"name": "mine", "scope": "admin"}
    key = (await thief.post(f"/teams/{thief.team_id}/api-keys", json=key)).json()["key"]
    await thief.post("/auth/totp", json={"password": PASSWORD})
    await post.execute("update totp set confirmed_at = now()")
    await post.go()
    await thief.client.post("/auth/password/forgot", json={"email": ADA})
    token = await post.token()
    reset = await thief.client.post("/auth/password/reset", json={"token": token, "password": NEW})
    assert reset.status_code == 204
    signed_in = await thief.client.post("/auth/token", data={"username": ADA, "password": NEW})
    assert signed_in.status_code == 200, signed_in.text
    assert (await thief.get("/reminders", headers={"Authorization": f"Bearer {key}"})).status_code == 401
    thief.tokens = signed_in.json()
    [address] = (await thief.get("/users/me/addresses")).json()["items"]
    assert (address["value"], address["verified"]) == (ADA, True)


async def test_without_verification_nothing_is_sent(post: Post, register: Register) -> None:
    """Where mailboxes need no proof an account is proven from the start."""
    post.app.state.settings = post.settings.model_copy(update={"email_verification": "off"})
    assert await verified(await register())
    assert await post.rows() == []


async def test_the_mail_can_be_asked_for_again(post: Post, register: Register) -> None:
    """A new secret takes the place of the former; once proven there is nothing to send."""
    ada = await register()
    first = await post.token()
    assert (await ada.client.post("/auth/email/resend", json={"email": ADA.upper()})).status_code == 202
    second = await post.token()
    assert (await ada.client.post("/auth/email/verify", json={"token": first})).status_code == 422
    assert (await ada.client.post("/auth/email/verify", json={"token": second})).status_code == 204
    await ada.client.post("/auth/email/resend", json={"email": ADA})
    assert await post.go() == []
    assert [row.status for row in await post.rows()] == ["sent", "sent", "suppressed"]


async def test_every_bad_token_gets_the_same_answer(post: Post, register: Register) -> None:
    """Forged, used, expired, voided or made for something else: one answer, so that nobody learns which."""
    ada = await register()
    used = await post.token()
    await ada.client.post("/auth/email/verify", json={"token": used})
    answers = []
    for purpose in ("forged", "used", "other purpose", "expired"):
        token = {"forged": "x" * 43, "used": used}.get(purpose)
        if token is None:
            await ada.client.post("/auth/password/forgot", json={"email": ADA})
            token = await post.token()
        path = "/auth/email/verify"
        body: dict[str, Any] = {"token": token}
        if purpose == "expired":
            await post.execute("update proofs set expires_at = now()")
            path, body = "/auth/password/reset", body | {"password": NEW}
        answer = await ada.client.post(path, json=body)
        answers.append((answer.status_code, answer.json()["code"], answer.json()["detail"], answer.json()["errors"]))
    assert len({str(answer) for answer in answers}) == 1
    assert answers[0][:2] == (422, "invalid_token")


async def test_a_forgotten_password_is_set_anew(post: Post, register: Register) -> None:
    """The link sets it once, whoever was signed in is out, the old one is void, and a notice says so."""
    ada = await register()
    await post.go()
    await ada.client.post("/auth/password/forgot", json={"email": ADA})
    [mail] = await post.go()
    assert "Confirm your mail address and set a password" in mail["Subject"].replace("\n", "")
    token = token_of(mail)
    common = await ada.client.post("/auth/password/reset", json={"token": token, "password": "password1"})
    assert (common.status_code, common.json()["code"]) == (422, "password_too_common")
    done = await ada.client.post("/auth/password/reset", json={"token": token, "password": NEW})
    assert done.status_code == 204
    assert (await ada.get("/users/me")).status_code == 401
    refresh = {"refresh_token": ada.tokens["refresh_token"]}
    assert (await ada.client.post("/auth/refresh", json=refresh)).status_code == 401
    assert [await sign_in(ada.client, ADA, word) for word in (PASSWORD, NEW)] == [401, 200]
    [notice] = await post.go()
    assert notice["Subject"] == "Your password has been changed"


async def test_a_changed_password_ends_everything_else_at_once(post: Post, register: Register) -> None:
    """Old access and refresh tokens are void, also this session's; the answer holds new ones; a notice is mailed."""
    ada = await register()
    await ada.client.post("/auth/email/verify", json={"token": await post.token()})
    body = {"current_password": PASSWORD, "new_password": NEW}
    changed = await ada.post("/auth/password/change", json=body)
    assert changed.status_code == 200, changed.text
    assert (await ada.get("/users/me")).status_code == 401
    old = {"refresh_token": ada.tokens["refresh_token"]}
    assert (await ada.client.post("/auth/refresh", json=old)).status_code == 401
    now = Person(ada.client, ada.user, changed.json(), ada.team_id)
    assert (await now.get("/users/me")).status_code == 200
    assert len((await now.get("/auth/sessions")).json()["items"]) == 1
    new = {"refresh_token": now.tokens["refresh_token"]}
    assert (await ada.client.post("/auth/refresh", json=new)).status_code == 200
    [notice] = await post.go()
    assert "/account/forgot?lang=en" in said(notice)


async def test_a_password_is_not_changed_without_the_old_one(post: Post, register: Register) -> None:
    """A wrong one is refused and counted, and an unproven mailbox gets no notice."""
    ada = await register()
    await post.go()
    body = {"current_password": "wrong", "new_password": NEW}
    answers = [await ada.post("/auth/password/change", json=body) for _ in range(7)]
    assert [(each.status_code, each.json()["code"]) for each in answers[:2]] == [(422, "wrong_password")] * 2
    assert answers[-1].status_code == 429
    await post.execute("truncate limits")
    common = await ada.post("/auth/password/change", json=body | {"new_password": "password1"})
    assert common.json()["errors"][0]["field"] == "new_password"
    await ada.post("/auth/password/change", json=body | {"current_password": PASSWORD})
    assert await post.go() == []


def shown(answer: Response) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Return all of an answer but how many requests its client has left, which goes down with each."""
    headers = [(name, value) for name, value in answer.headers.raw if not name.startswith(b"ratelimit")]
    return answer.status_code, headers, answer.content


@pytest.mark.parametrize("path", ["/auth/password/forgot", "/auth/email/resend"])
async def test_nobody_learns_who_has_an_account(post: Post, register: Register, path: str) -> None:
    """Known, proven and unknown addresses get the same bytes, for the same statements, until all have to wait."""
    ada = await register()
    await register()
    await post.execute("update users set email_verified_at = now() where email = :email", email=ADA)
    await post.execute("delete from letters")
    statements: list[str] = []
    engine = post.app.state.database.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    seen = []
    for email in (ADA, "person2@example.com", "nobody@example.com"):
        statements.clear()
        same = {"X-Request-ID": "same"}
        answers = [await ada.client.post(path, json={"email": email}, headers=same) for _ in range(5)]
        await post.execute("update limits set level = 100, last_at = now()")
        answers += [await ada.client.post(path, json={"email": email}, headers=same) for _ in range(2)]
        assert [each.status_code for each in answers] == [202] * 6 + [429]
        seen.append(([shown(each) for each in answers[:6]], list(statements)))
        await post.execute("truncate limits")
    assert seen[0] == seen[1] == seen[2]
    assert len(await post.rows()) == 18
    reached = {str(mail["To"]) for mail in await post.go()}
    assert reached == ({"person2@example.com"} if "resend" in path else {ADA, "person2@example.com"})
