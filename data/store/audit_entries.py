"""The tenants' audit logs as they are stored: a row for each tenant that logs a line of the room's log."""

from collections.abc import Iterable, Iterator
from typing import Any

import duckdb

from data.store.log import insert_values
from model import AUDIT, Case, Event, Member, Side

COLUMNS = (
    *("tenant", "side", "seq", "occurred_at", "action", "to_status", "ticket_id", "request_id"),
    *("support_request_tenant", "resource_tenant", "person", "note"),
)


def append_audit_entries(
    cursor: duckdb.DuckDBPyConnection, case: Case, lines: Iterable[tuple[int, Event]], *, most: int = 0
) -> None:
    """Write what the tenants log about events of a case, given with their lines of the log; `case` is after them.

    It takes as long as writing `most` rows (constant time).
    """
    rows = [row for seq, event in lines for row in _entries(case, seq, event)]
    insert_values(cursor, "audit_entries", COLUMNS, rows, most=most)


def _entries(case: Case, seq: int, event: Event) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of an event, in the order of the table's columns."""
    request = case.request(event.request_id) if event.request_id else None
    if request is None or event.to_status is None:
        return
    tenants = {Side.SUPPORT: case.tenant, Side.RESOURCE: request.resource_tenant}
    person = event.actor.person if isinstance(event.actor, Member) else None
    what = (event.occurred_at, str(event.action), str(event.to_status), event.ticket_id, request.id)
    for row in AUDIT:
        if (row.action, row.to_status) == (event.action, event.to_status):
            yield (
                tenants[row.side],
                str(row.side),
                seq,
                *what,
                case.tenant,
                request.resource_tenant,
                person,
                event.note,
            )
