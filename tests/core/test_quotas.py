"""Quotas: when a process knows enough, and when it has to count."""

from uuid import UUID

from core.quotas import LASTS, MOST, Quotas

TEAM = UUID(int=1)


def quotas(limit: int) -> Quotas:
    """Return quotas with so many reminders."""
    return Quotas({"reminders": limit})


def test_far_from_the_limit_a_count_is_enough_for_many() -> None:
    """A thousand may be added to a count before the next, and a minute may pass."""
    known = quotas(100_000)
    assert not known.surely_has_room("reminders", TEAM, 1, 0)
    known.counted("reminders", TEAM, 1, 0)
    assert all(known.surely_has_room("reminders", TEAM, 1, LASTS) for _ in range(1_000))
    assert not known.surely_has_room("reminders", TEAM, 1, LASTS)


def test_an_old_count_is_no_count() -> None:
    """After a minute others may have added a lot."""
    known = quotas(100_000)
    known.counted("reminders", TEAM, 1, 0)
    assert not known.surely_has_room("reminders", TEAM, 1, LASTS + 1)


def test_near_the_limit_everything_is_counted() -> None:
    """Small quotas are always exact; large ones within a tenth, or a thousand, of the limit."""
    for limit, margin in ((20, 50), (1_000, 100), (100_000, 1_000)):
        known = quotas(limit)
        known.counted("reminders", TEAM, max(0, limit - margin), 0)
        assert not known.surely_has_room("reminders", TEAM, 1, 0)
        known.counted("reminders", TEAM, max(0, limit - margin - 2), 0)
        assert known.surely_has_room("reminders", TEAM, 1, 0) is (limit > margin)


def test_what_is_remembered_is_bounded() -> None:
    """The team that was counted first is forgotten first, and counted again when it comes back."""
    known = quotas(100_000)
    for number in range(MOST + 1):
        known.counted("reminders", UUID(int=number), 1, 0)
    assert not known.surely_has_room("reminders", UUID(int=0), 1, 0)
    assert known.surely_has_room("reminders", UUID(int=1), 1, 0)
