"""A policy in a link: a preset's name, or what is not as in the source, as in `approval.each~visibility.Revoked-both`.

The words are those of scenario files. Whatever comes out of a link was written by anybody, and is read as strictly.
"""

from collections.abc import Mapping
from typing import Any

from data.scenario.policy_format import policy_from
from data.scenario.writer import policy_differences
from model import PRESETS, Policy, Side

_LONGEST = 400  # characters: more than all knobs together need
_SIDES: Mapping[str, tuple[Side, ...]] = {
    "both": tuple(Side),
    "support": (Side.SUPPORT,),
    "resource": (Side.RESOURCE,),
    "nobody": (),
}
_FLAGS = {"yes": True, "no": False}


def policy_code(policy: Policy) -> str:
    """The policy as a link carries it; equal policies have one code."""
    knobs = policy_differences(policy)
    return knobs.get("preset") or "~".join(f"{knob}.{_written(value)}" for knob, value in knobs.items()) or "source"


def policy_of(code: str) -> Policy:
    """The policy that a link carries. Raises ValueError, which says what is wrong with it."""
    if code in PRESETS:
        return PRESETS[code]
    if len(code) > _LONGEST:
        raise ValueError(f"this link carries no policy: it would have at most {_LONGEST} characters")
    return policy_from({knob: _read(knob, value) for knob, value in _entries(code, "~", ".", "policy").items()})


def _entries(text: str, between: str, after: str, place: str) -> dict[str, str]:
    """Keys and values, by the signs between entries and after a key. Raises ValueError where a key comes again."""
    found: dict[str, str] = {}
    for entry in text.split(between):
        key, _, value = entry.partition(after)
        if key in found:
            raise ValueError(f"{place}.{key}: was said before")
        found[key] = value
    return found


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        sides = {tuple(sides): word for word, sides in _SIDES.items()}
        return ".".join(f"{status}-{sides[tuple(seen)]}" for status, seen in value.items())
    return str(value).replace(" ", "-")


def _read(knob: str, value: str) -> Any:
    match knob:
        case "visibility":
            seen = _entries(value, ".", "-", "policy.visibility")
            return {status: list(_SIDES.get(word, (word,))) for status, word in seen.items()}
        case "history_days":
            return int(value) if value.isdecimal() else value
        case "ask_again_after_grant":
            return _FLAGS.get(value, value)
        case _:
            return value.replace("-", " ") if knob != "preset" else value
