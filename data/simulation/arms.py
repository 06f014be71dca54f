"""The arms of an experiment: each has a name, and changes the policy or the behaviour of a base."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from data.files.shown import value_shown
from data.files.toml_reader import Value
from data.scenario.find import find_policy
from data.scenario.policy_format import policy_from
from model import PRESETS, Policy
from model.simulation import Behaviour, Delay, WorkingHours
from model.simulation.behaviour import MOST_ADMINISTRATORS

MOST = 24  # arms
CHANGES = ("policy", "behaviour")
"""What an arm can change."""
AROUND_THE_CLOCK, ENOUGH = "around the clock", "enough"
"""The words for None in files: for when approvers work, and for how many administrators there are."""
_USUAL = Behaviour()


@dataclass(frozen=True, slots=True)
class Arm:
    """One of the worlds that are compared."""

    name: str
    policy: Policy = PRESETS["source"]
    behaviour: Behaviour = field(default_factory=Behaviour)


def arms_of(arms: Mapping[str, Any], base: Mapping[str, Any] | Policy | str | None = None) -> tuple[Arm, ...]:
    """Return the arms, given by name as differences from the base; see `compare`. Raises ValueError."""
    check_names(list(arms))
    common = arm_from("base", _changes(base or {}, ("base",)))
    return tuple(arm_from(name, _changes(given, ("arms", name)), common) for name, given in arms.items())


def _changes(given: Any, path: tuple[str, ...]) -> dict[str, Value]:
    """Return what an arm changes, by the names in CHANGES; a policy may be given alone."""
    alone = isinstance(given, Policy | str)
    return Value({"policy": given} if alone else given, path).table((), CHANGES)


def check_names(names: Sequence[Any]) -> None:
    """Raise ValueError if arms cannot have these names, or if there are too many."""
    if not 1 <= len(names) <= MOST:
        raise ValueError(f"1 to {MOST} arms can be compared, not {len(names)}")
    for name in names:
        if not isinstance(name, str) or not name.strip() or len(name) > 80 or not name.isprintable():
            raise ValueError(f"the name of an arm has 1 to 80 characters on one line, not {value_shown(name)}")


def arm_from(name: str, given: Mapping[str, Value], base: Arm | None = None) -> Arm:
    """Return the arm that makes these changes, by the names in CHANGES, in the base. Raises ValueError."""
    base = base or Arm("base")
    return Arm(
        name,
        _policy(given["policy"], base.policy) if "policy" in given else base.policy,
        _behaviour(given["behaviour"], base.behaviour) if "behaviour" in given else base.behaviour,
    )


def _policy(given: Value, base: Policy) -> Policy:
    if isinstance(given.it, Policy):
        return given.it
    if isinstance(given.it, str):
        return given.made(lambda: find_policy(given.it))
    return policy_from(given, base)


def _behaviour(given: Value, base: Behaviour) -> Behaviour:
    if isinstance(given.it, Behaviour):
        return given.it
    table = given.table((), (assumption.name for assumption in fields(Behaviour)))
    values = {name: assumption_from(name, value, getattr(base, name)) for name, value in table.items()}
    return given.made(lambda: replace(base, **values))


def assumption_from(name: str, value: Value, base: Any) -> Any:
    """Return the number, delay or working hours in a value; a table changes only the fields that it names."""
    kind = type(getattr(_USUAL, name))
    if name == "common_administrators":
        return None if value.it in (None, ENOUGH) else value.whole(MOST_ADMINISTRATORS, 1)
    if kind is float:
        return float(value.number())
    if kind is Delay:
        if isinstance(value.it, Delay):
            return value.it
        table = value.table(("median_hours",), ("p90_hours",))
        return value.made(lambda: Delay(**{key: float(hours.number()) for key, hours in table.items()}))
    if value.it is None or value.it == AROUND_THE_CLOCK:
        return None
    if isinstance(value.it, WorkingHours):
        return value.it
    if isinstance(value.it, str):
        raise value.wrong(f'working hours are a table, or "{AROUND_THE_CLOCK}", not {value_shown(value.it)}')
    table = value.table((), (f.name for f in fields(WorkingHours)))
    read = {key: it.text() if key == "zone" else it.whole() for key, it in table.items()}
    return value.made(lambda: replace(base or WorkingHours(), **read))
