"""The only way to read anything tenant-facing: a lens shows what one member may see of a room.

The queries are in `lens.sql`. With `as_of` the same queries read the room as it was after that line of the log.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any

import duckdb
import pandas as pd

from data.ad_hoc_sql.asking import EVERYTHING, QueryFailed, QueryLimits, ask
from data.lens.case_record import CaseRecord
from data.lens.sql import FIGURES, OVER_TIME, over_time, statement
from data.store.frames import frame_of
from data.store.queries import queries
from model import Directory, Engineer, Member, Refused
from model.html_parts import table, words
from model.nearest import nearest
from model.refusal import no_permission, not_found

OVER_TIME_NAMES = tuple(queries(OVER_TIME))
"""The queries of every view over time, for `rows` and `frame`, which take CHOICES by name."""
CHOICES: Mapping[str, Any] = {
    "days": 30,
    "only_tenant": None,
    "only_status": None,
    "only_engineer": None,
    "newest": 40,
}
"""The viewer's choices for these queries, with defaults (see `over_time.sql`)."""

Cursor = Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]]


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of a query in SQL. Text is `str`, times are `datetime64[us]`."""

    frame: pd.DataFrame
    is_complete: bool  # there are no more rows


class View:
    """The queries for one kind of viewer."""

    known: Collection[str] = ()
    kind = "trainer"  # in IN_REACH
    tables: Mapping[str, str] = {}
    """The tables for SQL: name -> the query that fills it."""

    def __init__(self, cursor: Cursor, as_of: int | None = None, **viewer: str) -> None:
        self._cursor = cursor
        self._given: dict[str, Any] = {"as_of": as_of, **viewer}

    @property
    def _moment(self) -> str:
        line = self._given["as_of"]
        return "" if line is None else f" as of line {line}"

    def frame(self, name: str, **more: Any) -> pd.DataFrame:
        """Return the rows of a query as a frame. Times are naive UTC."""
        with self._answer(name, more) as cursor:
            return frame_of(cursor)

    def rows(self, name: str, **more: Any) -> list[dict[str, Any]]:
        """Return the rows of a query as plain values by column name."""
        with self._answer(name, more) as cursor:
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def sql(self, query: str, limits: QueryLimits = EVERYTHING) -> pd.DataFrame:
        """Return the result of one SELECT over the view's `tables`, which hold what its viewer sees and nothing else.

        It runs in a separate process, which cannot write, reads only a copy of these tables, and is killed if it needs
        too much memory or time. The dialect is DuckDB's; `DESCRIBE tickets` shows the columns of a table. Raises
        `QueryFailed` (a ValueError) if it is not a SELECT, fails, exceeds a limit, or returns too many rows.
        """
        answer = self.ask(query, limits)
        if not answer.is_complete:
            raise QueryFailed(f"more than {limits.rows:,} rows were found: narrow them down, or add LIMIT")
        return answer.frame

    def ask(self, query: str, limits: QueryLimits) -> Answer:
        """Return the result of one SELECT like `sql`, or its first rows if there are too many. Raises QueryFailed."""
        found = ask({name: partial(self.frame, filled) for name, filled in self.tables.items()}, query, limits)
        with duckdb.connect() as db:
            db.register("found", found.slice(0, limits.rows))
            return Answer(frame_of(db.execute("FROM found")), found.num_rows <= limits.rows)

    def columns(self) -> dict[str, list[str]]:
        """Return the column names of each table for SQL."""
        found = {}
        for name, filled in self.tables.items():
            with self._answer(filled, {}) as cursor:
                found[name] = [column[0] for column in cursor.description or ()]
        return found

    @contextmanager
    def _answer(self, name: str, more: Mapping[str, Any]) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield a cursor with the executed query. Raises KeyError."""
        if name not in self.known:
            near = nearest(name, self.known)
            meant = f"did you mean {near!r}? It has" if near is not None else "it has"
            raise KeyError(f"{type(self).__name__} has no {name!r}; {meant} {', '.join(self.known)}")
        with self._cursor() as cursor:
            earlier = self._given["as_of"] is not None
            made = over_time(name, self.kind, earlier) if name in OVER_TIME_NAMES else statement(name, earlier)
            made.execute(cursor, {**CHOICES, **self._given, **more})
            yield cursor


def next_due(listed: Iterable[Mapping[str, Any]]) -> datetime | None:
    """Return when the next request in a member's lists expires, lapses or leaves the history, if any does."""
    return min((at for row in listed for at in (row["due_at"], row["leaves_at"]) if at), default=None)


class Overview(View):
    """The whole room, for a trainer or an analyst, never for members. Times are naive UTC."""

    known = (
        *("all_requests", "all_tickets", "all_audit_logs", "all_events", "case_log", "first_due"),
        *OVER_TIME_NAMES,
        *queries(FIGURES),
    )
    tables = MappingProxyType(
        {
            "requests": "all_requests",
            "tickets": "all_tickets",
            "audit_logs": "all_audit_logs",
            "events": "all_events",
            "time_in_each_status": "time in each status",
        }
    )

    def requests(self) -> pd.DataFrame:
        """Return all access requests, the newest first.

        Columns: request_id, ticket_id, title, severity, ticket_status (Open or Closed), support_request_tenant,
        resource_tenant, reason, status, requested_by (an engineer's name), requested_at, first_approval and decided_by
        (people's names), decided_at, changed_by (a name, or "automated"), changed_at, due_at (when it expires or
        lapses), first_approval_note, decision_note and removal_note (texts, if the policy asks for them).
        """
        return self.frame("all_requests")

    def tickets(self) -> pd.DataFrame:
        """Return all tickets, the newest first.

        Columns: ticket_id, support_request_tenant, title, severity, status (Open or Closed), advanced_diagnostics
        (bool), engineer (a name), engineer_id, opened_by, opened_at, closed_by (a member's or an engineer's name),
        closed_at.
        """
        return self.frame("all_tickets")

    def metric(self, name: str) -> pd.DataFrame:
        """Return a figure of `figures.sql` by its name. Raises KeyError with the nearest name.

        One row and one column `hours`, `share` (from 0 to 1), `grants` (how many) or `AUC` (from 0 to 1; 0.5
        is chance), NaN if there is no value:
        "median hours to a decision", "90th percentile of hours to a decision", "restricted mean hours to a decision",
        "share decided within a day", "share that nobody could decide", "share canceled undecided", "share expired
        undecided", "share of tickets decided within a day", "share of tickets that nobody could decide", "share of
        tickets canceled undecided", "share of tickets expired undecided", "median hours to resolution", "90th
        percentile of hours to resolution", "restricted mean hours to resolution", "hours of access per ticket", "hours
        of access in total", "live grants on average", "share solved without access", "how well a removal can be
        guessed".

        The others, with their columns: "decided by hours" and "resolved by hours" (hours, share: from 0 to 1), "live
        grants by day" (day, grants), "requests by status" (status, requests), "hours to a decision" (request_id,
        status, hours, share), "tickets opened by week" (week: its Monday, tickets, whole: bool), "undecided for how
        long" (request_id, support_request_tenant, resource_tenant, hours), "time in each status" (ticket_id,
        request_id, tenant, status, begins, ends), "tries to read" (occurred_at, ticket_id, tenant, category, outcome),
        "paths of cases" (path: the steps in order, tickets, share, hours), "hours between steps" (before, step, steps,
        median_hours, p90_hours), "waiting by weekday and hour" (weekday: 1 is Monday, hour, requests).
        """
        return self.frame(name)

    def case_record(self, ticket_id: str) -> CaseRecord:
        """Return the history of an existing ticket, and what each side saw of it."""
        return CaseRecord(self.rows("case_log", ticket_id=ticket_id))

    def next_due(self) -> datetime | None:
        """Return when a request next expires, lapses or leaves the history in any tenant, if any does."""
        due: datetime | None = self.rows("first_due")[0]["due"]
        return due

    def __repr__(self) -> str:
        return f"<Overview{self._moment}: .requests() .tickets() .metric(name)>"


class Desk(View):
    """What a support engineer sees: the assigned tickets and their access requests. Times are naive UTC."""

    known = ("desk_tickets", "desk_requests", "desk_reads", *OVER_TIME_NAMES)
    kind = "engineer"
    tables = MappingProxyType({"tickets": "desk_tickets", "requests": "desk_requests", "reads": "desk_reads"})

    def __init__(self, cursor: Cursor, engineer: Engineer, as_of: int | None = None) -> None:
        super().__init__(cursor, as_of, engineer=engineer.id)
        self.viewer = engineer

    def tickets(self) -> pd.DataFrame:
        """Return the assigned tickets, the newest first.

        Columns: ticket_id, support_request_tenant, title, severity, status (Open or Closed), advanced_diagnostics
        (bool), opened_at, closed_at.
        """
        return self.frame("desk_tickets")

    def requests(self) -> pd.DataFrame:
        """Return the access requests of the assigned tickets, the newest first.

        Columns: request_id, ticket_id, title, severity, ticket_status, support_request_tenant, resource_tenant, reason,
        status, requested_at, changed_at, due_at (when it expires or lapses).
        """
        return self.frame("desk_requests")

    def reads(self) -> pd.DataFrame:
        """Return the engineer's attempts to read or change diagnostic data, the latest first.

        Columns: occurred_at, ticket_id, tenant, category, outcome ("granted", or the code of the refusal).
        """
        return self.frame("desk_reads")

    def _repr_html_(self) -> str:
        """Return what the engineer sees, for a notebook."""
        requests = _shown(self.requests(), ["request_id", "resource_tenant", "status"])
        tickets = _shown(self.tickets(), ["ticket_id", "title", "status"])
        title = f"<p>{words(f'The support engineer {self.viewer.id} sees')}</p>"
        return title + table("Support requests", tickets) + table("Access requests", requests)

    def __repr__(self) -> str:
        return f"<Desk of {self.viewer.id}{self._moment}: .tickets() .requests() .reads()>"


class Lens(View):
    """What a member sees. Times are naive UTC.

    The frames have the columns of `model.visibility`'s SeenRequest, SeenTicket and AuditEntry. For a member without the
    permission they are empty, and `refusal` (for the audit log `audit_refusal`) gives the reason.
    """

    known = (
        *("clock", "listed", "pending", "approved_access", "request", "who_can_decide", "tickets", "audit_log"),
        *OVER_TIME_NAMES,
    )
    kind = "member"
    tables = MappingProxyType({name: name for name in ("pending", "approved_access", "tickets", "audit_log")})

    def __init__(self, cursor: Cursor, member: Member, directory: Directory, as_of: int | None = None) -> None:
        super().__init__(cursor, as_of, person=member.person, tenant=member.tenant)
        self.viewer = member
        self._directory = directory

    def pending(self) -> pd.DataFrame:
        """Return the pending requests, the oldest first.

        Columns: request_id, ticket_id, title, severity, ticket_status (Open or Closed), support_request_tenant,
        resource_tenant, reason, status, requested_by (an engineer's name), requested_at, first_approval (a name; where
        two approvals are needed), decided_by (a name), decided_at, changed_by (a name, or "automated"), changed_at,
        due_at (when it expires or lapses), leaves_at (when it leaves Approved access), and first_approval_note,
        decision_note, removal_note (texts, if the policy asks for them; the last in the resource tenant only).
        """
        return self.frame("pending")

    def approved_access(self) -> pd.DataFrame:
        """Return Approved access, the latest change first.

        It lists requests that are live, or no longer pending and less than 30 days old. Columns: those of `pending`.
        """
        return self.frame("approved_access")

    def tickets(self) -> pd.DataFrame:
        """Return the tenant's own tickets, the newest first.

        Columns: ticket_id, title, severity, status (Open or Closed), advanced_diagnostics (bool), engineer, opened_by
        (names), opened_at, closed_by (a name), closed_at.
        """
        return self.frame("tickets")

    def audit_log(self) -> pd.DataFrame:
        """Return the tenant's audit log, the latest entry first.

        Columns: occurred_at, activity, actor (a name, or "automated"), ticket_id, request_id, support_request_tenant,
        resource_tenant, details (the note of a decision or a removal, in the tenant that logs who it was).
        """
        return self.frame("audit_log")

    def request(self, request_id: str) -> dict[str, Any]:
        """Return one access request, by the columns of `pending`.

        Raises Refused: no-permission, or not-found for everything that the member does not see.
        """
        found = self.rows("request", request_id=request_id)
        if not found:
            raise self.refusal or not_found("access request")
        return found[0]

    def who_can_decide(self, request_id: str) -> dict[str, str]:
        """Return who can approve or reject a pending request that the member sees, as far as the tenant knows them.

        Names by person, ordered by name. People who belong only to the other tenant are not named, so it may be empty.
        """
        rows = self.rows("who_can_decide")
        return {row["person"]: row["name"] for row in rows if row["request_id"] == request_id}

    def statuses(self) -> dict[str, str]:
        """Return the status of each access request in Pending requests or Approved access, by its id."""
        return {row["request_id"]: row["status"] for row in self.rows("listed")}

    def next_due(self) -> datetime | None:
        """Return when a request that the member sees next expires, lapses or leaves the history, if any does."""
        return next_due(self.rows("listed"))

    @property
    def refusal(self) -> Refused | None:
        """Return why the member sees no access request and no ticket, or None for a member with the permission."""
        who = self.viewer
        return None if self._directory.administers(who.person, who.tenant) else no_permission()

    @property
    def audit_refusal(self) -> Refused | None:
        """Return why the member may not read the audit log, or None for a member who may."""
        who = self.viewer
        may = self._directory.reads_audit_log(who.person, who.tenant)
        return None if may else no_permission("may read the audit log")

    def _repr_html_(self) -> str:
        """Return what the member sees in the three lists, for a notebook."""
        who, where = self._directory.people[self.viewer.person], self._directory.tenants[self.viewer.tenant]
        title = f"<p>{words(f'{who}, signed in to {where}, sees')}</p>"
        if refused := self.refusal:
            return f"{title}<p>{words(refused)}</p>"
        columns = ["request_id", "title", "support_request_tenant", "resource_tenant", "status"]
        return (
            title
            + table("Pending requests", _shown(self.pending(), columns))
            + table("Approved access", _shown(self.approved_access(), columns))
            + table("Support requests", _shown(self.tickets(), ["ticket_id", "title", "status"]))
        )

    def __repr__(self) -> str:
        who, where = self._directory.people[self.viewer.person], self._directory.tenants[self.viewer.tenant]
        reads = ".pending() .approved_access() .tickets() .audit_log() .request(id)"
        return f"<Lens: {who} in {where}{self._moment}: {reads}>"


def _shown(frame: pd.DataFrame, columns: list[str]) -> list[dict[str, object]]:
    """Return some columns of a frame as the rows of a table on the screen."""
    return [{name.replace("_", " "): row[name] for name in columns} for row in frame.to_dict("records")]
