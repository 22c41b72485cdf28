"""One page of a list."""

from typing import Annotated, Generic, TypeVar

from pydantic import Field

from schemas.base import Model

T = TypeVar("T")


class Page(Model, Generic[T]):
    """One page of a list, and where the next one begins."""

    items: list[T]
    next_cursor: Annotated[
        str | None, Field(description="Pass it as `cursor` for the next page; null on the last one.")
    ] = None
