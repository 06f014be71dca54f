"""A policy in a link: a preset's name, or what differs from the source, as in `approval.each~visibility.Revoked-both`.

The words are those of scenario files. A link is untrusted, so it is read as strictly as a file.
"""

from collections.abc import Mapping
from typing import Any

from data.scenario.policy_format import policy_from
from data.scenario.writer import policy_differences
from model import PRESETS, SETTINGS, Policy, Side
from model.settings import Flag, VisibilityTable, Whole

_LONGEST = 400  # characters: more than all settings together need
_SIDES: Mapping[str, tuple[Side, ...]] = {
    "both": tuple(Side),
    "support": (Side.SUPPORT,),
    "resource": (Side.RESOURCE,),
    "nobody": (),
}
_FLAGS = {"yes": True, "no": False}


def policy_code(policy: Policy) -> str:
    """Return the policy's code in links; equal policies have the same code."""
    table = policy_differences(policy)
    return table.get("preset") or "~".join(f"{name}.{_written(value)}" for name, value in table.items()) or "source"


def policy_of(code: str) -> Policy:
    """Return the policy of a code in a link. Raises ValueError, which says what is wrong."""
    if code in PRESETS:
        return PRESETS[code]
    if len(code) > _LONGEST:
        raise ValueError(f"this link carries no policy: it would have at most {_LONGEST} characters")
    return policy_from({name: _read(name, value) for name, value in _entries(code, "~", ".", "policy").items()})


def _entries(text: str, between: str, after: str, place: str) -> dict[str, str]:
    """Return the keys and values of a text, split at the given separators. Raises ValueError if a key is repeated."""
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


def _read(name: str, value: str) -> Any:
    setting = SETTINGS.get(name)
    match setting and setting.kind:
        case VisibilityTable():
            seen = _entries(value, ".", "-", f"policy.{name}")
            return {status: list(_SIDES.get(word, (word,))) for status, word in seen.items()}
        case Whole():
            return int(value) if value.isdecimal() else value
        case Flag():
            return _FLAGS.get(value, value)
        case None:
            return value
        case _:
            return value.replace("-", " ")
