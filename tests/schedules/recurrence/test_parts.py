"""How the text of a rule is read; what is refused stands in `test_rrule_refusals`."""

import pytest

from schedules.recurrence.parts import Parts, parse


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=MONTHLY;BYDAY=-1FR",
        "RRULE:FREQ=MONTHLY;BYDAY=-1FR",
        "rrule:freq=monthly;byday=-1fr",
        " BYDAY = -1FR ; FREQ = MONTHLY; ",
        "FREQ=MONTHLY;INTERVAL=1;BYDAY=-1FR,-1FR",
    ],
)
def test_order_case_and_spaces_do_not_matter(text: str) -> None:
    """All of these are the last Friday of the month."""
    parts = parse(text)
    assert (parts.freq, parts.interval, parts.weekdays) == ("MONTHLY", 1, ((-1, 4),))


def test_every_part_is_read() -> None:
    """Into plain numbers; Monday is 0, and numbers come in order."""
    text = "FREQ=YEARLY;INTERVAL=2;BYMONTH=11,2;BYWEEKNO=-1,20;BYYEARDAY=+1,-366;BYMONTHDAY=31,-1;BYDAY=SU;BYHOUR=16,09"
    found = parse(f"{text};BYMINUTE=30;BYSECOND=5;BYSETPOS=-1;WKST=SU;COUNT=3")
    assert found == Parts(
        "YEARLY",
        interval=2,
        week_start=6,
        count=3,
        months=(2, 11),
        weeks=(-1, 20),
        year_days=(-366, 1),
        month_days=(-1, 31),
        weekdays=((0, 6),),
        hours=(9, 16),
        minutes=(30,),
        seconds=(5,),
        positions=(-1,),
        text=f"{text};BYMINUTE=30;BYSECOND=5;BYSETPOS=-1;WKST=SU",
    )


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        ("20261224", "2026-12-24T23:59:59"),
        ("20261224T150000", "2026-12-24T15:00:00"),
        ("20261224T150000Z", "2026-12-24T15:00:00Z"),
    ],
)
def test_an_end_is_read_in_each_of_its_forms(until: str, expected: str) -> None:
    """A date alone means the whole day."""
    assert parse(f"FREQ=DAILY;UNTIL={until}").until == expected
