"""Assumptions in words: their subject and their value."""

import re
from collections.abc import Mapping
from dataclasses import fields

from data.simulation.arms import AROUND_THE_CLOCK, ENOUGH
from model.simulation import Behaviour, Delay, WorkingHours

_ABOUT = {it.name: str(it.metadata["says"]).partition(";")[0] for it in fields(Behaviour)}


def about(name: str) -> str:
    """Return what the assumption of this name is about: "decisions of an approver that are a rejection"."""
    return _ABOUT[name]


def said(name: str, value: float | Delay | WorkingHours | None) -> str:
    """Return the value of an assumption: "85 %", "half within 9 h, nine in ten within 42 h"."""
    match value:
        case Delay(median, None):
            return f"half within {median:g} h, without memory"
        case Delay(median, p90):
            return f"half within {median:g} h, nine in ten within {f'{p90:.1f}'.removesuffix('.0')} h"
        case WorkingHours(zone, first, last):
            return f"Monday to Friday, {first} to {last} h, {zone}"
        case None:
            return ENOUGH if name == "common_administrators" else AROUND_THE_CLOCK
    return f"{100 * value:g} %" if name.startswith("share_") else f"{value:,g}"


_BRIEF: Mapping[str, str] = {
    "tickets_per_day": "tickets a day",
    "share_elsewhere": "problems in another tenant",
    "share_advanced_diagnostics": "advanced diagnostics allowed",
    "share_with_common_administrator": "pairs with a common administrator",
    "ask": "time until access is asked for",
    "decide": "time to decide",
    "approvers_work": "approvers’ hours",
    "share_rejected": "decisions that reject",
    "share_removed": "grants that are removed",
    "remove": "time until removal",
    "share_asked_again": "requests asked again",
    "ask_again": "time until asked again",
    "work": "work on a ticket",
    "slower_without_access": "slower without the data",
    "common_administrators": "administrators of both",
}


def brief(name: str) -> str:
    """Return the assumption of this name in a few words, for a chart."""
    return _BRIEF[name]


def brief_value(words: str) -> str:
    """Return a shorter form of a value from `said`: "9 h", "weekdays"."""
    if found := re.match(r"half within ([0-9.,e+]+ h)", words):
        return found[1]
    return "weekdays" if words.startswith("Monday") else words
