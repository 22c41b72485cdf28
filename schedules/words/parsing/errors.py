"""What can be wrong with a sentence; each error names the words and the way out."""

from typing import Final

from core.errors import Invalid

_QUOTES: Final = "put quotes around words that belong to the message"


class NoTimeFound(Invalid):
    """The text says no time; add one, such as “tomorrow at 9:00” or “every Friday at 16:00”."""

    code = "no_time_found"

    def __init__(self) -> None:
        super().__init__(field="text")


class NotUnderstood(Invalid):
    """Some words were not understood."""

    code = "not_understood"

    def __init__(self, words: str, hint: str = _QUOTES) -> None:
        super().__init__(f"“{words}” was not understood; say it in another way, or {hint}", field="text")
        self.words = words


class NotYet(Invalid):
    """Counting from completion (“every! 3 days”) is planned, but not available yet; leave out the “!”."""

    code = "not_available_yet"

    def __init__(self) -> None:
        super().__init__(field="text")


class ImpossibleDate(Invalid):
    """There is no such date."""

    code = "impossible_date"

    def __init__(self, words: str) -> None:
        super().__init__(f"there is no such date: “{words}”", field="text")


class PastDate(Invalid):
    """The time that was said has passed."""

    code = "in_the_past"

    def __init__(self, words: str) -> None:
        super().__init__(f"“{words}” has passed; choose a later time", field="text")
