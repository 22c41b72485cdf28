"""The mail that invites a mailbox into a team."""

from typing import Final

from sqlalchemy import select

from channels.base import Letter
from core.settings import Settings
from core.work import Work
from crud import inviting, letters, proofs
from crud.letters import Claimed
from models import users
from tasks.letter_kinds._words import Words, words_of
from tasks.letter_kinds.base import link
from tasks.messages import local_time

_LANGUAGES: Final = {
    "en": Words(
        subject="{name} invites you to {team}",
        paragraphs=(
            "Hello,",
            "{name} ({email}) invites you to the team {team}, whose members remind each other in time.",
            "You need an account with this mail address; if you have none yet, you can make one there.",
        ),
        action="Look at the invitation",
        closing=(
            "The link works until {until}, once, and for this mail address only.",
            "If you know nothing of this, do nothing, and nothing happens. On the page you can also refuse.",
        ),
    ),
    "de": Words(
        subject="{name} lädt dich zu {team} ein",
        paragraphs=(
            "Hallo,",
            "{name} ({email}) lädt dich in das Team {team} ein, in dem sich alle rechtzeitig erinnern.",
            "Du brauchst ein Konto mit dieser Mailadresse; falls du noch keines hast, kannst du es dort anlegen.",
        ),
        action="Einladung ansehen",
        closing=(
            "Der Link gilt bis {until}, einmal, und nur für diese Mailadresse.",
            "Wenn du nichts davon weißt, tu nichts, dann geschieht auch nichts. Ablehnen kannst du auf der Seite auch.",
        ),
    ),
}


class Invitation:
    """To a mailbox, with or without an account; in its reader's language, else that of whoever invites."""

    async def compose(self, work: Work, settings: Settings, row: Claimed) -> Letter | None:
        """Say nothing where the invitation was answered, taken back or has expired meanwhile."""
        invited = await inviting.waiting(work, row.about) if row.about else None
        if invited is None or invited.email != row.to:
            return None
        author = (await work.conn.execute(select(users).where(users.c.id == invited.invited_by))).one()
        reader = await letters.reader(work, row)
        words = words_of(_LANGUAGES, (reader and reader.locale) or author.locale)
        zone = (reader and reader.timezone) or author.timezone or "UTC"
        lifetime = invited.expires_at - work.now
        token = await proofs.make(work, inviting.PURPOSE, about=invited.id, lifetime=lifetime)
        return words.letter(
            url=link(settings, "invitation", token, words.locale),
            name=author.name,
            email=author.email,
            team=invited.team_name,
            until=local_time(invited.expires_at, zone, words.locale),
        )


KIND = Invitation()
