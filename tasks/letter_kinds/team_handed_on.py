"""The mail to somebody who owns a team from now on, because its only owner has gone."""

from typing import Final

from sqlalchemy import select

from channels.base import Letter
from core.settings import Settings
from core.work import Work
from crud import letters
from crud.letters import Claimed
from models import memberships
from models import teams as table
from tasks.letter_kinds._words import Words, words_of

_LANGUAGES: Final = {
    "en": Words(
        subject="{team} is yours now",
        paragraphs=(
            "Hello {name},",
            "the only owner of the team {team} is not there any more, so you are its owner from now on.",
            "You can make others owners, hand the team over, or delete it.",
        ),
        closing=("You get this because of all members you stood next in role and had been there longest.",),
    ),
    "de": Words(
        subject="{team} gehört jetzt dir",
        paragraphs=(
            "Hallo {name},",
            "wem das Team {team} allein gehörte, ist nicht mehr da; ab jetzt gehört es dir.",
            "Du kannst andere zu Besitzern machen, das Team übergeben oder es löschen.",
        ),
        closing=("Du bekommst das, weil du nach Rolle und Zugehörigkeit an der Reihe warst.",),
    ),
}


class TeamHandedOn:
    """To the heir of a team."""

    async def compose(self, work: Work, settings: Settings, row: Claimed) -> Letter | None:
        """Say nothing to somebody who does not own it any more."""
        del settings
        reader = await letters.reader(work, row)
        if reader is None or reader.email_verified_at is None:
            return None
        owned = select(table.c.name).join(memberships, memberships.c.team_id == table.c.id)
        owned = owned.where(table.c.id == row.about, memberships.c.user_id == reader.id, memberships.c.role == "owner")
        team = (await work.conn.execute(owned)).scalar_one_or_none()
        if team is None:
            return None
        return words_of(_LANGUAGES, reader.locale).letter(name=reader.name, team=team)


KIND = TeamHandedOn()
