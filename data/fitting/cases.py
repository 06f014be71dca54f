"""The cases to estimate a behaviour from: tickets, access requests and decisions, as columns."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model import Approval, Directory, Policy, Status
from model.rules import may_ask
from model.simulation import NEVER, seconds

Seconds = NDArray[np.int64]
Flags = NDArray[np.bool_]

NEEDED = (
    *("seq", "occurred_at", "action", "ticket_id", "request_id", "signed_in_to", "from_status", "to_status"),
    *("tenant", "advanced_diagnostics"),
)
"""The columns that events must have; the log of a room and of a simulated run has them."""

_TICKETS = """
SELECT
    row_number() OVER (ORDER BY opened) - 1 AS place, *
FROM (
    SELECT
        ticket_id, any_value(tenant) FILTER (action = 'open') AS tenant,
        min(epoch(occurred_at)) FILTER (action = 'open') AS opened,
        min(epoch(occurred_at)) FILTER (action = 'close') AS closed,
        any_value(advanced_diagnostics) FILTER (action = 'open') AS advanced
    FROM log WHERE action IN ('open', 'close') AND ticket_id IS NOT NULL GROUP BY ticket_id
) WHERE opened IS NOT NULL ORDER BY place
"""
_REQUESTS = """
SELECT
    place, request_id, t.tenant AS support, resource, asked, settled, decided, approved, ended, removed, closed, status,
    row_number() OVER (PARTITION BY place ORDER BY asked, seq) AS number
FROM (
    SELECT
        ticket_id, request_id, min(seq) AS seq, any_value(tenant) FILTER (action = 'request') AS resource,
        min(happened) FILTER (action = 'request') AS asked,
        min(happened) FILTER (from_status = 'Pending' AND to_status <> 'Pending') AS settled,
        min(happened) FILTER (action IN ('approve', 'reject') AND to_status <> 'Pending') AS decided,
        min(happened) FILTER (to_status = 'Approved') AS approved,
        min(happened) FILTER (from_status = 'Approved') AS ended,
        bool_or(action = 'revoke') AS removed, arg_max(to_status, seq) AS status
    FROM (SELECT *, epoch(occurred_at) AS happened FROM log WHERE request_id IS NOT NULL)
    GROUP BY ticket_id, request_id
) JOIN tickets AS t USING (ticket_id) WHERE asked IS NOT NULL ORDER BY place, number
"""
_DECISIONS = """
SELECT
    request_id, epoch(occurred_at) AS decided, action = 'reject' AS rejects, signed_in_to = r.support AS by_support
FROM log JOIN requests AS r USING (request_id) WHERE action IN ('approve', 'reject') ORDER BY decided
"""


@dataclass(frozen=True)
class Cases:
    """What happened, as columns; times in whole seconds since 1970, NEVER for what had not happened by `now`."""

    now: int
    opened: Seconds  # of each ticket, ascending
    closed: Seconds
    advanced: NDArray[np.float64]  # 1 or 0; NaN if unknown
    requests: Mapping[str, Any]  # columns of each access request: place (of its ticket), number (from 1), asked, …
    decides: Mapping[str, Any]  # of each approver whose decision a request needs: begins, ends, rejects, in_sight
    decided_at: Seconds  # of each decision
    rejections: int
    common: Flags | None  # of each request: somebody administers both tenants; None if unknown

    @property
    def tickets(self) -> int:
        """How many there are."""
        return len(self.opened)


def cases_of(events: pd.DataFrame, now: datetime | None, policy: Policy, directory: Directory | None) -> Cases:
    """Return the cases of a log. `now`: the end of the observation; None: the last event.

    Raises ValueError if a column is missing or no ticket was opened.
    """
    if missing := [name for name in NEEDED if name not in events]:
        raise ValueError(f"these are no events: there is no column {', '.join(map(repr, missing))}")
    with duckdb.connect(config={"threads": 1}) as db:
        db.register("events", events[list(NEEDED)])
        db.execute("CREATE TABLE log AS FROM events")
        db.execute(f"CREATE TABLE tickets AS {_TICKETS}")
        db.execute(f"CREATE TABLE requests AS {_REQUESTS}")
        tickets, requests = (db.table(name).df() for name in ("tickets", "requests"))
        decisions = db.execute(_DECISIONS).df()
    if tickets.empty:
        raise ValueError("no ticket was opened: there is nothing to learn from")
    last = seconds(now) if now else seconds(pd.Timestamp(events["occurred_at"].max()).to_pydatetime())
    columns = {
        name: requests[name].to_numpy(np.int64) if name in ("place", "number") else _moments(requests[name])
        for name in ("place", "number", "asked", "settled", "decided", "approved", "ended", "closed")
    }
    again = {status: may_ask([Status(status)], policy) for status in requests["status"].unique()}
    columns["may_ask_again"] = requests["status"].map(again).to_numpy(np.bool_)
    columns["removed"] = requests["removed"].fillna(False).to_numpy(np.bool_)
    return Cases(
        last,
        _moments(tickets["opened"]),
        _moments(tickets["closed"]),
        tickets["advanced"].astype("float64").to_numpy(),
        columns,
        _decides(requests, decisions, policy, last),
        _moments(decisions["decided"]),
        int(decisions["rejects"].sum()),
        _common(requests, directory),
    )


def _moments(column: pd.Series) -> Seconds:
    at: Seconds = column.fillna(float(NEVER)).to_numpy(np.float64).astype(np.int64)
    return at


def _decides(requests: pd.DataFrame, decisions: pd.DataFrame, policy: Policy, now: int) -> Mapping[str, Any]:
    """Return the time for which each needed decision was pending, and whether a decision ended it (or it is censored).

    `place`: of the request in `requests`.
    """
    until = np.minimum(_moments(requests["settled"]), now)
    sides = [True, False] if policy.approval is Approval.EACH else [None]
    parts = []
    for side in sides:
        of_side = decisions if side is None else decisions[decisions["by_support"] == side]
        first = of_side.groupby("request_id", observed=True)["decided"].min()
        at = _moments(requests["request_id"].map(first))
        if side is None:  # a decided request; a first approval means nothing here
            at = _moments(requests["decided"])
        parts.append((np.minimum(at, until), at <= until))
    begins = np.tile(_moments(requests["asked"]), len(sides))
    ends, decided = (np.concatenate(column) for column in zip(*parts, strict=True))
    return {"place": np.tile(np.arange(len(requests)), len(sides)), "begins": begins, "ends": ends, "decided": decided}


def _common(requests: pd.DataFrame, directory: Directory | None) -> Flags | None:
    """Return for each request whether somebody administers both its tenants; None if unknown."""
    if directory is None:
        return None
    who: dict[str, set[str]] = defaultdict(set)
    for member in directory.members():
        if directory.administers(member.person, member.tenant):
            who[member.tenant].add(member.person)
    pairs = zip(requests["support"].astype("str"), requests["resource"].astype("str"), strict=True)
    return np.array([bool(who[one] & who[other]) for one, other in pairs], np.bool_)
