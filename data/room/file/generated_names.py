"""Copy a room with generated names, so that it can be shared without revealing whose it is."""

import secrets
from collections.abc import Mapping
from dataclasses import fields

import pandas as pd

from data.generated.directory import Names
from data.generated.ids import request_id, ticket_id
from data.generated.problems import AT_HOME, ELSEWHERE
from data.room.file.salvage import Remains
from data.scenario.renaming import Renaming
from data.scenario.scenario import Scenario
from model import Directory

_TYPED = {"title": "Support request", "reason": "Access request", "note": "A note"}
"""Replacements for texts that somebody typed, or that came from a file."""
_GENERATED = frozenset(text for row in (*AT_HOME, *ELSEWHERE) for text in row)


def with_generated_names(remains: Remains, draw: str | None = None) -> Remains:
    """Return a room in which every tenant, person and engineer has a generated name and an id made of it.

    Each has the same new name everywhere: in the log, in the story and in its texts. Support requests get new numbers.
    Titles, reasons and notes that somebody typed, or that came from a file, become "Support request", "Access request"
    and "A note"; those of the story and of generated traffic stay, with the new names. What happened, and when, stays.
    The same `draw` gives the same names; without it they are random, so that nobody can work out which belongs to whom.
    """
    whole = remains.directory
    renaming = _renaming(whole, remains.story.directory, draw or secrets.token_hex(16))
    story, lines = renaming.story(remains.story), remains.lines.copy()
    columns = {
        "person": renaming.people,
        "engineer": renaming.engineers,
        "assigned_engineer": renaming.engineers,
        "signed_in_to": renaming.tenants,
        "tenant": renaming.tenants,
    }
    for column, ids in columns.items():
        lines[column] = lines[column].map(ids)
    lines["ticket_id"], lines["request_id"] = _numbers(lines, remains)
    written = _GENERATED | _texts(remains.story)
    for column, instead in _TYPED.items():
        new = {text: renaming.text(text) if text in written else instead for text in lines[column].dropna().unique()}
        lines[column] = lines[column].map(new)
    return Remains(story, remains.seed, remains.policy, remains.opening, renaming.directory(whole), lines)


def new_title(title: str, before: Remains, after: Remains) -> str:
    """Return the room's title: the story's new one, if it had the story's title."""
    return after.story.title if title == before.story.title else "A room with generated names"


def _renaming(whole: Directory, spoken: Directory, draw: str) -> Renaming:
    """Draw a new name for everybody, none of which is in use."""
    kinds = (whole.tenants, whole.people, whole.engineers)
    names = Names(draw, (text for named in kinds for pair in named.items() for text in pair))
    tenants = {id_: names.company() for id_ in whole.tenants}
    people = {id_: names.person() for id_ in whole.people}
    engineers = {id_: names.person() for id_ in whole.engineers}
    after = Directory(dict(tenants.values()), dict(people.values()), dict(engineers.values()), {})
    return Renaming(_ids(tenants), _ids(people), _ids(engineers), before=whole, after=after, spoken=spoken)


def _ids(named: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    return {old: new for old, (new, _) in named.items()}


def _numbers(lines: pd.DataFrame, remains: Remains) -> tuple["pd.Series[str]", "pd.Series[str]"]:
    """Return new ids of tickets and requests, as the room creates them; a request of the story keeps its name."""
    opened = lines[lines["action"] == "open"]
    nth = opened.groupby("tenant").cumcount() + 1
    made = zip(opened["ticket_id"], opened["tenant"], nth, strict=True)
    tickets = {old: ticket_id(remains.seed, tenant, n) for old, tenant, n in made}
    asked = lines[lines["action"] == "request"]
    nth = asked.groupby("ticket_id").cumcount() + 1
    named = {step.name for step in remains.story.steps}
    requests = {
        old: old if old in named else request_id(remains.seed, tickets[ticket], n)
        for old, ticket, n in zip(asked["request_id"], asked["ticket_id"], nth, strict=True)
    }
    return lines["ticket_id"].map(tickets), lines["request_id"].map(requests)


def _texts(story: Scenario) -> set[str]:
    """Return the titles, reasons and notes in the story."""
    commands = [step.command for step in story.steps if step.command]
    return {getattr(one, it.name) for one in commands for it in fields(one) if it.name in _TYPED}
