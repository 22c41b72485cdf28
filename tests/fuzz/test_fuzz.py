"""Whatever is sent, the service answers what its document says: no 5xx, no status, type or shape that is not there."""

import re

import pytest

from tests.fuzz.conftest import Api
from tests.matrix.operations import operations

pytestmark = pytest.mark.processes

EVERY_CHECK = ("--checks=all", "--mode=all", "--generation-deterministic", "--no-shrink")
# Each of them ends the session, the password or the account with which everything else is asked.
ENDING = ("sign_out", "end_session", "end_other_sessions", "change_password", "erase_me")
SHORT = {"examples,fuzzing": 3, "stateful": 20}
LONG = {"examples,coverage,fuzzing": 100, "stateful": 500}
# What is wrong ends a chain of requests; the other phases have it all.
CHAINS = {"stateful": ["--mode=positive"]}


def judged(api: Api, *words: str, email: str | None = None) -> int:
    """Let Schemathesis ask, fail with its words if it found anything, and return how often it asked."""
    said = api.fuzz(*EVERY_CHECK, *words, email=email)
    assert said.returncode == 0, said.stdout[-20_000:] + said.stderr[-2_000:]
    asked = re.search(r"(\d+) generated", said.stdout)
    assert asked, said.stdout
    assert api.failures() == []
    print(f"\nschemathesis: {asked[0]}, {words[0]}")
    return int(asked[1])


def only(*operations: str) -> list[str]:
    """Return the words that choose operations."""
    return [f"--include-operation-id={name}" for name in operations]


def without(*operations: str) -> list[str]:
    """Return the words that leave operations out."""
    return [f"--exclude-operation-id={name}" for name in operations]


def test_signed_in(api: Api) -> None:
    """Somebody who is signed in may send whatever the document allows or forbids."""
    email = api.register("ada@example.com")
    for phases, examples in SHORT.items():
        words = (f"--phases={phases}", f"--max-examples={examples}", *CHAINS.get(phases, ()))
        judged(api, *words, *without(*ENDING), email=email)
    assert api.successes() > len(operations()), "hardly anything was let through"


def test_stranger(api: Api) -> None:
    """So may somebody who is not; and what ends a session may be asked with one that it ends."""
    assert judged(api, "--phases=examples,fuzzing", "--max-examples=1") >= len(operations())
    words = ("--phases=examples,fuzzing", "--max-examples=4", *only(*ENDING))
    assert judged(api, *words, *api.token("eve@example.com")) >= len(ENDING)


@pytest.mark.fuzz
@pytest.mark.timeout(7200)
def test_at_length(api: Api) -> None:
    """The long form: every boundary of every parameter, and long chains of requests."""
    for number, (phases, examples) in enumerate(LONG.items()):
        words = (f"--phases={phases}", f"--max-examples={examples}", *CHAINS.get(phases, ()))
        assert judged(api, *words, *without(*ENDING), email=api.register(f"ada{number}@example.com")) >= examples
    assert judged(api, "--phases=examples,coverage,fuzzing", "--max-examples=30") >= len(operations())
    for name in ENDING:
        words = ("--phases=coverage,fuzzing", "--max-examples=30", *only(name))
        assert judged(api, *words, *api.token(f"{name}@example.com")) > 0
