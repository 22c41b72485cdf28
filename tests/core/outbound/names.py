"""A resolver that knows what it is told, and forgets nothing that it was asked."""

from collections.abc import Sequence

PUBLIC = "93.184.215.14"


class Names:
    """Resolves names from a table; of several answers each look-up takes the next, and the last one stays."""

    def __init__(self, **answers: Sequence[Sequence[str]]) -> None:
        self._answers = {name.replace("_", "."): list(each) for name, each in answers.items()}
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """Return addresses; raises OSError for a name that is not in the table."""
        del port
        self.asked.append(host)
        answers = self._answers.get(host.rstrip("."))
        if answers is None:
            raise OSError
        return answers.pop(0) if len(answers) > 1 else answers[0]
