"""A sentence cut into its frame, its clauses and its message, in every way that the grammar allows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from schedules.words.parsing.found import Said
from schedules.words.parsing.grammar import Reading
from schedules.words.parsing.tokens import Token, between

_MOST_READINGS: Final = 8
_MOST_CLAUSES: Final = 12
"""A sentence has a handful; what goes on and on is no sentence, and may not take forever."""
_MOST_NAMES: Final = 3
_MARKS: Final = frozenset({",", ";", ".", "\u2013"})

Run = tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """One way to cut a sentence; the message stands in [start, end)."""

    run: Run
    who: tuple[str, ...]
    start: int
    end: int
    infinitive: bool = False
    """Whether the message is a German infinitive with “zu”."""
    led: bool = False
    """Whether clauses or names stand right before the message, without a word that joins them."""


@dataclass(frozen=True, slots=True)
class _Head:
    run: Run
    who: tuple[str, ...]
    start: int
    reminded: bool = False
    infinitive: bool = False
    led: bool = False


@dataclass(slots=True)
class Cutter:
    """The ways to cut one text in one language."""

    text: str
    reading: Reading
    end: int
    _led: dict[int, list[tuple[Run, int]]] = field(default_factory=dict)
    _closing: list[list[Run]] = field(default_factory=list)

    @property
    def tokens(self) -> Sequence[Token]:
        """The tokens of the text."""
        return self.reading.tokens

    def cuts(self) -> list[Cut]:
        """Return all ways, those that leave the shortest message first."""
        heads = list(self._heads())
        if any(head.reminded for head in heads):
            heads = [head for head in heads if head.reminded]
        found = [
            Cut((*head.run, *run), head.who, head.start, end, head.infinitive, head.led)
            for head in heads
            for end in range(head.start, self.end + 1)
            for run in self.closing(end)
            if head.run or run
        ]
        return sorted(found, key=lambda cut: cut.end - cut.start)

    def closing(self, at: int) -> list[Run]:
        """Return the ways in which clauses, and nothing else, fill the text from a token to its end."""
        if not self._closing:
            # From the end on, so that a thousand commas need no thousand calls within each other.
            self._closing = [[] for _ in range(self.end)] + [[()]]
            for place in reversed(range(self.end)):
                runs = ((said, *rest) for said, last in self._said(place) for rest in self._closing[last])
                short = islice((run for run in runs if len(run) <= _MOST_CLAUSES), _MOST_READINGS)
                self._closing[place] = [()] if self._past_marks(place) == self.end else list(short)
        return self._closing[at]

    def _said(self, at: int) -> Iterator[tuple[Said, int]]:
        """Yield the clauses that begin at a token, or after the marks there, and where each ends."""
        at = self._past_marks(at)
        if at < self.end:
            for clause, last in self.reading.read("clause", at):
                if last <= self.end:
                    yield Said(clause, between(self.text, list(self.tokens), at, last)), last

    def _past_marks(self, at: int) -> int:
        while at < self.end and self.tokens[at].low in _MARKS:
            at += 1
        return at

    def _leading(self, at: int) -> list[tuple[Run, int]]:
        """Return the runs of clauses that begin at a token, and where each ends, last first; one is empty."""
        if at not in self._led:
            found: dict[int, list[Run]] = {}
            layer: dict[int, list[Run]] = {at: [()]}
            for _ in range(_MOST_CLAUSES):
                following: dict[int, list[Run]] = {}
                for place, runs in layer.items():
                    for said, last in self._said(place):
                        following.setdefault(last, []).extend((*run, said) for run in runs)
                layer = {last: runs[:_MOST_READINGS] for last, runs in following.items()}
                for last, runs in layer.items():
                    found.setdefault(last, []).extend(runs)
            ends = sorted(found, reverse=True)
            self._led[at] = [(run, end) for end in ends for run in found[end][:_MOST_READINGS]] + [((), at)]
        return self._led[at]

    def _heads(self) -> Iterator[_Head]:
        at = self._after("polite", 0)
        for before, end in self._leading(at):
            yield from self._reminding(before, self._after("polite", self._marks(end)))
            yield _Head(before, (), end, led=bool(before))
        mentions = [self.reading.read("who", at)] if at < self.end and self.tokens[at].low[:1] in {"@", "#"} else []
        for who, end in (each for found in mentions for each in found):
            following = end + (end < self.end and self.tokens[end].low in {":", ","})
            for run, last in self._leading(following):
                yield _Head(run, who, last, reminded=True, led=bool(run))

    def _reminding(self, before: Run, at: int) -> Iterator[_Head]:
        for _, verb in self.reading.read("remind", at) + self._bare_object(at):
            known = self.reading.read("who", verb)
            for who, end in known:
                yield from self._linked(before, who, self._after("polite", end), linked=False)
            if not known:
                yield from self._linked(before, (), verb, linked=False)
                yield from self._named(before, verb)

    def _bare_object(self, at: int) -> list[tuple[Any, int]]:
        """Return the place itself where a question leaves the verb to the end: “kannst du mich …  erinnern”."""
        closed = self.end < len(self.tokens) and self.tokens[self.end].low == "erinnern"
        return [(True, at)] if closed else []

    def _named(self, before: Run, at: int) -> Iterator[_Head]:
        """Take up to three plain words before “to” or “about” as a name."""
        for end in range(at + 1, min(at + _MOST_NAMES, self.end) + 1):
            words = self.tokens[at:end]
            if any(word.quoted or not word.low[0].isalpha() for word in words) or self.reading.read("link", end - 1):
                return
            name = between(self.text, list(self.tokens), at, end)
            yield from self._linked(before, (name.removeprefix("the ").removeprefix("das "),), end, linked=True)

    def _linked(self, before: Run, who: tuple[str, ...], at: int, *, linked: bool) -> Iterator[_Head]:
        at = self._marks(at) if not linked else at
        for run, end in self._leading(at):
            links = self.reading.read("link", end)
            for link, last in links:
                infinitive = link == "infinitive"
                for more, start in self._leading(last):
                    yield _Head(
                        (*before, *run, *more), who, start, reminded=True, infinitive=infinitive, led=bool(more)
                    )
            if not linked and not links:
                yield _Head((*before, *run), who, end, reminded=True, led=bool(run or who))

    def _after(self, symbol: str, at: int) -> int:
        """Return the place after as many of a symbol as there are."""
        while found := self.reading.read(symbol, at):
            at = found[0][1]
        return at

    def _marks(self, at: int) -> int:
        return at + 1 if at < self.end and self.tokens[at].low == "," else at
