"""`/mail`, and what it does with mail from strangers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from httpx2 import ASGITransport, AsyncClient
from pydantic import SecretStr

from core.settings import Settings
from tests.fixtures.api import serve

ID = "01795366750928738644"
MAIL = b"""From: Ada <ada@example.com>\r
Delivered-To: bob@example.com\r
Subject: <script>alert(1)</script>\r
MIME-Version: 1.0\r
Content-Type: multipart/alternative; boundary=x\r
\r
--x\r
Content-Type: text/plain; charset=klingon\r
\r
Plain & simple\r
--x\r
Content-Type: text/html; charset=utf-8\r
\r
<b onclick="alert(2)">Bold</b>\r
--x--\r
"""


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """The settings of a server whose mail catcher has caught one mail."""
    (tmp_path / f"{ID}.eml").write_bytes(MAIL)
    return settings.model_copy(update={"mail_catcher_dir": tmp_path})


@pytest.fixture
async def pages(settings: Settings) -> AsyncIterator[AsyncClient]:
    """Somebody with a browser."""
    async with serve(settings) as app, AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as client:
        yield client


async def test_the_list_names_each_mail(pages: AsyncClient) -> None:
    """The list has subject, recipient and a link; markup in a subject is shown as it was written."""
    text = (await pages.get("/mail")).text
    assert f'href="/mail/{ID}"' in text
    assert "to bob@example.com" in text
    assert "&lt;script&gt;alert(1)" in text
    assert "<script" not in text


async def test_a_mail_is_shown_as_text_and_in_a_fence(pages: AsyncClient) -> None:
    """The text stands in the page, even in an unknown character set; the HTML only in a sandboxed frame."""
    text = (await pages.get(f"/mail/{ID}")).text
    assert "Plain &amp; simple" in text
    assert "Bold" not in text
    assert f'sandbox="allow-popups allow-popups-to-escape-sandbox" src="/mail/{ID}/html"' in text


async def test_html_of_a_mail_can_do_nothing(pages: AsyncClient) -> None:
    """Opened by itself it is sandboxed too: no script, no network, no origin."""
    answer = await pages.get(f"/mail/{ID}/html")
    assert "<b onclick" in answer.text
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "sandbox" in policy
    assert "allow-scripts" not in policy


@pytest.mark.parametrize("name", ["01795366750928738645", "..%2F..%2Fetc%2Fpasswd", "%00", "x" * 5000])
async def test_no_other_file_is_reached(pages: AsyncClient, name: str) -> None:
    """What is not the id of a caught mail is 404."""
    assert (await pages.get(f"/mail/{name}")).status_code == 404


async def test_the_start_page_leads_there(pages: AsyncClient) -> None:
    """`/` links to the pages there are, and says how it is."""
    text = (await pages.get("/")).text
    assert all(f'href="{path}"' in text for path in ("/docs", "/redoc", "/mail", "/readyz"))
    assert "works, but" in text


async def test_in_production_there_is_no_such_page(settings: Settings) -> None:
    """Neither the list nor a mail, even where a folder is named, and no link to it."""
    real = {"environment": "production", "secret_key": SecretStr("s" * 40), "redis_url": SecretStr("redis://x")}
    async with serve(settings.model_copy(update=real)) as app:
        transport = ASGITransport(app=app)
        async with AsyncClient(transport=transport, base_url="http://test") as client:
            assert [(await client.get(path)).status_code for path in ("/mail", f"/mail/{ID}")] == [404, 404]
            assert 'href="/mail"' not in (await client.get("/")).text
