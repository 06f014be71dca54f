"""A policy in the words of a scenario file, read and written."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from data.files.toml_reader import Value, duration_text
from model import (
    PRESETS,
    Approval,
    HistoryFrom,
    Policy,
    Side,
    Status,
)

_WITHOUT = {"pending_expires_after": "never", "grant_lasts": "until the ticket closes"}  # what None is called


def policy_from(table: Mapping[str, Any] | Value, base: Policy | None = None) -> Policy:
    """The policy that a `policy` table states, as differences from `base` where it names no preset. Raises ValueError.

    `base` is the source's policy where it is None.
    """
    return _policy(table if isinstance(table, Value) else Value(table, ("policy",)), base or PRESETS["source"])


def policy_table(policy: Policy) -> dict[str, Any]:
    """The policy in the words of a scenario file; `policy_from` reads it back."""
    limits = {knob: getattr(policy, knob) for knob in _WITHOUT}
    return {
        "approval": str(policy.approval),
        **{knob: duration_text(limit) if limit else _WITHOUT[knob] for knob, limit in limits.items()},
        "history_days": policy.history_days,
        "history_from": str(policy.history_from),
        "visibility": {str(status): [str(side) for side in Side if policy.sees(status, side)] for status in Status},
        "ask_again_after_grant": policy.ask_again_after_grant,
    }


def _policy(table: Value, base: Policy) -> Policy:
    knobs = {f.name for f in fields(Policy)} - {"title", "read_in"}
    given = table.table((), ("preset", *sorted(knobs)))
    if "preset" in given:
        base = PRESETS[given.pop("preset").word(PRESETS)]
    values = {knob: _knob(knob, value, base) for knob, value in given.items()}
    if values:
        values |= {"title": "", "read_in": ""}
    return table.made(lambda: replace(base, **values))


def _knob(knob: str, value: Value, base: Policy) -> Any:
    match knob:
        case "approval":
            return value.word(Approval)
        case "history_from":
            return value.word(HistoryFrom)
        case "history_days":
            return value.whole()
        case "ask_again_after_grant":
            return value.flag()
        case "visibility":
            return _visibility(value, base)
        case _:
            without = _WITHOUT[knob]
            return None if value.it == without else value.duration(f', or is "{without}"')


def _visibility(table: Value, base: Policy) -> frozenset[tuple[str, str]]:
    """The base's, save for the statuses that are named: these are seen by the sides listed."""
    entries = table.entries()
    for sides in entries.values():
        sides.key.word(Status)
    named = {(status, side.word(Side)) for status, sides in entries.items() for side in sides.each()}
    return frozenset(named | {pair for pair in base.visibility if pair[0] not in entries})
