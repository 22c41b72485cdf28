"""A sentence cut into its frame, its clauses and its message, in every way that the grammar allows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from schedules.words.parsing.found import Said
from schedules.words.parsing.grammar import Reading
from schedules.words.parsing.tokens import Token, between

_MOST_READINGS: Final = 8
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
    _runs: dict[tuple[int, int], list[Run]] = field(default_factory=dict)

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
            for run in self.covering(end, self.end)
            if head.run or run
        ]
        return sorted(found, key=lambda cut: cut.end - cut.start)

    def covering(self, at: int, end: int) -> list[Run]:
        """Return the ways in which clauses, and nothing else, fill [at, end)."""
        if at >= end:
            return [()]
        key = (at, end)
        if key not in self._runs:
            self._runs[key] = list(self._covering(at, end))[:_MOST_READINGS]
        return self._runs[key]

    def _covering(self, at: int, end: int) -> Iterator[Run]:
        if self.tokens[at].low in _MARKS:
            yield from (run for run in self.covering(at + 1, end) if run or at + 1 == end)
            return
        for clause, last in self.reading.read("clause", at):
            if last <= end:
                said = Said(clause, between(self.text, list(self.tokens), at, last))
                yield from ((said, *rest) for rest in self.covering(last, end))

    def _leading(self, at: int) -> Iterator[tuple[Run, int]]:
        """Yield the runs of clauses that begin at a token, and where each ends; none is one of them."""
        for end in range(self.end, at, -1):
            if self.tokens[end - 1].low not in _MARKS:
                yield from ((run, end) for run in self.covering(at, end) if run)
        yield (), at

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
                yield from self._linked(before, who, end, linked=False)
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
