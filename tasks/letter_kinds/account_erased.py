"""The last letter to somebody whose account is gone."""

from typing import Final

from sqlalchemy import select

from channels.base import Letter
from core.settings import Settings
from core.work import Work
from crud.letters import Claimed
from models import users
from tasks.letter_kinds._words import Words, words_of

_LANGUAGES: Final = {
    "en": Words(
        subject="Your account has been erased",
        paragraphs=(
            "Hello,",
            "your account has been erased, as you asked: name, addresses, sign-ins and all of your personal team.",
            "What you wrote in teams with others stays there, without your name.",
            "This is the last mail about it.",
        ),
        closing=(
            "If that was not you, somebody knew your password: change it wherever you use it, and tell the operator.",
        ),
    ),
    "de": Words(
        subject="Dein Konto wurde gelöscht",
        paragraphs=(
            "Hallo,",
            "dein Konto wurde gelöscht, wie du es wolltest: Name, Adressen, Anmeldungen und dein persönliches Team.",
            "Was du in Teams mit anderen geschrieben hast, bleibt dort, ohne deinen Namen.",
            "Das ist die letzte Mail dazu.",
        ),
        closing=("Wenn du das nicht warst, kannte jemand dein Passwort: Ändere es überall, und sag es dem Betreiber.",),
    ),
}


class AccountErased:
    """To the mailbox that the account had, which only this row still knows."""

    async def compose(self, work: Work, settings: Settings, row: Claimed) -> Letter | None:
        """Write in the language of the account, the one thing beside its id that is left of it."""
        del settings
        locale = (await work.conn.execute(select(users.c.locale).where(users.c.id == row.user_id))).scalar_one_or_none()
        return words_of(_LANGUAGES, locale).letter() if row.to else None


KIND = AccountErased()
