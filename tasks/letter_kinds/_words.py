"""The words of a kind of letter in one language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from channels.base import Letter


@dataclass(frozen=True, slots=True)
class Words:
    """What stands in a letter; `{name}` and its like are filled in."""

    subject: str
    paragraphs: Sequence[str]
    closing: Sequence[str] = ()
    action: str | None = None
    locale: str = "en"

    def letter(self, *, url: str | None = None, **values: str) -> Letter:
        """Return the letter with its values, and with a button where there is somewhere to go."""
        return Letter(
            subject=self.subject.format(**values),
            paragraphs=[paragraph.format(**values) for paragraph in self.paragraphs],
            action=self.action,
            url=url,
            closing=[line.format(**values) for line in self.closing],
            locale=self.locale,
        )


def words_of(languages: Mapping[str, Words], locale: str | None) -> Words:
    """Return the words of a language; English where it is none of ours, or nobody has said."""
    known = locale if locale is not None and locale in languages else "en"
    return replace(languages[known], locale=known)
