"""Whose clocks a new schedule is meant on."""

from datetime import datetime

from schedules.base import RECIPIENT, Draft, ScheduleError, Stored
from schedules.zones import UnknownZone, zone

_FIELD = "schedule.timezone"


def draft(spec: Stored, now: datetime, timezone: str) -> Draft:
    """Return what the rules lean on; `timezone` holds where the schedule names none. Raises ScheduleError."""
    own = spec.get("timezone")
    if own is not None and not isinstance(own, str):
        message = "a time zone is an IANA name such as Europe/Berlin"
        raise ScheduleError(message, field=_FIELD, code="unknown_timezone")
    everybody = own == RECIPIENT
    try:
        key = zone(timezone if own is None or everybody else own).key
    except UnknownZone as error:
        raise ScheduleError(str(error), field=_FIELD, code="unknown_timezone") from error
    return Draft(now, key, has_zone=own is not None, recipient=everybody)
