"""What is swept: a setting of the policy or an assumption, with its values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any

from data.files.durations import duration_text
from data.files.shown import value_shown
from data.files.toml_reader import Value
from data.scenario.policy_format import policy_from
from data.simulation.arms import Arm
from data.simulation.decision.assumption_words import about, said
from data.simulation.decision.ranges import PLAUSIBLE, assumption
from model import SETTINGS
from model.settings import Choice, Duration, Flag, VisibilityTable, Whole
from model.simulation import Behaviour, Delay

KNOBS = (
    *(name for name, its in SETTINGS.items() if not isinstance(its.kind, VisibilityTable)),
    *(it.name for it in fields(Behaviour)),
)
"""What can be swept: settings of the policy and assumptions, by name."""
FEWEST, MOST = 2, 24  # values
_STEPS = 5  # of an assumption


@dataclass(frozen=True, slots=True)
class Knob:
    """A setting of the policy or an assumption, and its values in their order."""

    name: str
    values: tuple[Any, ...]

    @property
    def about(self) -> str:
        """Its description in plain words."""
        return SETTINGS[self.name].label if self.name in SETTINGS else about(self.name)

    @property
    def words(self) -> tuple[str, ...]:
        """Its values in plain words."""
        return tuple(value_in_words(self.name, value) for value in self.values)

    def of(self, arm: Arm) -> Any:
        """Return the arm's value."""
        return getattr(arm.policy if self.name in SETTINGS else arm.behaviour, self.name)

    def put(self, arm: Arm, value: Any) -> Arm:
        """Return the arm with another value. Raises ValueError."""
        change = {self.name: value}
        if self.name in SETTINGS:
            return replace(arm, policy=replace(arm.policy, **change, title="", read_in=""))
        return replace(arm, behaviour=replace(arm.behaviour, **change))


def knobs_from(given: Mapping[str, Any] | Value, key: str, most: int) -> tuple[Knob, ...]:
    """Return up to `most` knobs, each with its values: a list, or for numbers a table with `from`, `to` and `steps`.

    A setting's value is given as in a scenario, an assumption's as in an experiment; a delay may be just its median in
    hours. Raises ValueError, with `key` as the path.
    """
    table = given if isinstance(given, Value) else Value(dict(given), (key,))
    entries = table.entries()
    for value in entries.values():
        value.key.word(KNOBS)
    if not 1 <= len(entries) <= most:
        raise table.wrong(f"must have 1 to {most} settings or assumptions, not {len(entries)}")
    return tuple(Knob(name, _values(name, value)) for name, value in entries.items())


def usual_knob(name: str) -> Knob:
    """Return a knob with default values: all choices, usual durations, or five steps."""
    if name not in SETTINGS:
        its = PLAUSIBLE[name]
        ends = numbers([its.low, its.high])
        return knob_of(name, {"from": ends[0], "to": ends[1], "steps": _STEPS} if ends else [its.low, its.high])
    match SETTINGS[name].kind:
        case Choice(options=options):
            return knob_of(name, [str(option) for option in options])
        case Duration(usual=usual, without=without):
            return knob_of(name, [*usual, without])
        case Flag():
            return knob_of(name, [False, True])
        case _:
            return knob_of(name, [7, 30, 90])


def knob_of(name: str, values: Any) -> Knob:
    """Return one knob; see `knobs_from`. Raises ValueError."""
    return knobs_from({name: values}, "sweep", 1)[0]


def _values(name: str, value: Value) -> tuple[Any, ...]:
    if isinstance(value.it, Mapping):
        each = _steps(value)
    else:
        each = [Value(it, (*value.path, n)) for n, it in enumerate(_listed(value))]
    found = tuple(dict.fromkeys(_value(name, it) for it in each))
    if not FEWEST <= len(found) <= MOST:
        raise value.wrong(f"must have {FEWEST} to {MOST} different values, not {len(found)}")
    return found


def _listed(value: Value) -> list[Any]:
    if not isinstance(value.it, list | tuple):
        raise value.wrong(f"must be a list of values, or a table with from, to and steps, not {value_shown(value.it)}")
    return list(value.it)


def _steps(value: Value) -> list[Value]:
    table = value.table(("from", "to", "steps"))
    first, last, steps = table["from"].number(), table["to"].number(), table["steps"].whole(MOST, FEWEST)
    return [Value(round(first + (last - first) * n / (steps - 1), 10), value.path) for n in range(steps)]


def _value(name: str, value: Value) -> Any:
    """Return a value in the form of the policy or the behaviour."""
    if name not in SETTINGS:
        return assumption(name, value)
    plain = Value(int(value.it), value.path) if isinstance(value.it, float) and value.it.is_integer() else value
    read = value.made(lambda: policy_from({name: plain.it}))
    return getattr(read, name)


def value_in_words(name: str, value: Any) -> str:
    """Return a value of a setting or an assumption in plain words: "8 hours", "85 %"."""
    if name not in SETTINGS:
        return said(name, value)
    match SETTINGS[name].kind:
        case Choice(words=words):
            return words[value]
        case Duration(without=without):
            return duration_text(value) if value else without
        case Flag() as kind:
            return kind.yes if value else kind.no
        case Whole() | VisibilityTable():
            return str(value)


def numbers(values: Sequence[Any]) -> list[float] | None:
    """Return values as numbers, with durations and medians in hours; None if one of them is not a number."""
    found = [_number(value) for value in values]
    return None if None in found else [number for number in found if number is not None]


def _number(value: Any) -> float | None:
    match value:
        case bool() | str() | None:
            return None
        case timedelta():
            return value.total_seconds() / 3600
        case Delay(median, _):
            return float(median)
        case int() | float():
            return float(value)
    return None
