"""The pages behind mailed links: looking changes nothing, pressing does."""

import re
from html import unescape

import pytest
from httpx2 import AsyncClient, Response

from tests.fixtures.api import PASSWORD, Register
from tests.fixtures.letters import Post, said
from tests.fixtures.people import Arrive

NEW = "four dry socks in a drawer"


async def link(post: Post) -> str:
    """Send the one letter that is due and return its link, as a path."""
    [mail] = await post.go()
    found = re.search(r"http://127\.0\.0\.1:8000(/account/\S+)", said(mail))
    assert found
    return found[1]


async def press(browser: AsyncClient, page: Response, **more: str) -> Response:
    """Send the first form of a page as a browser does."""
    form = page.text.split("<form", 1)[1].split("</form>", 1)[0]
    action = re.search(r'action="([^"]+)"', form)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    buttons = re.findall(r'name="act" value="(\w+)"', form)
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}
    path = action[1] if action else page.url.path
    return await browser.post(path, data={"act": buttons[0], **hidden, **more}, headers=headers)


async def test_a_mailbox_is_proven_by_pressing(post: Post, register: Register, browser: AsyncClient) -> None:
    """Opened three times by a scanner, the link still works when its reader presses the button."""
    ada = await register()
    path = await link(post)
    pages = [await browser.get(path) for _ in range(3)]
    assert {page.status_code for page in pages} == {200}
    assert (await ada.get("/users/me")).json()["email_verified"] is False
    done = await press(browser, pages[0])
    assert "Confirmed" in done.text
    assert (await ada.get("/users/me")).json()["email_verified"] is True
    gone = await browser.get(path)
    assert gone.status_code == 422
    assert 'action="/account/resend"' in gone.text


async def test_pages_are_bare_and_tell_nobody(post: Post, register: Register, browser: AsyncClient) -> None:
    """No script, no cookie, no referrer, no copy in any cache, and no frame around them."""
    await register()
    page = await browser.get(await link(post))
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "script" not in page.text
    assert "style=" not in page.text
    assert (page.headers["referrer-policy"], page.headers["cache-control"]) == ("no-referrer", "no-store")
    assert "set-cookie" not in page.headers


async def test_forms_of_other_sites_are_refused(browser: AsyncClient) -> None:
    """What another site lets a browser send does nothing; our own pages hide where they are."""
    ours, evil = "http://127.0.0.1:8000", "https://evil.example"
    foreign = ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": evil})
    forged = {"Sec-Fetch-Site": "cross-site", "Origin": ours}
    own: tuple[dict[str, str], ...] = ({"Origin": ours}, {"Origin": "null"}, {"Sec-Fetch-Site": "same-origin"}, {})
    for each, status in [*((headers, 403) for headers in (*foreign, forged)), *((headers, 200) for headers in own)]:
        answer = await browser.post("/account/forgot", data={"email": "ada@example.com"}, headers=each)
        assert answer.status_code == status, each


async def test_a_password_is_set_behind_the_link(post: Post, register: Register, browser: AsyncClient) -> None:
    """Asked for on a page, mailed, set on a page; a bad one is explained, and the link still works then."""
    ada = await register(email="ada@example.com")
    await post.go()
    asked = await press(browser, await browser.get("/account/forgot"), email="ada@example.com")
    assert "A mail is on its way" in asked.text
    page = await browser.get(await link(post))
    assert 'value="ada@example.com"' in page.text
    for bad, why in (("short", "8 to 128"), ("password1", "among the first")):
        refused = await press(browser, page, password=bad)
        assert refused.status_code == 422
        assert why in refused.text
    assert "Your password is set" in (await press(browser, page, password=NEW)).text
    form = {"username": "ada@example.com", "password": NEW}
    assert (await ada.client.post("/auth/token", data=form)).status_code == 200


async def test_the_page_speaks_the_language_of_the_mail(post: Post, arrive: Arrive, browser: AsyncClient) -> None:
    """A German account gets German mails and pages, whatever its browser prefers."""
    ada = await arrive("ada")
    await ada.patch("/users/me", json={"locale": "de"})
    await browser.post("/account/forgot", data={"email": "ada@example.com"})
    page = await browser.get(await link(post), headers={"Accept-Language": "en"})
    assert '<html lang="de">' in page.text
    assert "Passwort festlegen" in page.text
    broken = await browser.get("/account/reset?token=x", headers={"Accept-Language": "de"})
    assert "Dieser Link geht nicht mehr" in broken.text


async def test_a_change_of_address_is_confirmed_or_stopped(
    post: Post, register: Register, browser: AsyncClient
) -> None:
    """The page names both addresses; the mailbox of today can stop it, and then the other link is void."""
    ada = await register()
    await post.execute("update users set email_verified_at = now()")
    await post.execute("delete from letters")
    body = {"email": "ada@new.example.com", "password": PASSWORD}
    await ada.post("/auth/email/change", json=body)
    paths = {str(mail["To"]): re.search(r"/account/\S+", said(mail)) for mail in await post.go()}
    old, new = paths[ada.user["email"]], paths["ada@new.example.com"]
    assert old is not None
    assert new is not None
    page = await browser.get(old[0])
    assert ada.user["email"] in unescape(page.text)
    assert "ada@new.example.com" in page.text
    assert "The mail address stays" in (await press(browser, page, act="refuse")).text
    assert (await browser.get(new[0])).status_code == 422
    assert (await ada.get("/users/me")).json()["email_change"] is None


@pytest.mark.parametrize("page", ["verify", "reset", "email-change", "invitation"])
async def test_a_token_that_is_none(browser: AsyncClient, page: str) -> None:
    """Empty, odd, long or hostile: the same page, with nothing of it as markup."""
    for token in ("", "x", "<script>alert(1)</script>", "%00", "ä" * 500, "x" * 5000):
        for answer in (
            await browser.get(f"/account/{page}", params={"token": token}),
            await browser.post(f"/account/{page}", data={"token": token, "password": NEW}),
        ):
            assert answer.status_code == 422
            assert "does not work any more" in answer.text
            assert "<script" not in answer.text
