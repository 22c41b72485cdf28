"""What the clauses of a sentence say together."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from schedules.words.parsing.values import Clause

Rate = tuple[str, int]
_LISTS: Final = frozenset({"except", "except_weekdays", "also", "who"})
_ANCHORS: Final = frozenset({
    "times", "day", "at", "part", "after", "rate", "elapsed", "quarter", "running", "raw",
})  # fmt: skip
_WEEK: Final = 7


class Unfit(Exception):
    """The clauses do not go together; another reading of the text may."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True, slots=True)
class Said:
    """A clause, and the words that said it."""

    clause: Clause
    words: str


@dataclass(slots=True)
class Found:
    """Values by name, and the words of each."""

    values: dict[str, Any] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> Any:  # noqa: ANN401  what a name holds is told by `meanings.py`
        """Return a value, or None."""
        return self.values.get(name)

    def only(self, *names: str) -> None:
        """Raise Unfit where anything else was said."""
        for name in self.values.keys() - set(names) - {"zone", "who", "doubt", "doubtful", "habit"}:
            raise Unfit(self.words[name])

    @property
    def tells_time(self) -> bool:
        """Whether there is enough to make a schedule of."""
        return not _ANCHORS.isdisjoint(self.values)


def together(said: Iterable[Said]) -> Found:
    """Merge clauses; raises Unfit where two contradict each other."""
    found = Found()
    for each in said:
        for name, value in each.clause.items():
            if name in found.values:
                value = _merged(name, found.values[name], value, each.words)  # noqa: PLW2901  the same thing, completed
            found.values[name] = value
            found.words[name] = f"{found.words[name]} {each.words}" if name in found.words else each.words
    return found


def _merged(name: str, old: Any, new: Any, words: str) -> Any:  # noqa: ANN401  as above
    if name in _LISTS:
        return (*old, *new)
    if name == "rate":
        return _rate(old, new, words)
    if old != new:
        raise Unfit(words)
    return old


def _rate(old: Rate, new: Rate, words: str) -> Rate:
    """Every 14 days, on Tuesdays: every 2 weeks."""
    if old == new:
        return old
    weekly, other = (old, new) if old == ("week", 1) else (new, old)
    unit, every = other
    if weekly == ("week", 1) and (unit == "week" or other == ("day", 1) or (unit == "day" and every % _WEEK == 0)):
        return ("week", every) if unit == "week" else ("week", max(every // _WEEK, 1))
    raise Unfit(words)
