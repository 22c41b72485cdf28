"""The mail to the owners of a team that was deleted, with the day until which they can restore it."""

from typing import Final

from sqlalchemy import select

from channels.base import Letter
from core.settings import Settings
from core.work import Work
from crud import letters, teams
from crud.letters import Claimed
from models import teams as table
from tasks.letter_kinds._words import Words, words_of
from tasks.messages import local_time

_LANGUAGES: Final = {
    "en": Words(
        subject="{team} has been deleted",
        paragraphs=(
            "Hello {name},",
            "the team {team} has been deleted. Its reminders have stopped, and nobody reaches it any more.",
            "Until {until} its owners can restore it as it was, by POST /api/v1/teams/{id}/restore.",
            "After that everything in it is removed for good.",
        ),
        closing=("You get this because you owned the team.",),
    ),
    "de": Words(
        subject="{team} wurde gelöscht",
        paragraphs=(
            "Hallo {name},",
            "das Team {team} wurde gelöscht. Seine Erinnerungen ruhen, und niemand kommt mehr hinein.",
            "Bis {until} können seine Besitzer es wiederherstellen, mit POST /api/v1/teams/{id}/restore.",
            "Danach wird alles darin endgültig entfernt.",
        ),
        closing=("Du bekommst das, weil das Team dir gehörte.",),
    ),
}


class TeamDeleted:
    """To each owner, whoever of them it was."""

    async def compose(self, work: Work, settings: Settings, row: Claimed) -> Letter | None:
        """Say nothing where the team was restored, or is gone for good."""
        del settings
        reader = await letters.reader(work, row)
        if reader is None or reader.email_verified_at is None:
            return None
        deleted = teams.gone(work, reader.id).where(table.c.id == row.about)
        team = (await work.conn.execute(select(deleted.subquery()))).one_or_none()
        if team is None:
            return None
        words = words_of(_LANGUAGES, reader.locale)
        until = local_time(team.purge_at, reader.timezone or team.timezone, words.locale)
        return words.letter(name=reader.name, team=team.name, until=until, id=str(team.id))


KIND = TeamDeleted()
