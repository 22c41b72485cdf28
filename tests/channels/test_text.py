"""Text made fit for the wire."""

import pytest

from channels._text import lines, one_line, shorten

BREAKS = ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"]


@pytest.mark.parametrize("line_break", BREAKS)
def test_every_line_break_is_one(line_break: str) -> None:
    """Whatever breaks a line separates lines, and is a space where there is one line."""
    assert lines(f"a{line_break}b") == ["a", "b"]
    assert one_line(f"a{line_break}b") == "a b"


def test_controls_go_and_letters_stay() -> None:
    """Controls and lone surrogates are dropped; joined emoji and text of any script stay."""
    assert lines("a\x00\x1b[1m\ud800b") == ["a[1mb"]
    assert one_line(" \x00 👩\u200d👧  Zoë\t東京 ") == "👩\u200d👧 Zoë 東京"


def test_long_text_ends_in_an_ellipsis() -> None:
    """Text within the limit is untouched; longer text is cut to it."""
    assert shorten("abc", 3) == "abc"
    assert shorten("abcd", 3) == "ab…"
