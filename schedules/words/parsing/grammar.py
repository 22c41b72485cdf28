"""Grammars written as short lines of words and slots, and how a line is read.

    every|each {weekdays:weekday+} {part:part}?

Words with bars are alternatives, `?` makes the word or slot before it optional, `+` takes a list (`a, b and c`).
A slot names another symbol of the grammar or a lexer. What a line means is the function beside it, which is given
what its slots took.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from schedules.words.parsing.tokens import Token

Lexer = Callable[[Sequence[Token], int], Sequence[tuple[Any, int]]]
Line = tuple[str, Callable[..., Any]]
_ENDINGS: Final = 9
_ELEMENT: Final = re.compile(r"\{(?P<name>\w+):(?P<symbol>\w+)(?P<many>\+?)\}(?P<maybe>\??)|(?P<words>\S+)")


@dataclass(frozen=True, slots=True)
class _Element:
    words: frozenset[str] = frozenset()
    name: str = ""
    symbol: str = ""
    many: bool = False
    maybe: bool = False


@lru_cache(maxsize=4096)
def _elements(line: str) -> tuple[_Element, ...]:
    found = []
    for match in _ELEMENT.finditer(line):
        if words := match["words"]:
            found.append(_Element(frozenset(words.removesuffix("?").split("|")), maybe=words.endswith("?")))
        else:
            many, maybe = bool(match["many"]), bool(match["maybe"])
            found.append(_Element(name=match["name"], symbol=match["symbol"], many=many, maybe=maybe))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Grammar:
    """The lines and lexers of a language."""

    symbols: Mapping[str, Sequence[Line]]
    lexers: Mapping[str, Lexer]
    conjunctions: frozenset[str]


@dataclass(slots=True)
class Reading:
    """One text under one grammar; every symbol is read only once at each place."""

    grammar: Grammar
    tokens: Sequence[Token]
    _known: dict[tuple[str, int], list[tuple[Any, int]]] = field(default_factory=dict)

    def read(self, symbol: str, at: int) -> list[tuple[Any, int]]:
        """Return what a symbol can mean at a token, each with the token after it, longest first."""
        key = (symbol, at)
        if key not in self._known:
            # A symbol that began with itself would find nothing rather than run forever.
            self._known[key] = []
            lexer = self.grammar.lexers.get(symbol)
            found = list(lexer(self.tokens, at)) if lexer else list(self._lines(symbol, at))
            self._known[key] = sorted(found, key=lambda meant: -meant[1])
        return self._known[key]

    def _lines(self, symbol: str, at: int) -> Iterator[tuple[Any, int]]:
        for line, meaning in self.grammar.symbols[symbol]:
            for taken, end in self._match(_elements(line), 0, at):
                value = meaning(**taken)
                if value is not None and end > at:
                    yield value, end

    def _match(self, line: tuple[_Element, ...], place: int, at: int) -> Iterator[tuple[dict[str, Any], int]]:
        if place == len(line):
            yield {}, at
            return
        element = line[place]
        for taken, end in self._element(element, at):
            for rest, last in self._match(line, place + 1, end):
                yield {**taken, **rest}, last
        if element.maybe:
            yield from self._match(line, place + 1, at)

    def _element(self, element: _Element, at: int) -> Iterator[tuple[dict[str, Any], int]]:
        if element.words:
            if at < len(self.tokens) and self.tokens[at].low in element.words:
                yield {}, at + 1
        elif element.many:
            for values, end in self._several(element.symbol, at):
                yield {element.name: values}, end
        else:
            for value, end in self.read(element.symbol, at):
                yield {element.name: value}, end

    def _several(self, symbol: str, at: int) -> list[tuple[tuple[Any, ...], int]]:
        """Return the longest list, and those that end a little earlier: the comma may not be one of the list."""
        taken: tuple[Any, ...] = ()
        found: list[tuple[tuple[Any, ...], int]] = []
        while each := self.read(symbol, at):
            found += [((*taken, value), end) for value, end in reversed(each)]
            following = [(value, self._separated(end)) for value, end in each if self._listed(end)]
            if not following:
                break
            value, at = next((more for more in following if self.read(symbol, more[1])), following[0])
            taken = (*taken, value)
        return found[:-_ENDINGS:-1]

    def _listed(self, at: int) -> bool:
        """Tell whether a list goes on; between `@names` nothing needs to stand."""
        mentioned = at < len(self.tokens) and self.tokens[at].low[:1] in {"@", "#"}
        return self._separated(at) > at or mentioned

    def _separated(self, at: int) -> int:
        """Return the place after a comma, an “and”, or both."""
        if at < len(self.tokens) and self.tokens[at].low == ",":
            at += 1
        return at + 1 if at < len(self.tokens) and self.tokens[at].low in self.grammar.conjunctions else at
