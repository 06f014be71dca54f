"""The policies that a trade-off tries by default, and the promises that a policy does not keep."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from model import Policy
from model.checker import SMALL, Bounds, check

_WHO = {"both": "one of both decides", "each": "each tenant approves", "resource": "the resource tenant decides"}
_LASTS = {
    "8 hours": "8 hours of access",
    "24 hours": "24 hours of access",
    "3 days": "3 days of access",
    "until the ticket closes": "access until the ticket closes",
}


def policies_tried() -> Mapping[str, Mapping[str, Any]]:
    """Return the default arms: who decides, how long access lasts, an expiry, and asking again."""
    plain = {
        f"{who}, {lasts}": {"approval": approval, "grant_lasts": length}
        for approval, who in _WHO.items()
        for length, lasts in _LASTS.items()
    }
    expiring = {
        f"{who}, requests expire after 4 days": {"approval": approval, "pending_expires_after": "4 days"}
        for approval, who in _WHO.items()
    }
    again = {
        f"{_WHO['both']}, {_LASTS[length]}, asked again": {"grant_lasts": length, "ask_again_after_grant": True}
        for length in ("8 hours", "24 hours")
    }
    return {name: {"policy": policy} for name, policy in {**plain, **expiring, **again}.items()}


@cache
def promises_not_kept(policy: Policy, bounds: Bounds = SMALL) -> tuple[str, ...]:
    """Return the names of the promises that are broken within the bounds, or that nothing tests."""
    return tuple(its.name for its in check(policy, bounds).promises if not (its.holds or its.condition))
