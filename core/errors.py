"""The five kinds of error that the domain knows.

Concrete errors inherit from one of them, stand beside the function that raises them, and name a stable
`code`. One table in `routers/problems.py` maps the kinds to HTTP.
"""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple


class ItemProblem(NamedTuple):
    """What is in the way of one of several things that were sent together."""

    field: str
    message: str
    code: str


class DomainError(Exception):
    """Something that the caller can understand and act upon.

    `code` is stable and lower_snake_case; `detail` is one sentence for a person; `field` is the path of
    the offending field in the request, such as `schedule.expression`.
    """

    code: ClassVar[str] = "error"
    items: Sequence[ItemProblem] = ()
    """One by one, where several things were asked for at once."""

    def __init__(self, detail: str = "", *, field: str | None = None, code: str | None = None) -> None:
        super().__init__(detail or (self.__doc__ or "").split("\n", 1)[0])
        self.field = field
        self.reason = code or self.code

    @property
    def detail(self) -> str:
        """One sentence for a person."""
        return str(self)


class NotFound(DomainError):
    """There is no such thing, or it is not yours to see."""

    code = "not_found"


class Conflict(DomainError):
    """The state of the thing does not allow this; look at it again."""

    code = "conflict"


class Forbidden(DomainError):
    """Your role does not allow this."""

    code = "forbidden"


class Invalid(DomainError):
    """A value is not acceptable."""

    code = "invalid"


class Unavailable(DomainError):
    """Something that is needed is away for now."""

    code = "unavailable"
