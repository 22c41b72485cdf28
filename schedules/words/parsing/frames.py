"""What stands around time and message: who is asked, who is to be reminded, and the words that join."""

from typing import Final

from schedules.words.parsing.grammar import Line
from schedules.words.parsing.meanings import constant

ME: Final = "me"
TEAM: Final = "the team"

ENGLISH_FRAME: Final[dict[str, list[Line]]] = {
    "polite": [
        ("please", constant(True)),
        ("hey|hi ,?", constant(True)),
        ("can|could|would|will you please?", constant(True)),
    ],
    "remind": [
        ("/remind remind?", constant(True)),
        ("remind|nudge", constant(True)),
        ("set|create|add|make a reminder for?", constant(True)),
        ("don't|dont forget|let", constant(True)),
        ("reminder for?", constant(True)),
    ],
    "who": [
        ("{people:person+}", lambda people: people),
    ],
    "person": [
        ("me|myself", constant(ME)),
        ("us|everyone|everybody", constant(TEAM)),
        ("the|our? whole|entire? team", constant(TEAM)),
        ("{who:mention}", lambda who: who),
    ],
    "link": [
        ("to|that|about|of", constant(True)),
        (",? :|-", constant(True)),
        ("not to", lambda: None),
    ],
}
GERMAN_FRAME: Final[dict[str, list[Line]]] = {
    "polite": [
        ("bitte", constant(True)),
        ("hey|hallo ,?", constant(True)),
        ("kannst|könntest|würdest|kann du bitte?", constant(True)),
    ],
    "remind": [
        ("/remind", constant(True)),
        ("erinnere|erinner bitte?", constant(True)),
        ("erinnerung für?", constant(True)),
    ],
    "who": [
        ("{people:person+}", lambda people: people),
    ],
    "person": [
        ("mich", constant(ME)),
        ("uns|alle", constant(TEAM)),
        ("das|unser? ganze? team", constant(TEAM)),
        ("{who:mention}", lambda who: who),
    ],
    "link": [
        ("daran , dass?", constant("infinitive")),
        ("daran", constant("infinitive")),
        ("an|ans|dass", constant(True)),
        (", dass?", constant(True)),
        (":|-", constant(True)),
    ],
}
