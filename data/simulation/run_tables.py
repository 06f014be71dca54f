"""A simulated run as the tables that `figures.sql` reads: those of a room, with fewer columns."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from data.generated.columns import moments, words
from data.room.fixed_tables import fixed_tables
from data.simulation.run_events import HOME, PARTNER, STRANGER
from model import Policy, Side, Status
from model.simulation import DIRECTORY, NEVER, STATUSES, Trace
from model.simulation.trace import STATUS

_FIXED = {
    "memberships": ["tenant", "person", "manages_support_access"],
    "visibility": ["status", "side"],
    "keys": ["key", "side"],
}
_TENANTS = list(DIRECTORY.tenants)
GIVEN = ("asked", "pairs", "first_requests")
"""Relations of `data.lens.sql.SHARED` that a run's trace gives at once, without grouping its access requests."""
_OF_FIRST = ["requested_at", "decided_at", "changed_at", "status", "support_request_tenant", "resource_tenant"]
_GRANTED = np.isin(STATUSES, [Status.APPROVED, Status.REVOKED, Status.COMPLETED])  # by the code of a status


@contextmanager
def run_tables(trace: Trace, policy: Policy, now: datetime) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a cursor at which the run's tables can be read."""
    with _database().cursor() as db:
        for table, rows in _rules(policy).items():
            db.register(table, rows)
        db.register("clock", {"now": np.array([now], "datetime64[us]")})
        db.register("tickets", ticket_frame(trace))
        requests = request_frame(trace)
        db.register("requests", requests.assign(side=_resource_side(len(requests))))
        db.register("first_requests", requests.loc[trace.requests.number == 1, _OF_FIRST])
        for table, columns in _by_ticket(trace).items():
            db.register(table, columns)
        yield db


def ticket_frame(trace: Trace) -> pd.DataFrame:
    """Return the tickets as they are in a room, with fewer columns."""
    t = trace.tickets
    columns = {
        "ticket_id": np.arange(len(t.opened)),
        "tenant": words(np.full(len(t.opened), HOME, np.int8), _TENANTS),
        "opened_at": moments(t.opened),
        "closed_at": moments(t.closed),
    }
    return pd.DataFrame(columns, copy=False)


def request_frame(trace: Trace) -> pd.DataFrame:
    """Return the access requests as they are in a room, with fewer columns."""
    r = trace.requests
    columns = {
        "request_id": 2 * r.ticket + r.number - 1,
        "ticket_id": r.ticket,
        "support_request_tenant": words(np.full(len(r.ticket), HOME, np.int8), _TENANTS),
        "resource_tenant": words(np.where(r.common, np.int8(PARTNER), np.int8(STRANGER)), _TENANTS),
        "status": words(r.status, STATUSES),
        "requested_at": moments(r.requested),
        "decided_at": moments(r.decided),
        "changed_at": moments(r.changed),
    }
    return pd.DataFrame(columns, copy=False)


def _resource_side(requests: int) -> Any:
    return words(np.zeros(requests, np.int8), [Side.RESOURCE])


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
def _rules(policy: Policy) -> dict[str, pd.DataFrame]:
    """Return the tables that are the same for every run under a policy."""
    rules = fixed_tables(policy, DIRECTORY)
    return {table: pd.DataFrame(rules[table], columns=columns) for table, columns in _FIXED.items()}


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """Return the one database for all runs, each at its own cursor: to open one takes longer than a small run."""
    return duckdb.connect(config={"threads": 1})
