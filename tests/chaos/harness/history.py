"""The judge: what was promised against what arrived, as pure functions of two histories."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

# Of clocks read in two processes.
TOLERANCE = 0.05
# An attempt that was under way when somebody cancelled may end within its deadline, and a second for the answer.
UNDER_WAY = 16.0


@dataclass(frozen=True, slots=True)
class Expected:
    """One message that an accepted reminder owes: its title, and when it is due, in seconds since 1970."""

    name: str
    at: float


@dataclass(frozen=True, slots=True)
class Received:
    """One message that a sink accepted, and when."""

    name: str
    delivery_id: str
    at: float


@dataclass(slots=True)
class Verdict:
    """What is wrong; `lateness` and `duplicates` are told in any case."""

    lost: set[str] = field(default_factory=set)
    unexpected: set[str] = field(default_factory=set)
    early: set[str] = field(default_factory=set)
    after_cancel: set[str] = field(default_factory=set)
    doubled: set[str] = field(default_factory=set)
    """Sent more often than attempts of unknown outcome explain, or under two delivery ids."""
    duplicates: int = 0
    lateness: list[float] = field(default_factory=list)

    @property
    def faults(self) -> dict[str, list[str]]:
        """Every broken promise with the titles concerned; empty when all were kept."""
        kinds = ("lost", "unexpected", "early", "after_cancel", "doubled")
        return {kind: sorted(getattr(self, kind)) for kind in kinds if getattr(self, kind)}

    @property
    def latest(self) -> float:
        """The greatest lateness in seconds."""
        return max(self.lateness, default=0.0)


def judge(
    expected: Iterable[Expected],
    received: Iterable[Received],
    *,
    unknown: Mapping[str, int] | None = None,
    cancelled: Mapping[str, float] | None = None,
    maybe: Iterable[Expected] = (),
) -> Verdict:
    """Compare two histories.

    `unknown` counts the attempts of unknown outcome by delivery id. `cancelled` says when a title was finally
    cancelled; `maybe` names what a client was told nothing about, and which may have happened or not.
    """
    due = {each.name: each.at for each in expected}
    unsure = {each.name: each.at for each in maybe}
    cancelled = cancelled or {}
    verdict = Verdict()
    by_name: dict[str, list[Received]] = defaultdict(list)
    for each in received:
        by_name[each.name].append(each)
    for name, messages in by_name.items():
        at = due.get(name, unsure.get(name))
        if at is None:
            verdict.unexpected.add(name)
            continue
        _look(verdict, name, at, messages, unknown or {}, cancelled.get(name))
    verdict.lost = {name for name in due if name not in by_name and name not in cancelled}
    return verdict


def _look(
    verdict: Verdict,
    name: str,
    at: float,
    messages: list[Received],
    unknown: Mapping[str, int],
    cancelled_at: float | None,
) -> None:
    times = sorted(message.at for message in messages)
    ids = Counter(message.delivery_id for message in messages)
    verdict.lateness.append(times[0] - at)
    verdict.duplicates += len(messages) - 1
    if times[0] < at - TOLERANCE:
        verdict.early.add(name)
    if len(ids) > 1 or any(count - 1 > unknown.get(delivery, 0) for delivery, count in ids.items()):
        verdict.doubled.add(name)
    # Cancelled before it was due, it must never come; afterwards only what was under way may.
    if cancelled_at is not None and (cancelled_at < at or times[-1] > cancelled_at + UNDER_WAY):
        verdict.after_cancel.add(name)
