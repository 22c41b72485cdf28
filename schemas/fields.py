"""Fields of changes: a field that is left out stays as it is, which is not the same as null. And local times."""

from typing import Annotated, Any

from pydantic import Field

Local = Annotated[
    str,
    Field(
        description="`due_at` as its recipient's clock shows it, with offset.",
        json_schema_extra={"format": "date-time"},
        examples=["2026-12-01T09:00:00+01:00"],
    ),
]


def _absent() -> None:
    """Stand for what nobody sent; `model_dump(exclude_unset=True)` leaves it out."""


def unset() -> Any:  # noqa: ANN401  a default stands for a field of any type
    """Return the default of a field that may be left out though it cannot be null.

    A default factory is not shown in the OpenAPI document, where a default of null would be a lie.
    """
    return Field(default_factory=_absent)
