"""Convert the log and the cached state of a room to and from the values of `model`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import duckdb
import pandas as pd

from data.store.frames import dtypes, with_dtypes
from model import Actor, Case, Engineer, Event, Member, Request, Side, Status

_BESIDE = ("occurred_at", "action", "ticket_id", "actor", "request_id")
_FACTS = {name: dtype for name, dtype in dtypes(Event).items() if name not in _BESIDE}
_COLUMN_OF = {name: {"engineer": "assigned_engineer"}.get(name, name) for name in _FACTS}

LOG_COLUMNS: Mapping[str, str] = {
    "seq": "int64",
    "occurred_at": "datetime64[us]",
    **dict.fromkeys(("action", "ticket_id", "request_id", "person", "signed_in_to", "engineer"), "str"),
    **{_COLUMN_OF[name]: dtype for name, dtype in _FACTS.items()},
    "refusal": "str",
    "step": "Int32",
}
"""The columns of the log in order, with their dtypes in a frame. Each field of an Event has a column of its name."""

Line = tuple[Any, ...]
_FEW = 20  # rows: more are written faster from a frame


def line(seq: int, occurred_at: datetime, action: str, actor: Actor | None = None, **facts: Any) -> Line:
    """Return a line of the log in the order of its columns; `facts` are given by column name."""
    person, signed_in_to, engineer = _who(actor)
    facts |= {"seq": seq, "occurred_at": occurred_at, "action": str(action)}
    facts |= {"person": person, "signed_in_to": signed_in_to, "engineer": engineer}
    return tuple(facts.get(column) for column in LOG_COLUMNS)


def event_line(seq: int, event: Event, step: int | None = None) -> Line:
    """Return the event as a line of the log."""
    facts = {column: getattr(event, name) for name, column in _COLUMN_OF.items()}
    named = {"ticket_id": event.ticket_id, "request_id": event.request_id, "step": step}
    return line(seq, event.occurred_at, event.action, event.actor, **named, **facts)


def append(cursor: duckdb.DuckDBPyConnection, lines: Sequence[Line], *, most: int = 0) -> None:
    """Write lines of the log: a few by value, many from a frame. It takes as long as writing `most` of them."""
    insert_rows(cursor, "log", list(LOG_COLUMNS), lines, most=most)


def insert_rows(
    cursor: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], rows: Sequence[Line], *, most: int = 0
) -> None:
    """Write rows into a table: a few by value, many from a frame. It takes as long as writing `most` of them."""
    if max(len(rows), most) > _FEW:
        values = zip(columns, zip(*rows, strict=True), strict=True)
        insert(cursor, table, pd.DataFrame({name: pd.Series(given, dtype=object) for name, given in values}))
    else:
        insert_values(cursor, table, columns, rows, most=most)


def insert_values(
    cursor: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], rows: Sequence[Line], *, most: int = 0
) -> None:
    """Write rows into a table, padded with discarded rows up to `most`, so that timing does not reveal their number."""
    count = max(len(rows), most)
    if not count:
        return
    padding = [(False, *[None] * len(columns))] * (count - len(rows))
    row = f"({', '.join('?' * (1 + len(columns)))})"
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT * EXCLUDE (is_written) FROM (VALUES "
        f"{', '.join([row] * count)}) AS given(is_written, {', '.join(columns)}) WHERE is_written",
        [value for values in (*((True, *row) for row in rows), *padding) for value in values],
    )


def read(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return the whole log in its order, with the columns and dtypes of LOG_COLUMNS."""
    cursor.execute(f"SELECT {', '.join(LOG_COLUMNS)} FROM log ORDER BY seq")
    return with_dtypes(cursor.df(), LOG_COLUMNS)


def insert(cursor: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> None:
    """Write a frame into a table with the same columns."""
    cursor.register("frame_to_insert", frame)
    cursor.execute(f"INSERT INTO {table} BY NAME FROM frame_to_insert")
    cursor.unregister("frame_to_insert")


def insert_query(cursor: duckdb.DuckDBPyConnection, table: str, query: str) -> None:
    """Write the result of a query into a table with the same columns."""
    cursor.execute(f"INSERT INTO {table} BY NAME {query}")


def rebuild(cursor: duckdb.DuckDBPyConnection, seq: int) -> None:
    """Rebuild the cached state from the log's first `seq` lines."""
    for table in _ORDERS:
        rebuild_table(cursor, table, seq)


_ORDERS = {
    "clock": "",
    "tickets": "ORDER BY tenant, ticket_id",
    "requests": "ORDER BY tenant, seq",
    "audit_entries": "ORDER BY tenant, seq",
}


def rebuild_table(cursor: duckdb.DuckDBPyConnection, table: str, seq: int) -> None:
    """Rebuild one table of the cached state from the log's first `seq` lines."""
    cursor.execute(f"DELETE FROM {table}")
    cursor.execute(f"INSERT INTO {table} BY NAME FROM {table}_at({int(seq)}) {_ORDERS[table]}")


def last_line(cursor: duckdb.DuckDBPyConnection) -> int:
    """Return the number of the log's last line."""
    return int(cursor.execute("SELECT count(*) FROM log").fetchall()[0][0])


def count_by_hand(cursor: duckdb.DuckDBPyConnection, after: int) -> int:
    """Return how many commands were carried out after a line of the log, apart from the story's steps."""
    by_hand = "SELECT count(*) FROM log WHERE seq > ? AND step IS NULL AND coalesce(person, engineer) <> ''"
    return int(cursor.execute(by_hand, [after]).fetchall()[0][0])


# The state of one case.


def load_case(cursor: duckdb.DuckDBPyConnection, ticket_id: str) -> tuple[Case | None, list[int]]:
    """Return the current state of a case, or None, and the lines of the log that created its access requests."""
    found = _first(cursor, "SELECT * FROM tickets WHERE ticket_id = ?", ticket_id)
    if found is None:
        return None, []
    cursor.execute("SELECT * FROM requests WHERE ticket_id = ? AND side = 'resource tenant' ORDER BY seq", [ticket_id])
    rows = _dicts(cursor)
    return _case(found, rows), [row["seq"] for row in rows]


def load_open_cases(cursor: duckdb.DuckDBPyConnection) -> list[Case]:
    """Return the current state of the cases with an open ticket, ordered by id."""
    tickets = _dicts(cursor.execute("SELECT * FROM tickets WHERE closed_at IS NULL ORDER BY ticket_id"))
    made: dict[str, list[dict[str, Any]]] = {ticket["ticket_id"]: [] for ticket in tickets}
    cursor.execute("SELECT * FROM requests WHERE ticket_status = 'Open' AND side = 'resource tenant' ORDER BY seq")
    for row in _dicts(cursor):
        made[row["ticket_id"]].append(row)
    return [_case(ticket, made[ticket["ticket_id"]]) for ticket in tickets]


def _case(ticket: dict[str, Any], requests: Sequence[dict[str, Any]]) -> Case:
    return Case(
        **{name: ticket[name] for name in ("ticket_id", "tenant", "title", "severity", "advanced_diagnostics")},
        engineer=ticket["engineer"],
        opened_at=ticket["opened_at"],
        opened_by=Member(ticket["opened_by"], ticket["tenant"]),
        closed_at=ticket["closed_at"],
        closed_by=_actor(ticket["closed_by"], ticket["tenant"], ticket["closed_by_engineer"]),
        requests=tuple(_request(row) for row in requests),
    )


def ticket_of(cursor: duckdb.DuckDBPyConnection, request_id: str) -> str:
    """Return the ticket of an access request, or "" if there is no such request."""
    found = _first(cursor, "SELECT ticket_id FROM requests WHERE request_id = ? LIMIT 1", request_id)
    return str(found["ticket_id"]) if found else ""


def _request(row: dict[str, Any]) -> Request:
    return Request(
        id=row["request_id"],
        resource_tenant=row["resource_tenant"],
        reason=row["reason"],
        status=Status(row["status"]),
        requested_at=row["requested_at"],
        changed_at=row["changed_at"],
        due_at=row["due_at"],
        first_approval=_member(row["first_approval"], row["first_approval_tenant"]),
        decided_by=_member(row["decided_by"], row["decided_in"]),
        decided_at=row["decided_at"],
        changed_by=_actor(row["changed_by"], row["changed_in"], row["changed_by_engineer"]),
        first_approval_note=row["first_approval_note"],
        decision_note=row["decision_note"],
        removal_note=row["removal_note"],
    )


def save_case(cursor: duckdb.DuckDBPyConnection, before: Case | None, case: Case, made: Sequence[int]) -> None:
    """Write what has changed in a case; `made`: the lines of the log that created its access requests."""
    names = ("ticket_id", "tenant", "title", "severity", "advanced_diagnostics", "engineer", "opened_at")
    if before is None:
        opening = {name: getattr(case, name) for name in names} | {"opened_by": case.opened_by.person}
        _add(cursor, "tickets", opening | _closing(case))
    elif case.status is not before.status:
        _set(cursor, "tickets", _closing(case), ticket_id=case.ticket_id)
    for seq, request in zip(made, case.requests, strict=True):
        earlier = before.request(request.id) if before else None
        if earlier is None:
            for tenant, side in ((case.tenant, Side.SUPPORT), (request.resource_tenant, Side.RESOURCE)):
                where = {"tenant": tenant, "side": str(side), "seq": seq}
                _add(cursor, "requests", where | _lasting(case, request) | _changing(case, request))
        elif before and (earlier, before.status) != (request, case.status):
            _set(cursor, "requests", _changing(case, request), seq=seq)


def _add(cursor: duckdb.DuckDBPyConnection, table: str, row: Mapping[str, Any]) -> None:
    cursor.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values()))


def _set(cursor: duckdb.DuckDBPyConnection, table: str, to: Mapping[str, Any], **key: Any) -> None:
    """Update the rows with this key: both rows of an access request, since they change in the same way."""
    ((column, value),) = key.items()
    values = ", ".join(f"{name} = ?" for name in to)
    cursor.execute(f"UPDATE {table} SET {values} WHERE {column} = ?", [*to.values(), value])


def _closing(case: Case) -> dict[str, Any]:
    """Return what can change about a ticket, by the columns of the table `tickets`."""
    closed_by, _, closed_by_engineer = _who(case.closed_by)
    return {"closed_at": case.closed_at, "closed_by": closed_by, "closed_by_engineer": closed_by_engineer}


def _lasting(case: Case, request: Request) -> dict[str, Any]:
    """Return what never changes about a request, by the columns of the table `requests`."""
    return {
        "request_id": request.id,
        "ticket_id": case.ticket_id,
        "title": case.title,
        "severity": case.severity,
        "support_request_tenant": case.tenant,
        "resource_tenant": request.resource_tenant,
        "reason": request.reason,
        "engineer": case.engineer,
        "requested_at": request.requested_at,
    }


def _changing(case: Case, request: Request) -> dict[str, Any]:
    """Return what can change about a request, by the columns of the table `requests`."""
    first_approval, first_approval_tenant, _ = _who(request.first_approval)
    decided_by, decided_in, _ = _who(request.decided_by)
    changed_by, changed_in, changed_by_engineer = _who(request.changed_by)
    return {
        "ticket_status": str(case.status),
        "status": str(request.status),
        "first_approval": first_approval,
        "first_approval_tenant": first_approval_tenant,
        "decided_by": decided_by,
        "decided_in": decided_in,
        "decided_at": request.decided_at,
        "changed_by": changed_by,
        "changed_in": changed_in,
        "changed_by_engineer": changed_by_engineer,
        "changed_at": request.changed_at,
        "due_at": request.due_at,
        "first_approval_note": request.first_approval_note,
        "decision_note": request.decision_note,
        "removal_note": request.removal_note,
    }


def _first(cursor: duckdb.DuckDBPyConnection, sql: str, *given: Any) -> dict[str, Any] | None:
    return next(iter(_dicts(cursor.execute(sql, given))), None)


def _dicts(cursor: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _who(actor: Actor | None) -> tuple[str | None, str | None, str | None]:
    """Return the actor as (person, tenant, engineer)."""
    if isinstance(actor, Member):
        return actor.person, actor.tenant, None
    return None, None, actor.id if actor else None


def _member(person: str | None, tenant: str | None) -> Member | None:
    return Member(person, tenant) if person and tenant else None


def _actor(person: str | None, tenant: str | None, engineer: str | None) -> Actor | None:
    return Engineer(engineer) if engineer else _member(person, tenant)
