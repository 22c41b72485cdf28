"""Fields of changes: a field that is left out stays as it is, which is not the same as null."""

from typing import Any

from pydantic import Field


def _absent() -> None:
    """Stand for what nobody sent; `model_dump(exclude_unset=True)` leaves it out."""


def unset() -> Any:  # noqa: ANN401  a default stands for a field of any type
    """Return the default of a field that may be left out though it cannot be null.

    A default factory is not shown in the OpenAPI document, where a default of null would be a lie.
    """
    return Field(default_factory=_absent)
