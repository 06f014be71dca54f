"""The only way that anything tenant-facing is read: a lens shows what one member may see of a room.

The queries are in `lens.sql`. With `as_of` the same queries read the room as it was after that line of the log: the
tables' names then stand for what the log says about that moment.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from difflib import get_close_matches
from typing import Any

import duckdb
import pandas as pd

from data.lens.sql import FIGURES, statement
from data.store.queries import queries
from model import Directory, Engineer, Member, Refused
from model.refusal import no_permission, not_found

Cursor = Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]]


class View:
    """Reads those of the queries that are meant for its viewer."""

    known: Collection[str] = ()

    def __init__(self, cursor: Cursor, as_of: int | None = None, **viewer: str) -> None:
        self._cursor = cursor
        self._given: dict[str, Any] = {"as_of": as_of, **viewer}

    def frame(self, name: str, **more: str) -> pd.DataFrame:
        """Return the rows of a query as a frame. Times are naive UTC."""
        with self._answer(name, more) as cursor:
            return cursor.df()

    def rows(self, name: str, **more: str) -> list[dict[str, Any]]:
        """Return the rows of a query as plain values by the names of its columns."""
        with self._answer(name, more) as cursor:
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    @contextmanager
    def _answer(self, name: str, more: Mapping[str, str]) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a cursor at which the query was executed. Raises KeyError."""
        if name not in self.known:
            near = get_close_matches(name, self.known, 1)
            meant = f"; did you mean {near[0]!r}?" if near else ""
            raise KeyError(f"{type(self).__name__} has no {name!r}{meant}; it has {', '.join(self.known)}")
        with self._cursor() as cursor:
            statement(name, self._given["as_of"] is not None).execute(cursor, {**self._given, **more})
            yield cursor


def next_due(listed: Iterable[Mapping[str, Any]]) -> datetime | None:
    """When the first of the requests in a member's lists expires, lapses or leaves the history."""
    return min((at for row in listed for at in (row["due_at"], row["leaves_at"]) if at), default=None)


class Overview(View):
    """What a trainer sees: everything. Not for anything tenant-facing."""

    known = ("all_requests", "all_tickets", *queries(FIGURES))

    def requests(self) -> pd.DataFrame:
        """All access requests, the newest first."""
        return self.frame("all_requests")

    def tickets(self) -> pd.DataFrame:
        """All tickets, the newest first."""
        return self.frame("all_tickets")

    def metric(self, name: str) -> pd.DataFrame:
        """A figure of `figures.sql` by its name. Raises KeyError."""
        return self.frame(name)


class Desk(View):
    """What a support engineer sees: the tickets assigned to the engineer, their access requests, the tries to read."""

    known = ("desk_tickets", "desk_requests", "desk_reads")

    def __init__(self, cursor: Cursor, engineer: Engineer, as_of: int | None = None) -> None:
        super().__init__(cursor, as_of, engineer=engineer.id)
        self.viewer = engineer

    def tickets(self) -> pd.DataFrame:
        """The assigned tickets, the newest first."""
        return self.frame("desk_tickets")

    def requests(self) -> pd.DataFrame:
        """The access requests of the assigned tickets, the newest first."""
        return self.frame("desk_requests")

    def reads(self) -> pd.DataFrame:
        """Each try to read or change diagnostic data with its outcome, the latest first."""
        return self.frame("desk_reads")


class Lens(View):
    """What a member sees. The frames have the columns of `model.visibility`'s SeenRequest, SeenTicket, AuditEntry.

    Who lacks the permission gets empty frames, and `refusal` (for the audit log `audit_refusal`) says why.
    """

    known = ("clock", "listed", "pending", "approved_access", "request", "tickets", "audit_log")

    def __init__(self, cursor: Cursor, member: Member, directory: Directory, as_of: int | None = None) -> None:
        super().__init__(cursor, as_of, person=member.person, tenant=member.tenant)
        self.viewer = member
        self._directory = directory

    def pending(self) -> pd.DataFrame:
        """Pending requests, the oldest first."""
        return self.frame("pending")

    def approved_access(self) -> pd.DataFrame:
        """Approved access: no longer pending and less than 30 days old, or live; the latest change first."""
        return self.frame("approved_access")

    def tickets(self) -> pd.DataFrame:
        """The tenant's own tickets, the newest first."""
        return self.frame("tickets")

    def audit_log(self) -> pd.DataFrame:
        """The tenant's audit log, the latest entry first."""
        return self.frame("audit_log")

    def request(self, request_id: str) -> dict[str, Any]:
        """One access request. Raises Refused: no-permission, or not-found for all that the member does not see."""
        found = self.rows("request", request_id=request_id)
        if not found:
            raise self.refusal or not_found("access request")
        return found[0]

    def next_due(self) -> datetime | None:
        """When something that the member sees changes next by itself: it expires, lapses or leaves the history."""
        return next_due(self.rows("listed"))

    @property
    def refusal(self) -> Refused | None:
        """Why the member sees no access request and no ticket at all; None: the permission is there."""
        who = self.viewer
        return None if self._directory.administers(who.person, who.tenant) else no_permission()

    @property
    def audit_refusal(self) -> Refused | None:
        """Why the member may not read the audit log; None: may."""
        who = self.viewer
        may = self._directory.reads_audit_log(who.person, who.tenant)
        return None if may else no_permission("may not read the audit log")
