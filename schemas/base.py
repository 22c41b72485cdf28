"""What every schema shares: strict models, bounded text, instants, durations and zones.

Use as metadata: `message: Annotated[str, Text(500)]`, `due: Instant`, `nag_every: Duration | None = None`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from annotated_types import GroupedMetadata
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    JsonValue,
    PlainSerializer,
    SecretStr,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from core.clock import iso
from schedules import durations, zones

EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 12, 31, 23, 59, 59, tzinfo=UTC)

_LONGEST_DURATION = 40
_SURROGATE = re.compile("[\ud800-\udfff]")
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.,]\d+)?)?([Zz]|[+-]\d\d:?\d\d)?", re.ASCII)


class Model(BaseModel):
    """What crosses the wire; unknown fields are refused, and errors do not repeat what was sent."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


def example(**fields: JsonValue) -> ConfigDict:
    """Return the configuration of a model that shows one whole example of itself in the OpenAPI document."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


def _clean(text: str) -> str:
    # PostgreSQL refuses NUL, and JSON cannot be written with half a character in it: better here than there.
    if "\0" in text or _SURROGATE.search(text):
        code = "invalid_text"
        raise PydanticCustomError(code, "Text may hold neither NUL nor half of a surrogate pair")
    return text


def _clean_secret(secret: SecretStr) -> SecretStr:
    _clean(secret.get_secret_value())
    return secret


Secret = Annotated[SecretStr, AfterValidator(_clean_secret)]
"""A password, code or token as it comes in: bound its length per field; it is text, and shows itself to nobody."""


@dataclass(frozen=True)
class Text(GroupedMetadata):
    """Bounded text without NUL and lone surrogates; blanks around it are removed unless `strip` is False."""

    most: int
    least: int = 1
    strip: bool = True

    def __iter__(self) -> Iterator[object]:
        """Yield what Pydantic understands."""
        yield StringConstraints(strict=True, strip_whitespace=self.strip, min_length=self.least, max_length=self.most)
        yield AfterValidator(_clean)


def _text_only(value: object) -> object:
    # Pydantic would take numbers as seconds since 1970, and a bare date as its midnight.
    if isinstance(value, datetime) or (isinstance(value, str) and _DATE_TIME.fullmatch(value)):
        return value
    code = "datetime_format"
    raise PydanticCustomError(code, "Write a date-time with offset, such as 2026-11-27T16:00:00Z (in a URL, + is %2B)")


def _bounded(at: datetime) -> datetime:
    # Compared before it is converted, because year 1 and year 9999 overflow on conversion.
    if not EARLIEST <= at <= LATEST:
        code = "datetime_out_of_range"
        raise PydanticCustomError(code, "Date-times lie between 1970 and 2200")
    return at.astimezone(UTC)


Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_text_only),
    AfterValidator(_bounded),
    PlainSerializer(iso, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-11-27T15:00:00Z"]}),
]
"""An aware date-time between 1970 and 2200, in UTC from here on, written as RFC 3339 with `Z`."""


def _duration(value: object) -> object:
    if isinstance(value, timedelta):
        return value
    code = "duration_format"
    if not isinstance(value, str) or len(value) > _LONGEST_DURATION:
        raise PydanticCustomError(code, "Write an ISO 8601 duration, such as PT24H")
    try:
        return durations.parse(value)
    except ValueError as error:
        raise PydanticCustomError(code, "{advice}", {"advice": str(error)}) from error


Duration = Annotated[
    timedelta,
    BeforeValidator(_duration),
    PlainSerializer(durations.write, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "duration", "examples": ["PT24H"]}),
]
"""Elapsed time as ISO 8601 (`PT24H`), without months and years, at most 100 years; bound it per field."""


def _known_zone(name: str) -> str:
    code = "unknown_timezone"
    try:
        zones.zone(name)
    except zones.UnknownZone as error:
        raise PydanticCustomError(code, "{advice}", {"advice": str(error)}) from error
    return name


Zone = Annotated[str, Text(64), AfterValidator(_known_zone)]
"""The IANA name of a time zone."""


class Later(BeforeValidator):
    """Mark a field of the contract that is not built yet; anything but empty or the values named is refused.

    `rotation_id: Annotated[str | None, Later()] = None`; `completion: Annotated[str, Later("any")] = "any"`.
    """

    def __init__(self, *allowed: object) -> None:
        def refuse(value: object) -> object:
            if value in allowed:
                return value
            if value in (None, [], {}):
                return None
            code = "not_available_yet"
            raise PydanticCustomError(code, "This is planned, but not available yet; leave it out")

        super().__init__(refuse)
