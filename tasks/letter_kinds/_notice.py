"""Notices of what was done to an account: there is nothing to do, unless it was somebody else."""

from collections.abc import Mapping

from channels.base import Letter
from core.settings import Settings
from core.work import Work
from crud import letters
from crud.letters import Claimed
from tasks.letter_kinds._words import Words, words_of
from tasks.letter_kinds.base import page


class Notice:
    """To the owner of an account, whoever it was that did it; the button leads to where a new password is set."""

    def __init__(self, languages: Mapping[str, Words]) -> None:
        self._languages = languages

    async def compose(self, work: Work, settings: Settings, row: Claimed) -> Letter | None:
        """Say nothing to a mailbox that was never proven."""
        reader = await letters.reader(work, row)
        if reader is None or reader.email_verified_at is None:
            return None
        words = words_of(self._languages, reader.locale)
        return words.letter(url=page(settings, "forgot", lang=words.locale), name=reader.name)
