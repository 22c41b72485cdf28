"""In which language sentences are answered."""

from typing import Annotated

from fastapi import Depends, Header

from schedules.words.languages import VOICES


def locale(accept_language: str | None) -> str | None:
    """Return the first language of an Accept-Language header that there is; None where the header names none of ours.

    The order of the list is heeded, and a weight of zero; other weights hardly ever contradict the order.
    """
    for part in (accept_language or "").split(","):
        name, _, weight = part.strip().partition(";")
        language = name.strip().lower().split("-")[0]
        if language in VOICES and weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}:
            return language
    return None


async def _locale(
    accept_language: Annotated[str | None, Header(max_length=1000, description="`de` or `en`.")] = None,
) -> str | None:
    return locale(accept_language)


LocaleDep = Annotated[str | None, Depends(_locale)]
"""The language of the answer, or None where the request names none of ours."""
