"""The judge judged: a sound history passes, and every way of breaking it is seen."""

import pytest

from tests.chaos.harness.history import Expected, Received, Verdict, judge

DUE = 1_000_000.0
EXPECTED = [Expected(f"title {n}", DUE + n) for n in range(3)]
SOUND = [Received(f"title {n}", f"id {n}", DUE + n + 0.2) for n in range(3)]


def again(number: int, after: float = 30.0, delivery: str | None = None) -> Received:
    """Return a message that comes once more."""
    first = SOUND[number]
    return Received(first.name, delivery or first.delivery_id, first.at + after)


def test_a_sound_history_has_no_faults() -> None:
    """Everything arrived once and in time; the lateness is told."""
    verdict = judge(EXPECTED, SOUND)
    assert (verdict.faults, verdict.duplicates) == ({}, 0)
    assert verdict.latest == pytest.approx(0.2)


BROKEN = {
    "lost": SOUND[1:],
    "unexpected": [*SOUND, Received("title 9", "id 9", DUE)],
    "early": [*SOUND[1:], Received("title 0", "id 0", DUE - 0.5)],
    "doubled": [*SOUND, again(0)],
    "doubled under another id": [*SOUND, again(0, delivery="id 7")],
    "doubled though its attempt was known": [*SOUND, again(1)],
    "doubled more often than attempts were unknown": [*SOUND, again(0), again(0, 60)],
}


@pytest.mark.parametrize("fault", BROKEN)
def test_each_fault_is_seen(fault: str) -> None:
    """One change of a sound history is one fault, of its kind, and no other."""
    unknown = {"id 0": 1} if " " in fault else {}
    verdict = judge(EXPECTED, BROKEN[fault], unknown=unknown)
    name = "title 9" if fault == "unexpected" else "title 1" if "known" in fault.split() else "title 0"
    assert verdict.faults == {fault.split(maxsplit=1)[0]: [name]}


def test_a_duplicate_that_an_unknown_attempt_explains_is_none_of_its_faults() -> None:
    """The promise is: duplicates at most as many as attempts of unknown outcome."""
    verdict = judge(EXPECTED, [*SOUND, again(0)], unknown={"id 0": 1})
    assert (verdict.faults, verdict.duplicates) == ({}, 1)


def of_cancelled(at: float, *received: Received) -> Verdict:
    """Judge a history in which the first title was cancelled."""
    return judge(EXPECTED, [*SOUND[1:], *received], cancelled={"title 0": at}, unknown={"id 0": 1})


def test_what_was_cancelled_must_stay_away() -> None:
    """Cancelled before it was due, never; afterwards, only what was under way; and its absence is no loss."""
    assert of_cancelled(DUE - 1).faults == {}
    assert of_cancelled(DUE - 1, SOUND[0]).faults == {"after_cancel": ["title 0"]}
    assert of_cancelled(DUE + 0.1, SOUND[0]).faults == {}
    assert of_cancelled(DUE + 0.1, SOUND[0], again(0, 40)).faults == {"after_cancel": ["title 0"]}


def test_what_nobody_was_told_about_may_have_happened_or_not() -> None:
    """An unanswered write is neither lost nor unexpected, but must not be early."""
    unsure = Expected("title 9", DUE + 9)
    for received in ([], [Received("title 9", "id 9", DUE + 9.1)]):
        assert judge(EXPECTED, [*SOUND, *received], maybe=[unsure]).faults == {}
    hasty = judge(EXPECTED, [*SOUND, Received("title 9", "id 9", DUE)], maybe=[unsure])
    assert hasty.faults == {"early": ["title 9"]}
