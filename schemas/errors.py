"""Errors as they cross the wire: problem details (RFC 9457)."""

from typing import Annotated

from pydantic import BaseModel, Field


class FieldProblem(BaseModel):
    """What is wrong with one field of the request."""

    field: Annotated[str, Field(description="Its path, such as `schedule.expression`.")]
    message: str
    code: Annotated[str, Field(description="Stable, lower_snake_case.")]


class Problem(BaseModel):
    """Why a request was refused, for programs (`code`) and for people (`detail`)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: Annotated[str, Field(description="Stable, lower_snake_case; decide by it.")]
    instance: Annotated[str | None, Field(description="The path of the request.")] = None
    errors: Annotated[list[FieldProblem] | None, Field(description="By field, with 422.")] = None
