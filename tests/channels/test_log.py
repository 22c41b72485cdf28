"""The log channel."""

import pytest

from channels import open_channel
from channels.base import Blocked, InvalidAddress
from channels.log import KEPT, Log
from tests.channels.example import message, production, settings


async def test_it_prints_and_remembers(capsys: pytest.CaptureFixture[str]) -> None:
    """A message is readable on the terminal and kept in `sent`."""
    async with open_channel("log", settings()) as log:
        await log.send("desk", message(rule="Every Friday"))
    assert isinstance(log, Log)
    assert log.sent == type(log.sent)([("desk", message(rule="Every Friday"))])
    said = capsys.readouterr().out
    for part in ("desk", "Pay the rent", "16:00", "Every Friday", "Office", "Ask Zoë.", "/reminders/1"):
        assert part in said


async def test_it_remembers_no_more_than_the_last_ones() -> None:
    """A long run does not fill the memory."""
    async with open_channel("log", settings()) as log:
        for number in range(KEPT + 5):
            await log.send(str(number), message(body=None))
    assert isinstance(log, Log)
    assert [log.sent[0][0], len(log.sent)] == ["5", KEPT]


async def test_a_message_cannot_draw_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Escape sequences of a title or a note do not reach the terminal."""
    async with open_channel("log", settings()) as log:
        await log.send("desk", message(title="\x1b[2JRent", body="a\x1b]0;b\x07"))
    assert not set(capsys.readouterr().out) & {"\x1b", "\x07"}


async def test_production_has_no_log_channel() -> None:
    """Nobody watches a terminal in production, and content does not belong in its logs."""
    with pytest.raises(InvalidAddress):
        Log.normalize("desk", production())
    async with open_channel("log", production()) as log:
        with pytest.raises(Blocked):
            await log.send("desk", message())


@pytest.mark.parametrize(("given", "canonical"), [(" desk\n", "desk"), ("a\x00b", "a b")])
def test_addresses_are_short_names(given: str, canonical: str) -> None:
    """A name is one line."""
    assert Log.normalize(given, settings()) == canonical


@pytest.mark.parametrize("value", ["", "  ", "x" * 201])
def test_what_is_no_name_is_refused(value: str) -> None:
    """A name has 1 to 200 characters."""
    with pytest.raises(InvalidAddress):
        Log.normalize(value, settings())
