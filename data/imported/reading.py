"""Read users' tickets: which rows can be used, which cannot and why, and what had to be assumed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pandas as pd

from data.imported.fields import TIMES
from data.imported.people import NewNames, Together, directory_of
from data.imported.source import find_source, load
from data.imported.statements import run
from model import Directory
from model.limits import MOST_TENANTS

DECISIONS: Mapping[str, tuple[str, ...]] = {
    "Approved": (
        "approved",
        "approve",
        "accepted",
        "granted",
        "allowed",
        "completed",
        "request approved",
        "approval approved",
    ),
    "Rejected": ("rejected", "reject", "denied", "declined", "refused", "request rejected"),
    "Removed": ("removed", "revoked", "approval removed"),
    "None": ("pending", "open", "waiting", "canceled", "cancelled", "request created", "request canceled"),
}
"""The words that stand for a decision; "None": there was none."""
UNNAMED = "Unnamed tenant", "Another unnamed tenant"
MOST_REFUSED = 100_000
"""The most unusable rows that are listed; all are counted."""
_SLASHES = {True: "day first", False: "month first", None: "unknown"}


@dataclass(frozen=True, slots=True)
class How:
    """Options for reading a file. Raises ValueError."""

    columns: Mapping[str, str | None] | None = None
    zone: str = "UTC"  # of times without a zone
    day_first: bool | None = None  # of dates such as 3/2/2026; None: inferred from the column
    decisions: Mapping[str, str] | None = None  # more words -> Approved, Rejected or None
    generated_names: bool = False
    seed: int = 1

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"unknown time zone {self.zone!r}; one reads like 'Europe/Paris'") from None
        for word, means in (self.decisions or {}).items():
            if means not in DECISIONS:
                raise ValueError(f"the decision {word!r} must mean one of {', '.join(DECISIONS)}, not {means!r}")


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The result of an import, row by row. Lines are counted as in a spreadsheet: the first row of a frame is 2."""

    rows: int
    used: int
    tickets: int
    requests: int
    columns: Mapping[str, str]  # field -> the file's column
    refused: pd.DataFrame = field(repr=False)  # line, reason: the rows that cannot be used, the first 100,000
    reasons: tuple[tuple[int, str], ...] = ()  # how many rows cannot be used for each kind of reason, the most first
    assumed: tuple[tuple[int, str], ...] = ()  # how often, and what was assumed where the file says nothing

    @property
    def left_out(self) -> int:
        """How many rows cannot be used."""
        return self.rows - self.used


@dataclass(frozen=True, slots=True)
class TicketsRead:
    """Tickets that were read, in temporary tables of a cursor, and their directory."""

    report: ImportReport
    directory: Directory
    starts: datetime | None  # the last moment; None if no row can be used
    first: datetime | None


def read_tickets(cursor: duckdb.DuckDBPyConnection, source: pd.DataFrame | str | Path, how: How) -> TicketsRead:
    """Read tickets into temporary tables of the cursor, ready to write `happened` and what it refers to.

    Raises FileNotFoundError, TypeError, and ValueError if the file cannot be read or a column is missing.
    """
    cursor.execute("SET TimeZone = '" + how.zone.replace("'", "") + "'")
    columns, is_strict = load(cursor, find_source(source), how.columns)
    names = NewNames(how.seed, generated=how.generated_names)
    run(cursor, "names_zone", "moment", "tidied", "no_time", "key_of", "place_of", "key_in", "step_in")
    slashes = _slashes(cursor, how.day_first)
    given: dict[str, Any] = {
        "slashes": slashes,
        "unnamed_tenant": None if "tenant" in columns else UNNAMED[0],
        "unnamed_resource": None if "resource_tenant" in columns else UNNAMED[1],
        "has_tickets": "ticket" in columns,
        "generated_names": how.generated_names,
        "seed": str(how.seed),
    }
    tenants = names.tenants(
        _texts(cursor, "tenant", "resource_tenant", given["unnamed_tenant"], given["unnamed_resource"])
    )
    if len(tenants) > MOST_TENANTS:
        raise ValueError(
            f"the rows name {len(tenants):,} tenants, and a room has at most {MOST_TENANTS:,}: is it the right column?"
        )
    engineers = names.people(_texts(cursor, "engineer"))
    people = names.people(_texts(cursor, "opened_by", "decided_by", "removed_by"))
    for table, named in (("tenant_names", tenants), ("engineer_names", engineers), ("people_names", people)):
        _write_names(cursor, table, {text: it for text, (it, _) in named.items()})
    words = {word: means for means, known in DECISIONS.items() for word in known}
    words |= {word.strip().lower(): means for word, means in (how.decisions or {}).items()}
    _write_names(cursor, "decision_words", words, "means")
    run(cursor, "named", "parsed", "tickets_read", "disagreeing", "asked_again", "asked_too_early", given=given)
    run(cursor, "numbers", "taken")
    staff = dict(engineers.values())
    unnamed = cursor.execute("SELECT count(*) FROM taken WHERE engineer IS NULL").fetchall()[0][0]
    given["engineer"] = ""
    if unnamed or not staff:
        given["engineer"], name = names.new("Support engineer", "engineer")
        staff[given["engineer"]] = name
    rows = cursor.execute(
        "SELECT DISTINCT tenant, resource_tenant, opened_by, decided_by, removed_by FROM taken"
    ).fetchall()
    directory, stand_ins = directory_of(
        (Together(*row) for row in rows), dict(tenants.values()), dict(people.values()), staff, names
    )
    _write_names(cursor, "stand_ins", stand_ins, "person", key="tenant")
    run(cursor, "places", "tickets_made", "requests_made", "steps", "happened", given=given)
    first, starts = cursor.execute("SELECT min(occurred_at), max(occurred_at) FROM happened").fetchall()[0]
    return TicketsRead(_report(cursor, columns, how, is_strict), directory, starts, first)


def _slashes(cursor: duckdb.DuckDBPyConnection, day_first: bool | None) -> str:
    """Return whether the day comes first in dates such as 3/2/2026, if some date shows it; otherwise "unknown"."""
    if day_first is not None:
        return _SLASHES[day_first]
    any_slash = " OR ".join(f"bool_or(contains({name}, '/'))" for name in TIMES)
    if not cursor.execute(f"SELECT {any_slash} FROM rows_read").fetchall()[0][0]:
        return _SLASHES[None]
    parts = "split_part({0}, '/', {1})"
    seen = [
        f"bool_or(contains({name}, '/') AND TRY_CAST({parts.format(name, place)} AS INTEGER) BETWEEN 13 AND 31)"
        for place in (1, 2)
        for name in TIMES
    ]
    found = cursor.execute(f"SELECT {', '.join(seen)} FROM rows_read").fetchall()[0]
    day, month = any(found[: len(TIMES)]), any(found[len(TIMES) :])
    return _SLASHES[None if day == month else day]


def _texts(cursor: duckdb.DuckDBPyConnection, *columns: str | None) -> set[str]:
    """Return all distinct texts of some columns, plus the given texts that are no columns."""
    found = {column for column in columns if column in UNNAMED}
    for column in columns:
        if column and column not in UNNAMED:
            rows = cursor.execute(f"SELECT DISTINCT {column} FROM rows_read").fetchall()
            found |= {text for (text,) in rows if text is not None}
    return {text for text in found if text.strip()}


def _write_names(
    cursor: duckdb.DuckDBPyConnection, table: str, names: Mapping[str, str], value: str = "id", key: str = "given"
) -> None:
    cursor.execute(f"CREATE TEMP TABLE {table} ({key} VARCHAR, {value} VARCHAR)")
    if names:
        frame = pd.DataFrame(
            {key: pd.Series(list(names), dtype=object), value: pd.Series(list(names.values()), dtype=object)}
        )
        cursor.register("names_frame", frame)
        cursor.execute(f"INSERT INTO {table} FROM names_frame")
        cursor.unregister("names_frame")


def _report(cursor: duckdb.DuckDBPyConnection, columns: Mapping[str, str], how: How, is_strict: bool) -> ImportReport:
    run(cursor, "refused")
    refused = cursor.execute(f"SELECT line, reason FROM refused ORDER BY line LIMIT {MOST_REFUSED}").df()
    reasons = cursor.execute(r"""
        SELECT count(*), regexp_replace(regexp_replace(reason, '“.*”', '“…”'), 'line \d+', 'line …') AS kind
        FROM refused GROUP BY kind ORDER BY ALL DESC
    """).fetchall()
    rows, used, tickets, requests = cursor.execute("""
        SELECT (SELECT count(*) FROM rows_read) + (SELECT count(*) FROM unreadable), (SELECT count(*) FROM taken),
            (SELECT count(*) FROM tickets_made), (SELECT count(*) FROM requests_made)
    """).fetchall()[0]
    assumed = _assumed(cursor, columns, how, is_strict)
    return ImportReport(rows, used, tickets, requests, columns, refused, tuple(reasons), assumed)


def _assumed(
    cursor: duckdb.DuckDBPyConnection, columns: Mapping[str, str], how: How, is_strict: bool
) -> tuple[tuple[int, str], ...]:
    """Return what the file did not say, how often, and what was assumed instead."""
    zoneless, opened, engineer, asked, title, decider, used = cursor.execute("""
        SELECT coalesce(sum(without_zone), 0)::BIGINT, count(*) FILTER (opened IS NULL),
            count(*) FILTER (engineer IS NULL),
            count(*) FILTER (asked IS NULL AND resource_tenant IS NOT NULL), count(*) FILTER (title IS NULL),
            count(*) FILTER (decided IS NOT NULL AND decided_by IS NULL),
            count(*)
        FROM taken
    """).fetchall()[0]

    def many(field: str) -> int:
        return 0 if field in columns else int(used)

    found = (
        (
            int(not is_strict),
            "file mixes line ends or quotation marks as CSV does not: its lines are read as far as they go",
        ),
        (zoneless, f"times name no zone: they are read as {how.zone}"),
        (opened, "rows do not say when the support request was opened: the first request's time stands for it"),
        (asked, "rows do not say when access was asked for: the opening's or the decision's time stands for it"),
        (decider, "decisions do not say whose they are: “Somebody at” the tenant stands for the person"),
        (engineer, "rows name no engineer: “Support engineer” stands for all of them"),
        (title, "rows have no title"),
        (many("tenant"), f"rows do not name the tenant that opened it: “{UNNAMED[0]}” stands for it"),
        (
            many("resource_tenant"),
            f"rows do not name the tenant whose data was asked for: “{UNNAMED[1]}” stands for it",
        ),
        (many("ticket"), "rows name no support request: each row is one of its own"),
    )
    return tuple((times, says) for times, says in found if times)


@dataclass(frozen=True, slots=True)
class Preview:
    """A preview of a file before it is imported."""

    report: ImportReport
    first_rows: pd.DataFrame = field(repr=False)  # as in the file, with a column for each field that it has


def preview(source: pd.DataFrame | str | Path, how: How, rows: int = 5) -> Preview:
    """Return what an import would do with a file, and its first rows; nothing is created. Raises as `read_tickets`."""
    with duckdb.connect() as db:
        read = read_tickets(db, source, how)
        shown = ", ".join(read.report.columns)
        return Preview(read.report, db.execute(f"SELECT {shown} FROM rows_read ORDER BY line LIMIT {int(rows)}").df())
