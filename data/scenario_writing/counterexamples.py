"""A counterexample as a story: the shortest history that breaks a property, as a scenario that a room can play.

For a removal that shows there are two, with the removal and without it, and the screens at their ends side by side.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

import pandas as pd

from data.scenario.reader import parse_scenario
from data.scenario.scenario import Scenario
from data.scenario.writer import scenario_text
from data.scenario_writing.counterexample_story import Retold, named
from model import Actor, AuditEntry, Member, SeenRequest, SeenTicket, visibility
from model.checker.removal_privacy import Difference
from model.checker.report import Property, Report
from model.checker.small_world import DIRECTORY, NOW, RESOURCE


@dataclass(frozen=True, slots=True)
class Screen:
    """What the viewer of a difference has in front at the end of a history; the frames are those of a lens."""

    heading: str
    viewer: Actor
    now: datetime
    pending: pd.DataFrame
    approved_access: pd.DataFrame
    tickets: pd.DataFrame
    audit_log: pd.DataFrame
    what: str  # the first thing that differs
    found: str  # and what it is here


def stories(report: Report, name: str) -> tuple[Scenario, ...]:
    """The counterexample of the property of this name: one story, or two, with a removal and without it.

    Raises ValueError where the property holds, and KeyError where there is none of this name.
    """
    found = _broken(report, name)
    return tuple(_scenario(found, heading, told) for heading, told, _ in _histories(report, found))


def screens(report: Report, name: str) -> tuple[Screen, ...]:
    """What the viewer sees at the end of each of the two histories; none where it is not a difference that shows.

    Raises as `stories` does.
    """
    found = _broken(report, name)
    difference = found.counterexample and found.counterexample.difference
    if not difference:
        return ()
    return tuple(_screen(heading, told, difference, here) for heading, told, here in _histories(report, found))


def _broken(report: Report, name: str) -> Property:
    found = report[name]
    if found.counterexample is None:
        raise ValueError(f"{found.name!r} holds: it has no counterexample")
    return found


def _histories(report: Report, found: Property) -> list[tuple[str, Retold, str]]:
    """The histories of the counterexample, told to their ends: a heading, and what is found then."""
    assert found.counterexample
    shown, difference = found.counterexample, found.counterexample.difference
    if difference is None:
        told = Retold(report.policy, shown.history + shown.shows)
        told.say(f"{shown.wrong[:1].upper()}{shown.wrong[1:]}.")
        return [("", told, shown.wrong)]
    tenant, looks = DIRECTORY.tenants[RESOURCE], named(difference.viewer)
    others = [act.actor for act in (*difference.removed, *difference.stays)] + [difference.viewer]
    histories = []
    for heading, history, here in (
        (f"If {tenant} removed access", difference.removed, difference.with_removal),
        (f"If {tenant} did not remove access", difference.stays, difference.without),
    ):
        told = Retold(report.policy, history, others)
        if difference.asked:
            told.does(difference.asked, difference.viewer)
        else:
            told.say(f"{looks} looks at {difference.what}: {here}.")
        histories.append((heading, told, here))
    return histories


def _scenario(found: Property, heading: str, told: Retold) -> Scenario:
    breaks = f"It does not hold {found.condition}." if found.condition else "This policy breaks it."
    summary = f"{found.sentence} {breaks} The shortest history that shows it was found by the policy checker."
    title = f"{found.name}: {heading[:1].lower()}{heading[1:]}" if heading else f"{found.name}: a counterexample"
    written = Scenario(title, summary, NOW, told.directory, told.policy, tuple(told.steps), background=None, text="")
    return parse_scenario(scenario_text(written), "the counterexample")


def _screen(heading: str, told: Retold, difference: Difference, here: str) -> Screen:
    viewer, cases = difference.viewer, [told.case] if told.case else []
    lists: dict[str, Sequence[Any]] = dict.fromkeys(_ROWS, ())
    if isinstance(viewer, Member):
        seen = viewer, told.directory
        lists = {
            "pending": visibility.pending(cases, *seen, told.policy),
            "approved_access": visibility.approved_access(cases, *seen, told.policy, told.now),
            "tickets": visibility.tickets(cases, *seen),
            "audit_log": visibility.audit_log(told.events, {case.ticket_id: case for case in cases}, *seen),
        }
    frames = {name: _frame(rows, _ROWS[name]) for name, rows in lists.items()}
    return Screen(heading, viewer, told.now, what=difference.what, found=here, **frames)


_ROWS = {"pending": SeenRequest, "approved_access": SeenRequest, "tickets": SeenTicket, "audit_log": AuditEntry}


def _frame(rows: Sequence[Any], kind: type[Any]) -> pd.DataFrame:
    columns = [field.name for field in fields(kind)]
    return pd.DataFrame([asdict(row) for row in rows], columns=columns)
