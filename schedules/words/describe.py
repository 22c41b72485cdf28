"""A stored schedule as one sentence."""

from schedules.base import Stored
from schedules.kinds import rule
from schedules.words.dates import moment


def describe(stored: Stored, locale: str = "en") -> str:  # noqa: ARG001  German comes with the words' own issue
    """Say “Every weekday at 09:00 (Europe/Berlin)”, with its end where it has one.

    A cron expression that no sentence fits is shown as it is.
    """
    said = rule(stored).describe(stored)
    # Elapsed time is the same everywhere; naming a zone beside it would suggest otherwise.
    if stored["kind"] != "interval":
        said += f" ({stored['timezone']})"
    if stored.get("ends_at"):
        said += f", until {moment(stored['ends_at'], stored['timezone'])}"
    if (count := stored.get("count")) and stored["kind"] != "once":
        said += ", once" if count == 1 else f", {count} times"
    return said
