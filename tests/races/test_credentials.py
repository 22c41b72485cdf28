"""Links pressed at the same moment."""

import asyncio

from tests.fixtures.api import PASSWORD, Person, Register
from tests.fixtures.letters import Post, token_of

NEW = "ada@new.example.com"


async def proven(post: Post, register: Register) -> Person:
    """Return somebody with a proven mailbox."""
    person = await register()
    await person.client.post("/auth/email/verify", json={"token": await post.token()})
    return person


async def test_both_mailboxes_at_once_move_the_account_once(post: Post, register: Register) -> None:
    """Neither confirmation misses the other: one of the two answers that the account has moved."""
    ada = await proven(post, register)
    await ada.post("/auth/email/change", json={"email": NEW, "password": PASSWORD})
    tokens = [token_of(mail) for mail in await post.go()]
    path = "/auth/email/change/confirm"
    answers = await asyncio.gather(*(ada.client.post(path, json={"token": token}) for token in tokens))
    assert sorted(answer.json()["changed"] for answer in answers) == [False, True]
    assert (await ada.get("/users/me")).json()["email"] == NEW


async def test_one_link_pressed_five_times_sets_one_password(post: Post, register: Register) -> None:
    """Of five resets at once with one secret exactly one is done, and its password is the one that works."""
    ada = await proven(post, register)
    email = ada.user["email"]
    await ada.client.post("/auth/password/forgot", json={"email": email})
    token = await post.token()
    words = [f"four dry socks, drawer {number}" for number in range(5)]
    resets = [{"token": token, "password": word} for word in words]
    answers = await asyncio.gather(*(ada.client.post("/auth/password/reset", json=reset) for reset in resets))
    assert sorted(answer.status_code for answer in answers) == [204, 422, 422, 422, 422]
    [right] = [word for word, answer in zip(words, answers, strict=True) if answer.status_code == 204]
    form = {"username": email, "password": right}
    assert (await ada.client.post("/auth/token", data=form)).status_code == 200
