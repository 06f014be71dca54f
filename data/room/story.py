"""The story of a room: its progress, read from the log, and what is found after a step."""

from collections.abc import Iterable

import duckdb

from data.scenario.progress import Progress
from data.scenario.scenario import Scenario
from data.store import log
from model import Action, OpenTicket

_STEPS = """
    SELECT step, max(occurred_at), any_value(action) FILTER (action IN ('open', 'request')),
        any_value(ticket_id) FILTER (action = 'open'), any_value(request_id) FILTER (action = 'request')
    FROM log WHERE step IS NOT NULL AND seq <= ? GROUP BY step
"""


def read_progress(cursor: duckdb.DuckDBPyConnection, story: Scenario, line: int) -> Progress:
    """Return the progress of the story after a line of the log."""
    done, ids = {}, {}
    for number, at, makes, ticket, request in cursor.execute(_STEPS, [line]).fetchall():
        done[number] = at
        name = story.steps[number - 1].name if number <= len(story.steps) else None
        if name and makes:
            ids[name] = ticket if makes == Action.OPEN else request
    return Progress(story, done, {name: given for name, given in ids.items() if name != given})


def readable(cursor: duckdb.DuckDBPyConnection, progress: Progress, tenants: Iterable[str]) -> set[str]:
    """Return the tenants whose diagnostic data the engineer of one of the story's tickets may read now."""
    steps = progress.story.steps
    names = [step.name for step in steps if step.name and isinstance(step.command, OpenTicket)]
    may = set()
    for tenant in tenants:
        cases = (log.load_case(cursor, progress.id_of(name))[0] for name in names)
        if any(case.may_be_read(tenant) for case in cases if case):
            may.add(tenant)
    return may
