"""The page of errors, made from what raises them: `python -m tests.house.error_pages` writes it."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from typing import Any, Final

from api import errors
from core.errors import DomainError
from tests.house.field_codes import FIELDS
from tests.house.source import ROOT, packages
from tests.matrix.operations import api_document

PAGE = ROOT / "docs" / "reference" / "errors.md"
HEAD: Final = """\
# Errors

Every refusal is `application/problem+json` (RFC 9457): decide by `code`, which stays; `title` and `detail` are for
people, and `type` is always `about:blank`, because the status says what kind it is and the code which one. A refusal
of single fields, or of single things among many, names each in `errors` with `field`, `message` and a code of its own,
at most a hundred; where these are of several kinds, the code of the whole is `invalid`.

What bears `Retry-After` passes. A 503 leaves open whether a change was made: repeat it under the same
`Idempotency-Key`, and it is done once. Made from the classes that are raised and from the OpenAPI document.

"""
MANY = 6
ELSEWHERE = {"cli", "migrations"}
"""What is said on a command line; what migrates cannot even be imported."""
Document = Mapping[str, Any]


def kinds() -> dict[str, list[type[DomainError]]]:
    """Return the errors that can be raised, by code."""
    for name in packages() - ELSEWHERE:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            importlib.import_module(module.name)
    found: dict[str, list[type[DomainError]]] = {}
    for each in sorted(_below(DomainError), key=lambda kind: (kind.__module__, kind.__name__)):
        if each.__module__.split(".")[0] not in ELSEWHERE:
            found.setdefault(each.code, []).append(each)
    return found


def _below(kind: type[DomainError]) -> set[type[DomainError]]:
    return {kind}.union(*(_below(each) for each in kind.__subclasses__())) - {DomainError}


def plain() -> dict[str, tuple[int, str]]:
    """Return status and sentence of what no class stands for, by code."""
    each = [value for value in vars(errors).values() if isinstance(value, tuple) and len(value) == 3]
    return {code: (status, sentence) for status, code, sentence in each}


def answered(built: Document) -> dict[str, dict[str, list[str]]]:
    """Return by code, then by status, the operations that the document says to answer with it."""
    found: dict[str, dict[str, list[str]]] = {}
    for path in built["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                media = answer.get("content", {}).get("application/problem+json", {})
                for code in media.get("examples", {}):
                    found.setdefault(code, {}).setdefault(status, []).append(operation["operationId"])
    return found


def page(built: Document) -> str:
    """Return the text of the page."""
    return HEAD + "".join(_sections(built))


def _sections(built: Document) -> Iterator[str]:
    classes, others = kinds(), plain()
    yield "## Of requests\n"
    # A path does not say that it is asked in a wrong way; no operation answers that.
    nowhere: dict[str, dict[str, list[str]]] = {code: {str(status): []} for code, (status, _) in others.items()}
    for code, statuses in sorted((nowhere | answered(built)).items()):
        if code in FIELDS:
            continue
        says = sentence(classes[code][0]) if code in classes else others[code][1]
        yield f"\n### {code}\n\n{', '.join(statuses)} · {_ended(says)}{_where(statuses)}\n"
    yield "\n## Of fields\n\nThese stand in `errors`, and in `code` where all are of one kind; the status is 422.\n\n"
    yield "| code | meaning |\n| --- | --- |\n"
    for code, says in sorted(FIELDS.items()):
        yield f"| `{code}` | {says} |\n"


def sentence(kind: type[DomainError]) -> str:
    """Return what an error says of itself, without the paragraphs for whoever writes code."""
    return " ".join((kind.__doc__ or "").split("\n\n", 1)[0].split())


def _ended(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def _where(statuses: Mapping[str, list[str]]) -> str:
    operations = sorted({name for names in statuses.values() for name in names})
    if not 0 < len(operations) <= MANY:
        return ""
    return f" Answered by {', '.join(f'`{name}`' for name in operations)}."


if __name__ == "__main__":
    PAGE.write_text(page(api_document()))
