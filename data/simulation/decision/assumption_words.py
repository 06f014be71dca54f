"""Assumptions in words: what each is about, and what is assumed."""

from dataclasses import fields

from model.simulation import Behaviour, Delay, WorkingHours

AROUND_THE_CLOCK, IN_WORKING_HOURS = "around the clock", "in working hours"
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
            return f"half within {median:g} h, nine in ten within {p90:g} h"
        case WorkingHours(zone, first, last):
            return f"Monday to Friday, {first} to {last} h, {zone}"
        case None:
            return AROUND_THE_CLOCK
    return f"{100 * value:g} %" if name.startswith("share_") else f"{value:,g}"
