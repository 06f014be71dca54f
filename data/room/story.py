"""What is seen after a step of the story, to compare with what the step expects."""

from collections.abc import Iterable

import duckdb

from data.lens.lens import Lens
from data.scenario.scenario import Scenario
from data.store import log
from model import OpenTicket


def statuses(lenses: Iterable[Lens]) -> dict[str, str]:
    """Return the status of each access request in Pending requests or Approved access, by its id."""
    lists = (lens.rows(name) for lens in lenses for name in ("pending", "approved_access"))
    return {row["request_id"]: row["status"] for rows in lists for row in rows}


def readable(cursor: duckdb.DuckDBPyConnection, story: Scenario, tenants: Iterable[str]) -> set[str]:
    """Return those of the tenants whose diagnostic data the engineer of a ticket of the story may read now."""
    tickets = [step.name for step in story.steps if step.name and isinstance(step.command, OpenTicket)]
    may = set()
    for tenant in tenants:
        cases = (log.load_case(cursor, ticket)[0] for ticket in tickets)
        if any(case.may_be_read(tenant) for case in cases if case):
            may.add(tenant)
    return may
