"""What a fake answers, by stage of the conversation."""

from collections import Counter, defaultdict, deque


class Script:
    """Answers told in advance: first those for once, in their order, then the standing one, then none (all is well)."""

    def __init__(self) -> None:
        self._once: dict[str, deque[str]] = defaultdict(deque)
        self._always: dict[str, str] = {}
        self.asked: Counter[str] = Counter()

    def once(self, stage: str, *answers: str) -> None:
        """Give these answers, one each time."""
        self._once[stage].extend(answers)

    def always(self, stage: str, answer: str | None) -> None:
        """Give this answer from now on; None takes it back."""
        if answer is None:
            self._always.pop(stage, None)
        else:
            self._always[stage] = answer

    def take(self, stage: str) -> str | None:
        """Return the next answer of a stage and count the question."""
        self.asked[stage] += 1
        return self._once[stage].popleft() if self._once[stage] else self._always.get(stage)
