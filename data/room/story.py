"""What is seen after a step of the story, to compare with what the step expects."""

from collections.abc import Iterable

import duckdb

from data.scenario.scenario import Scenario
from data.store import log
from model import OpenTicket


def readable(cursor: duckdb.DuckDBPyConnection, story: Scenario, tenants: Iterable[str]) -> set[str]:
    """Return those of the tenants whose diagnostic data the engineer of a ticket of the story may read now."""
    tickets = [step.name for step in story.steps if step.name and isinstance(step.command, OpenTicket)]
    may = set()
    for tenant in tenants:
        cases = (log.load_case(cursor, ticket)[0] for ticket in tickets)
        if any(case.may_be_read(tenant) for case in cases if case):
            may.add(tenant)
    return may
