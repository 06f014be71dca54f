"""How far each assumption might be off: a low and a high plausible value, with a reason.

The ranges are this project's own, like the assumptions: nobody has measured them. Users who know better can give
others.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data.files.shown import value_shown
from data.files.toml_reader import Value
from data.simulation.arms import assumption_from
from model.simulation import Behaviour, Delay, WorkingHours

Assumed = int | float | Delay | WorkingHours | None


@dataclass(frozen=True, slots=True)
class Range:
    """A low and a high value of one assumption, and why nothing beyond them is expected."""

    low: Assumed
    high: Assumed
    reason: str = "given by the asker"


PLAUSIBLE: Mapping[str, Range] = {
    "tickets_per_day": Range(200, 800, "half and twice as many: matters if approvers keep working hours or are few"),
    "share_elsewhere": Range(0.15, 0.6, "from customers with one tenant to groups that share applications"),
    "share_advanced_diagnostics": Range(0.5, 1.0, "from a cautious half to everybody"),
    "share_with_common_administrator": Range(
        0.4, 0.98, "tenants of one company nearly always share an administrator, partners often do not"
    ),
    "ask": Range(Delay(1, 4), Delay(12, 48), "from an hour of triage to a day of it"),
    "decide": Range(Delay(2, 9), Delay(24, 96), "from a team that watches its queue to one that looks once a day"),
    "approvers_work": Range(None, WorkingHours(), "from a rota around the clock to weekdays from 8 to 18"),
    "share_rejected": Range(0.02, 0.3, "from approval as a habit to one request in three turned down"),
    "share_removed": Range(0.02, 0.4, "from grants that nobody looks at again to regular reviews"),
    "remove": Range(Delay(8, 30), Delay(96, 300), "from the same day to a weekly review"),
    "share_asked_again": Range(0.2, 0.95, "from engineers who give up to those who never do"),
    "ask_again": Range(Delay(4, 16), Delay(48, 120), "from the same day to two days later"),
    "work": Range(Delay(16, 48), Delay(96, 288), "from two days of easy problems to weeks of hard ones"),
    "slower_without_access": Range(1.5, 6.0, "from data that hardly helps to work that nearly stops without it"),
    "common_administrators": Range(90, None, "from about as many as are busy at any time to enough for all requests"),
}
"""For every assumption of `Behaviour`, in its order."""


def ranges_from(given: Mapping[str, Any] | Value | None = None) -> dict[str, Range]:
    """Return the range of each assumption to vary: PLAUSIBLE, with the given ranges in place of its own.

    `given`: by assumption, a Range, a pair (low, high), or a table with `low`, `high` and optionally `reason`; False
    keeps the assumption fixed. Raises ValueError.
    """
    table = given if isinstance(given, Value) else Value(dict(given or {}), ("sensitivity",))
    changed = {name: _range(name, value) for name, value in table.table((), PLAUSIBLE).items()}
    whole = {**PLAUSIBLE, **changed}
    return {name: its for name, its in whole.items() if its is not None}


def ranges_of_key(value: Value) -> dict[str, Range] | None:
    """Return the ranges for the key `sensitivity` of an experiment: true, false, or a table. Raises ValueError."""
    if isinstance(value.it, bool):
        return ranges_from() if value.it else None
    return ranges_from(value)


def _range(name: str, value: Value) -> Range | None:
    if value.it is False:
        return None
    if isinstance(value.it, Range):
        return value.it
    if isinstance(value.it, tuple | list):
        if len(value.it) != 2:
            raise value.wrong(f"must be a low and a high value, not {value_shown(value.it)}")
        low, high = (Value(it, value.path) for it in value.it)
        return Range(assumption(name, low), assumption(name, high))
    table = value.table(("low", "high"), ("reason",))
    reason = {"reason": table["reason"].text()} if "reason" in table else {}
    return Range(assumption(name, table["low"]), assumption(name, table["high"]), **reason)


def assumption(name: str, value: Value) -> Any:
    """Return the value of an assumption in a file; a delay may be just its median. Raises ValueError."""
    default = getattr(Behaviour(), name)
    if isinstance(default, Delay) and isinstance(value.it, int | float) and not isinstance(value.it, bool):
        return value.made(lambda: with_median(default, value.number()))
    read = assumption_from(name, value, default)
    value.made(lambda: Behaviour(**{name: read}))
    return read


def with_median(delay: Delay, median_hours: float) -> Delay:
    """Return a delay with another median and the same relative spread. Raises ValueError."""
    if delay.p90_hours is None:
        return Delay(median_hours)
    return Delay(median_hours, delay.p90_hours * median_hours / delay.median_hours)
