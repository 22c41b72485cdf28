"""Answers: what is shown of single things, with their entity tags, and pages of whatever is listed."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from fastapi import Response
from sqlalchemy import Row

from crud.reminders import Created
from routers.door import etag
from schemas.page import Page
from schemas.reminder_read import ReminderRead, read

ETAG = {"ETag": {"description": "The version, for If-Match.", "schema": {"type": "string"}}}
REPLAYED = {"Idempotent-Replayed": {"description": "`true`: it was there before.", "schema": {"type": "string"}}}
CREATED: dict[int | str, dict[str, Any]] = {
    200: {"model": ReminderRead, "description": "An active one with this key exists.", "headers": {**ETAG, **REPLAYED}},
    201: {"headers": ETAG},
}
SHOWN: dict[int | str, dict[str, Any]] = {200: {"headers": ETAG}}
MADE: dict[int | str, dict[str, Any]] = {201: {"headers": ETAG}}

Thing = TypeVar("Thing", Row[Any], Mapping[str, Any])


def tagged(response: Response, thing: Thing) -> Thing:
    """Answer with one thing that has a `version`, which becomes its entity tag."""
    response.headers["ETag"] = etag(thing["version"] if isinstance(thing, Mapping) else thing.version)
    return thing


def shown(response: Response, row: Row[Any], locale: str | None = None) -> ReminderRead:
    """Answer with one reminder, its schedule in the words of `locale`."""
    response.headers["ETag"] = etag(row.version)
    return read(row._asdict(), locale)


def created(response: Response, made: Created, locale: str | None = None) -> ReminderRead:
    """Answer 201 with a new reminder, or 200 with the one that was there under the same natural key."""
    if made.replayed:
        response.status_code = 200
        response.headers["Idempotent-Replayed"] = "true"
    response.headers["ETag"] = etag(made.row["version"])
    return read(made.row, locale)


def listed(items: Sequence[object], cursor: str | None) -> dict[str, Any]:
    """Answer with a page of rows, which FastAPI brings into the declared shape."""
    return {"items": items, "next_cursor": cursor}


def page_of(rows: Sequence[Row[Any]], cursor: str | None, locale: str | None = None) -> Page[ReminderRead]:
    """Answer with a page of reminders."""
    return Page[ReminderRead].model_construct(items=[read(row._asdict(), locale) for row in rows], next_cursor=cursor)
