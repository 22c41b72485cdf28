"""A stored schedule as one sentence, which parses back to the same schedule."""

from collections.abc import Iterator
from datetime import datetime

from schedules.base import RECIPIENT, Stored
from schedules.kinds import rule
from schedules.words.languages import voice_of
from schedules.words.moments import day_or_moment, end
from schedules.words.starts import said_start
from schedules.words.voice import Voice


def describe(stored: Stored, locale: str = "en", *, now: datetime | None = None) -> str:
    """Say “Every weekday at 09:00 (Europe/Berlin)”, with all that bounds it.

    `de` and `de-AT` are German, all else is English.

    Where the start shapes the days (“Every 2 weeks on Friday”), it is said. Any other start is said only if it lies
    later than `now` and something would come before it, so that what was said parses, at that instant, to the same
    occurrences. A rule that no sentence fits is shown as it is.
    """
    voice = voice_of(locale)
    place = voice.recipient if stored["timezone"] == RECIPIENT else stored["timezone"]
    said = [f"{rule(stored).describe(stored, voice)} ({place})"]
    if stored["kind"] != "once" and (start := said_start(stored, now, voice)):
        said.append(f"{voice.since} {start}")
    return ", ".join([*said, *_bounds(stored, voice), *_exceptions(stored, voice)])


def _bounds(stored: Stored, voice: Voice) -> Iterator[str]:
    if ends_at := stored.get("ends_at"):
        yield f"{voice.until} {end(ends_at, stored, voice)}"
    if (times := stored.get("count")) and stored["kind"] != "once":
        yield voice.times(times)


def _exceptions(stored: Stored, voice: Voice) -> Iterator[str]:
    for name, word in (("exclude", voice.excepting), ("include", voice.besides)):
        if listed := stored.get(name):
            yield f"{word} {voice.series([day_or_moment(text, stored, voice) for text in listed])}"
    if holidays := stored.get("holidays"):
        yield voice.holidays[stored.get("on_holiday") or "keep"].format(holidays)
    if stored.get("dst_gap") == "skip":
        yield voice.gap_skipped
    if (fold := stored.get("dst_fold", "first")) != "first":
        yield voice.folds[fold]
