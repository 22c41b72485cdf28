"""The kinds of schedule that this process knows; a broken rule stops the start."""

from typing import Final

from core.plugs import BrokenPlug, load_plugs
from schedules.base import Rule, ScheduleError, Stored

COMMON_FIELDS: Final = frozenset(
    {"kind", "timezone", "ends_at", "count", "exclude", "include", "holidays", "on_holiday"}
)


def _load() -> dict[str, type[Rule]]:
    found: dict[str, type[Rule]] = {}
    for module, plug in load_plugs("schedules.rules", "RULE").items():
        if not (isinstance(plug, type) and issubclass(plug, Rule)) or plug.kind != module:
            message = f"schedules/rules/{module}.py: RULE must be a Rule whose kind is {module!r}"
            raise BrokenPlug(message)
        found[module] = plug
    return found


RULES: Final = _load()


def rule(spec: Stored) -> type[Rule]:
    """Return the rule of a schedule by its `kind`; raises ScheduleError."""
    kind = spec.get("kind")
    if isinstance(kind, str) and kind in RULES:
        return RULES[kind]
    message = f"choose one of {', '.join(RULES)}"
    raise ScheduleError(message, field="schedule.kind")


def check_fields(spec: Stored, chosen: type[Rule]) -> None:
    """Refuse fields that this kind does not take."""
    for name, value in spec.items():
        if value in (None, [], {}) or name in COMMON_FIELDS | chosen.fields:
            continue
        takes = ", ".join(sorted(COMMON_FIELDS - {"kind"} | chosen.fields))
        message = f"a schedule of kind {chosen.kind} takes only {takes}"
        raise ScheduleError(message, field=f"schedule.{name}")
