"""What a message explains about itself, in the languages that people can choose."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Notices:
    """One language; `{}` is filled in."""

    nobody_else: str
    stands_in: str
    """For whom falls what somebody had who has left."""
    late: str
    """With the local time at which it was due."""
    missed_one: str
    missed: str
    """With their number."""


_ENGLISH: Final = Notices(
    nobody_else="Nobody it was meant for could be reached; you get it in their place.",
    stands_in="Nobody who was asked is in the team any more; now it is yours.",
    late="This is late: it was due on {}.",
    missed_one="1 earlier one was missed.",
    missed="{} earlier ones were missed.",
)
_LANGUAGES: Final = {
    "en": _ENGLISH,
    "de": Notices(
        nobody_else="Niemand, für den es bestimmt war, war zu erreichen; du bekommst es an ihrer Stelle.",
        stands_in="Niemand, der gefragt war, ist noch im Team; jetzt liegt es bei dir.",
        late="Das kommt verspätet: Fällig war es am {}.",
        missed_one="1 frühere Erinnerung ist ausgefallen.",
        missed="{} frühere Erinnerungen sind ausgefallen.",
    ),
}


def notices_of(locale: str) -> Notices:
    """Return the notices of a language; English where it is none of ours."""
    return _LANGUAGES.get(locale, _ENGLISH)
