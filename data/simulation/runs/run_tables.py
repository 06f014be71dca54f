"""Provide a simulated run as the tables that `figures.sql` reads: those of a room, with fewer columns."""

import atexit
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from data.generated.columns import moments, words
from data.room.file.fixed_tables import fixed_tables
from data.simulation.runs.run_events import HOME, PARTNER, STRANGER
from model import Policy, Side, Status
from model.simulation import DIRECTORY, NEVER, STATUSES, Trace
from model.simulation.trace import STATUS

_WORD, _FLAG, _NUMBER = pa.string(), pa.bool_(), pa.int64()
_FIXED = {
    "memberships": pa.schema({"tenant": _WORD, "person": _WORD, "manages_support_access": _FLAG}),
    "visibility": pa.schema({"status": _WORD, "side": _WORD}),
    "keys": pa.schema({"key": _NUMBER, "side": _WORD}),
}
_TENANTS = list(DIRECTORY.tenants)
GIVEN = ("asked", "pairs", "first_requests")
"""Relations of `data.lens.sql.SHARED` that come directly from a run's trace, without grouping access requests."""
_OF_FIRST = ["requested_at", "decided_at", "changed_at", "status", "support_request_tenant", "resource_tenant"]
_GRANTED = np.isin(STATUSES, [Status.APPROVED, Status.REVOKED, Status.COMPLETED])  # by the code of a status


class _Relation:
    """A relation of a cursor. DuckDB asks it for its rows, by Arrow's PyCapsule interface, whenever they are read.

    So its rows can be replaced, and a statement about it is planned only once.
    """

    def __init__(self, rows: pa.Table) -> None:
        self.rows = rows

    def __arrow_c_schema__(self) -> object:
        return self.rows.schema.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.rows.__arrow_c_stream__(requested_schema)


_free: deque[tuple[duckdb.DuckDBPyConnection, dict[str, _Relation]]] = deque()
"""Idle cursors from earlier calls, with their relations."""


@contextmanager
def run_tables(trace: Trace, policy: Policy, now: datetime) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a cursor at which the run's tables can be read."""
    with _database().cursor() as db:
        for name, rows in _tables(trace, policy, now).items():
            db.register(name, _Relation(rows))
        yield db


@contextmanager
def lent_tables(trace: Trace, policy: Policy, now: datetime) -> Iterator[duckdb.DuckDBPyConnection]:
    """Lend a reused cursor at which the run's tables can be read; it keeps the plans of statements.

    It is for reading only.
    """
    tables = _tables(trace, policy, now)
    try:
        db, relations = _free.pop()
    except IndexError:
        db, relations = _database().cursor(), {name: _Relation(rows) for name, rows in tables.items()}
        for name, relation in relations.items():
            db.register(name, relation)
    for name, rows in tables.items():
        relations[name].rows = rows
    yield db
    for relation in relations.values():
        relation.rows = relation.rows.schema.empty_table()  # so that it does not keep the run's memory
    _free.append((db, relations))


def _tables(trace: Trace, policy: Policy, now: datetime) -> Mapping[str, pa.Table]:
    requests = request_columns(trace)
    first = trace.requests.number == 1
    sides = words(np.zeros(len(first), np.int8), [Side.RESOURCE])
    return {
        **_rules(policy),
        "clock": pa.table({"now": np.array([now], "datetime64[us]")}),
        "tickets": pa.table(ticket_columns(trace)),
        "requests": pa.table(requests | {"side": sides}),
        "first_requests": pa.table({name: requests[name][first] for name in _OF_FIRST}),
        **{name: pa.table(columns) for name, columns in _by_ticket(trace).items()},
    }


def ticket_columns(trace: Trace) -> dict[str, Any]:
    """Return the tickets as they are in a room, with fewer columns."""
    t = trace.tickets
    return {
        "ticket_id": np.arange(len(t.opened)),
        "tenant": words(np.full(len(t.opened), HOME, np.int8), _TENANTS),
        "opened_at": moments(t.opened),
        "closed_at": moments(t.closed),
    }


def request_columns(trace: Trace) -> dict[str, Any]:
    """Return the access requests as they are in a room, with fewer columns."""
    r = trace.requests
    return {
        "request_id": 2 * r.ticket + r.number - 1,
        "ticket_id": r.ticket,
        "support_request_tenant": words(np.full(len(r.ticket), HOME, np.int8), _TENANTS),
        "resource_tenant": words(np.where(r.common, np.int8(PARTNER), np.int8(STRANGER)), _TENANTS),
        "status": words(r.status, STATUSES),
        "requested_at": moments(r.requested),
        "decided_at": moments(r.decided),
        "changed_at": moments(r.changed),
    }


def _by_ticket(trace: Trace) -> dict[str, dict[str, Any]]:
    """Return the columns of `asked` and `pairs`. A ticket has one or two access requests, both for the same tenant."""
    r = trace.requests
    first, second = (np.flatnonzero(r.number == number) for number in (1, 2))
    ticket = r.ticket[first]
    place = np.empty(len(trace.tickets.opened), np.int32)
    place[ticket] = np.arange(len(ticket), dtype=np.int32)
    again = place[r.ticket[second]]
    approved = np.where(_GRANTED[r.status], r.decided, NEVER)
    granted, last = approved[first], r.requested[first]
    granted[again] = np.minimum(granted[again], approved[second])
    last[again] = r.requested[second]
    removed = r.status[first] == STATUS[Status.REVOKED]
    removed[again] |= r.status[second] == STATUS[Status.REVOKED]
    approval, closing = moments(granted), moments(trace.tickets.closed[ticket])
    return {
        "asked": {
            "ticket_id": ticket,
            "asked_at": moments(r.requested[first]),
            "granted_at": approval,
            "closed_at": closing,
        },
        "pairs": {
            "ticket_id": ticket,
            "approved_at": approval,
            "last_asked_at": moments(last),
            "removed": removed,
            "closed_at": closing,
        },
    }


@lru_cache(maxsize=64)
def _rules(policy: Policy) -> dict[str, pa.Table]:
    """Return the tables that are the same for every run under a policy."""
    rules = fixed_tables(policy, DIRECTORY)
    return {table: pa.Table.from_pylist(rules[table], columns) for table, columns in _FIXED.items()}


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """Return the shared database of all runs, each with its own cursor: opening one takes longer than a small run."""
    atexit.register(_close)
    return duckdb.connect(config={"threads": 1})


def _close() -> None:
    """Close the database and all cursors: DuckDB complains about open ones at exit."""
    while _free:
        _free.pop()[0].close()
    _database().close()
    _database.cache_clear()
