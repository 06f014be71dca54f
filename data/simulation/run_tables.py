"""A simulated run as the tables that `figures.sql` reads: those of a room, with fewer columns."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache

import duckdb
import numpy as np
import pandas as pd

from data.generated.columns import moments, words
from data.room.fixed_tables import fixed_tables
from data.simulation.run_events import HOME, PARTNER, STRANGER
from model import Policy, Side
from model.simulation import DIRECTORY, STATUSES, Trace

_FIXED = {
    "memberships": ["tenant", "person", "manages_support_access"],
    "visibility": ["status", "side"],
    "keys": ["key", "side"],
}


@contextmanager
def run_tables(trace: Trace, policy: Policy, now: datetime) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a cursor at which the run's tables can be read."""
    r, t = trace.requests, trace.tickets
    tenants = list(DIRECTORY.tenants)
    with _database().cursor() as db:
        rules = fixed_tables(policy, DIRECTORY)
        for table, columns in _FIXED.items():
            db.register(table, pd.DataFrame(rules[table], columns=columns))
        db.register("clock", pd.DataFrame({"now": [now]}))
        tickets = {
            "ticket_id": np.arange(len(t.opened)),
            "tenant": words(np.full(len(t.opened), HOME, np.int8), tenants),
            "opened_at": moments(t.opened),
            "closed_at": moments(t.closed),
        }
        db.register("tickets", pd.DataFrame(tickets, copy=False))
        requests = {
            "side": words(np.zeros(len(r.ticket), np.int8), [Side.RESOURCE]),
            "request_id": 2 * r.ticket + r.number - 1,
            "ticket_id": r.ticket,
            "support_request_tenant": words(np.full(len(r.ticket), HOME, np.int8), tenants),
            "resource_tenant": words(np.where(r.common, np.int8(PARTNER), np.int8(STRANGER)), tenants),
            "status": words(r.status, STATUSES),
            "requested_at": moments(r.requested),
            "decided_at": moments(r.decided),
            "changed_at": moments(r.changed),
        }
        db.register("requests", pd.DataFrame(requests, copy=False))
        yield db


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """Return the one database for all runs, each at its own cursor: to open one takes longer than a small run."""
    return duckdb.connect(config={"threads": 1})
