"""Fill a new room with a user's own tickets."""

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pandas as pd

from data.imported.reading import How, ImportReport, TicketsRead, read_tickets
from data.imported.statements import run, statements
from data.room.file.setup import write_tables
from data.scenario.reader import parse_scenario
from data.scenario.scenario import Scenario
from data.scenario.writer import scenario_text
from data.store import log
from model import Directory, Policy
from model.limits import EPOCH

TITLE = "Imported support requests"
_SAYS = "The data says of each request: "


def fields_said(story: Scenario) -> frozenset[str] | None:
    """Return which fields the data behind an imported room contained; None if the room was not imported."""
    found = re.search(rf"{_SAYS}([a-z_, ]+)\.", story.summary) if not story.steps else None
    return frozenset(found[1].split(", ")) if found else None


def fill_from_tickets(
    db: duckdb.DuckDBPyConnection,
    source: pd.DataFrame | str | Path,
    how: How,
    title: str,
    unknown: tuple[str, ...] = (),
    said: Collection[str] | None = None,
) -> ImportReport:
    """Write a new room into an empty database, in one transaction, and return what became of the rows.

    The history went by the source's policy. Raises ValueError if no row can be used, and what reading the rows raises.
    """
    with db.cursor() as cursor:
        read = read_tickets(cursor, source, how)
        cursor.begin()
        if read.starts is None or read.first is None:
            raise ValueError(f"none of the {read.report.rows:,} rows can be used{_first_reason(read.report)}")
        many = cursor.execute("SELECT count(*) FROM happened").fetchall()[0][0]
        story = _story(read, title, unknown, read.report.columns if said is None else said)
        write_tables(cursor, story, how.seed, story.policy, read.directory, many + 2)
        log.append(cursor, [log.line(1, read.first, "clock")])
        run(cursor, "audit_kinds", "requests_order", "audit_order")
        for table in ("log", "tickets", "requests", "audit_entries"):
            log.insert_query(cursor, table, statements()[table])
        log.append(cursor, [log.line(many + 2, story.starts, "clock")])
        log.rebuild_table(cursor, "clock", many + 2)
        cursor.commit()
        return read.report


def _first_reason(report: ImportReport) -> str:
    if report.refused.empty:
        return ""
    line, reason = report.refused.iloc[0]
    return f"; line {line}: {reason}"


def _story(read: TicketsRead, title: str, unknown: tuple[str, ...], said: Collection[str]) -> Scenario:
    """Return a story without steps that begins after the last event of the file."""
    assert read.starts
    whole, report = read.directory, read.report
    tenants = dict(list(whole.tenants.items())[:1])
    engineers = dict(list(whole.engineers.items())[:1])
    assumed = " ".join(f"{many:,} {says}." for many, says in report.assumed)
    assumed += "".join(f" Not known: {it}." for it in unknown)
    story = Scenario(
        title=title,
        summary=f"{report.used:,} of {report.rows:,} rows of a file. {_SAYS}{', '.join(sorted(said))}. {assumed}",
        starts=EPOCH + timedelta(minutes=1 + (read.starts - EPOCH) // timedelta(minutes=1)),
        directory=Directory(tenants, {}, engineers, {}),
        policy=Policy(),
        steps=(),
        background=None,
        text="",
    )
    return parse_scenario(scenario_text(replace(story, text="")))
