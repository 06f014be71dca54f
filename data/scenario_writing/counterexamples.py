"""Write a counterexample, the shortest history that breaks a promise, as a scenario that a room can play.

For a removal that can be noticed there are two scenarios, with the removal and without it, and the screens at their
ends.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from data.lens.frames import dtypes
from data.scenario.scenario import Scenario
from data.scenario_writing.counterexample_story import add_step, counterexample_story, who_is
from data.scenario_writing.story_builder import StoryBuilder
from model import Actor, AuditEntry, Member, SeenRequest, SeenTicket, visibility
from model.checker.removal_privacy import Difference
from model.checker.report import Promise, Report
from model.checker.small_world import DIRECTORY, RESOURCE


@dataclass(frozen=True, slots=True)
class Screen:
    """What the viewer who notices the difference sees at the end of a history; the frames are those of a lens."""

    heading: str
    viewer: Actor
    now: datetime
    pending: pd.DataFrame
    approved_access: pd.DataFrame
    tickets: pd.DataFrame
    audit_log: pd.DataFrame
    what: str  # the first place that differs
    found: str  # what is found there


def stories(report: Report, name: str) -> tuple[Scenario, ...]:
    """Return the counterexample of the promise of this name: one story, or two, with a removal and without it.

    Raises ValueError if the promise holds, and KeyError if there is none of this name.
    """
    broken = _broken(report, name)
    return tuple(_scenario(broken, heading, story) for heading, story, _ in _histories(report, broken))


def screens(report: Report, name: str) -> tuple[Screen, ...]:
    """Return what the viewer sees at the end of each of the two histories, or nothing if no screen differs.

    Raises as `stories` does.
    """
    broken = _broken(report, name)
    difference = broken.counterexample and broken.counterexample.difference
    if not difference:
        return ()
    return tuple(_screen(heading, story, difference, here) for heading, story, here in _histories(report, broken))


def _broken(report: Report, name: str) -> Promise:
    broken = report[name]
    if broken.counterexample is None:
        says = "holds" if broken.holds else f"has {broken.verdict}"
        raise ValueError(f"{broken.name!r} {says}: there is no counterexample")
    return broken


def _histories(report: Report, broken: Promise) -> list[tuple[str, StoryBuilder, str]]:
    """Return the counterexample's histories: for each a heading, the story, and what is found at its end."""
    assert broken.counterexample
    shown, difference = broken.counterexample, broken.counterexample.difference
    if difference is None:
        story = counterexample_story(report.policy, shown.history + shown.shows)
        story.add(f"{shown.wrong[:1].upper()}{shown.wrong[1:]}.")
        return [("", story, shown.wrong)]
    tenant, viewer = DIRECTORY.tenants[RESOURCE], difference.viewer
    others = [step.actor for step in (*difference.removed, *difference.stays)] + [viewer]
    histories = []
    for heading, history, here in (
        (f"If {tenant} removed access", difference.removed, difference.with_removal),
        (f"If {tenant} did not remove access", difference.stays, difference.without),
    ):
        story = counterexample_story(report.policy, history, others)
        if difference.asked:
            add_step(story, difference.asked, viewer)
        else:
            story.add(f"{who_is(viewer)} looks at {difference.what}: {here}.")
        histories.append((heading, story, here))
    return histories


def _scenario(broken: Promise, heading: str, story: StoryBuilder) -> Scenario:
    breaks = f"It does not hold {broken.condition}." if broken.condition else "This policy breaks it."
    summary = f"{broken.sentence} {breaks} The shortest history that shows it was found by the policy checker."
    title = f"{broken.name}: {heading[:1].lower()}{heading[1:]}" if heading else f"{broken.name}: a counterexample"
    return story.scenario(title, summary, "the counterexample")


def _screen(heading: str, story: StoryBuilder, difference: Difference, here: str) -> Screen:
    viewer, cases = difference.viewer, [story.case] if story.case else []
    lists: dict[str, Sequence[Any]] = dict.fromkeys(_ROWS, ())
    if isinstance(viewer, Member):
        seen = viewer, story.directory
        lists = {
            "pending": visibility.pending(cases, *seen, story.policy),
            "approved_access": visibility.approved_access(cases, *seen, story.policy, story.now),
            "tickets": visibility.tickets(cases, *seen),
            "audit_log": visibility.audit_log(story.events, {case.ticket_id: case for case in cases}, *seen),
        }
    frames = {name: _frame(rows, _ROWS[name]) for name, rows in lists.items()}
    return Screen(heading, viewer, story.now, what=difference.what, found=here, **frames)


_ROWS = {"pending": SeenRequest, "approved_access": SeenRequest, "tickets": SeenTicket, "audit_log": AuditEntry}


def _frame(rows: Sequence[Any], kind: type[Any]) -> pd.DataFrame:
    columns = dtypes(kind)
    return pd.DataFrame([asdict(row) for row in rows], columns=list(columns)).astype(columns)
