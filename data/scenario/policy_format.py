"""Read and write a policy in the format of a scenario file. Each setting is read and written by its kind."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from data.files.durations import duration_text
from data.files.shown import value_shown
from data.files.toml_reader import Value
from model import PRESETS, SETTINGS, Policy, Side, Status
from model.settings import Choice, Duration, Flag, Setting, VisibilityTable, Whole


def policy_from(table: Mapping[str, Any] | Value, base: Policy | None = None) -> Policy:
    """Return the policy that a `policy` table describes, as differences from its preset, or else from `base`.

    `base` is the source's policy if it is None. A program may also give a length as a timedelta, or as None.
    Raises ValueError.
    """
    return _policy(table if isinstance(table, Value) else Value(table, ("policy",)), base or PRESETS["source"])


def policy_table(policy: Policy) -> dict[str, Any]:
    """Return every setting of the policy in the format of a scenario file; `policy_from` reads it back."""
    return {name: _written(setting, getattr(policy, name)) for name, setting in SETTINGS.items()}


def without_same(table: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entries of a policy table that differ from another's, including those of nested tables."""
    return {
        name: without_same(value, base[name]) if isinstance(value, Mapping) else value
        for name, value in table.items()
        if value != base[name]
    }


def _written(setting: Setting, value: Any) -> Any:
    match setting.kind:
        case Choice():
            return str(value)
        case Duration(without=without):
            return duration_text(value) if value else without
        case VisibilityTable():
            return {str(status): [str(side) for side in Side if (status, side) in value] for status in Status}
        case Whole() | Flag():
            return value


def _policy(table: Value, base: Policy) -> Policy:
    given = table.table((), ("preset", *sorted(SETTINGS)))
    if "preset" in given:
        base = PRESETS[given.pop("preset").word(PRESETS)]
    values = {name: _read(SETTINGS[name], value, getattr(base, name)) for name, value in given.items()}
    if values:
        values |= {"title": "", "read_in": ""}
    return table.made(lambda: replace(base, **values))


def _read(setting: Setting, value: Value, base: Any) -> Any:
    match setting.kind:
        case Choice(options=options):
            return value.word(options)
        case Whole(least=least, most=most):
            return value.whole(most, least)
        case Flag():
            return value.flag()
        case VisibilityTable():
            return _visibility(value, base)
        case Duration(without=without):
            if value.it == without:
                return None
            if isinstance(value.it, timedelta | None):
                return value.it
            if not (length := value.duration(f', or is "{without}"')):
                raise value.wrong(f'must be at least 1 second, or "{without}", not {value_shown(value.it)}')
            return length


def _visibility(table: Value, base: frozenset[tuple[Status, Side]]) -> frozenset[tuple[str, str]]:
    """Return the base's table, with its sides replaced for the statuses that are given."""
    entries = table.entries()
    for sides in entries.values():
        sides.key.word(Status)
    named = {(status, side.word(Side)) for status, sides in entries.items() for side in sides.each()}
    return frozenset(named | {pair for pair in base if pair[0] not in entries})
