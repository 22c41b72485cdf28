"""Notices about an account's safety, as they arrive."""

import pytest
from sqlalchemy import select

from core.work import begin
from crud import letters
from models import users
from tests.fixtures.letters import Post, said
from tests.fixtures.people import Arrive

SUBJECTS = {
    ("refresh_reused", "en"): "We have signed you out on one device",
    ("refresh_reused", "de"): "Wir haben dich auf einem Gerät abgemeldet",
    ("totp_on", "en"): "Signing in now takes a second factor",
    ("totp_on", "de"): "Die Anmeldung verlangt jetzt einen zweiten Faktor",
    ("totp_off", "en"): "Signing in takes no second factor any more",
    ("totp_off", "de"): "Die Anmeldung verlangt keinen zweiten Faktor mehr",
    ("recovery_code_used", "en"): "One of your recovery codes was used",
    ("recovery_code_used", "de"): "Einer deiner Wiederherstellungscodes wurde benutzt",
}


async def _write(post: Post, kind: str) -> None:
    async with begin(post.app.state.database) as work:
        user_id = (await work.conn.execute(select(users.c.id))).scalar_one()
        await letters.write(work, post.settings, kind, "ada@example.com", user_id=user_id)


@pytest.mark.parametrize("locale", ["en", "de"])
async def test_they_speak_the_language_of_the_reader(post: Post, arrive: Arrive, locale: str) -> None:
    """Each names the reader, says what was done, and leads to where a new password is set."""
    await arrive("ada")
    await post.execute("update users set locale = :locale", locale=locale)
    kinds = sorted({kind for kind, _ in SUBJECTS})
    for kind in kinds:
        await _write(post, kind)
        [mail] = await post.go()
        assert str(mail["subject"]) == SUBJECTS[kind, locale]
        assert "ada," in said(mail)
        assert f"/account/forgot?lang={locale}" in said(mail)


async def test_a_mailbox_that_was_never_proven_hears_nothing(post: Post, arrive: Arrive) -> None:
    """Nothing but the mail that proves it goes to such a mailbox."""
    await arrive("ada")
    await post.execute("update users set email_verified_at = null")
    await _write(post, "refresh_reused")
    assert await post.go() == []
    [row] = await post.rows()
    assert row.status == "suppressed"
