"""`python -m data import FILE.csv ROOM.duckdb`: create a room from your own tickets."""

import argparse
import sys
from pathlib import Path
from typing import Any

from data.commands.screen import tell
from data.files.csv_and_parquet import csv_bytes
from data.files.shown import on_one_line
from data.imported.fields import FIELDS
from data.imported.reading import ImportReport
from data.room import Room

_SHOWN = 10  # rows that cannot be used


def add_to(commands: Any) -> None:
    """Add the command to those of `python -m data`."""
    command = commands.add_parser(
        "import",
        help="create a room from a CSV or Parquet file with a row for each access request",
        description="Create a room from a CSV or Parquet file with a row for each access request. Columns are found by "
        "their names. data/examples/template.csv has the names of all fields: " + ", ".join(FIELDS) + ".",
    )
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("room", type=Path, metavar="ROOM.duckdb", help="the new room, for Room.open")
    command.add_argument("--column", action="append", default=[], metavar="FIELD=NAME", help="the column of a field")
    command.add_argument("--zone", default="UTC", help="of times without a zone, for example Europe/Paris; default UTC")
    order = command.add_mutually_exclusive_group()
    order.add_argument(
        "--day-first", dest="day_first", action="store_true", default=None, help="3/2/2026 is in February"
    )
    order.add_argument("--month-first", dest="day_first", action="store_false", help="3/2/2026 is in March")
    command.add_argument("--generated-names", action="store_true", help="use generated names for people and tenants")
    command.add_argument("--left-out", type=Path, metavar="FILE.csv", help="write the rows that cannot be used")
    command.set_defaults(run=_import, parser=command)


def _import(given: argparse.Namespace) -> int:
    columns = dict(each.split("=", 1) for each in given.column if "=" in each)
    if len(columns) < len(given.column):
        given.parser.error("give a column as FIELD=NAME, for example --column 'opened=Created on'")
    try:
        if given.left_out and given.left_out.exists():
            raise FileExistsError(f"{given.left_out} already exists: choose another name")
        with Room.from_tickets(
            given.file,
            {field: name or None for field, name in columns.items()},
            path=given.room,
            zone=given.zone,
            day_first=given.day_first,
            generated_names=given.generated_names,
        ) as room:
            report = room.imported
    except (OSError, ValueError) as error:
        tell(f"{on_one_line(str(given.file), 80)}: {error}", file=sys.stderr)
        return 1
    assert report
    tell_report(report, given.room)
    if given.left_out:
        given.left_out.write_bytes(csv_bytes(report.refused))
        tell(f"written: {given.left_out}")
    return 0


def tell_report(report: ImportReport, room: Path) -> None:
    """Print how many rows were used, and why others were not."""
    tell("columns: " + ", ".join(f"{field} = {column}" for field, column in report.columns.items()))
    tell(f"{report.used:,} of {report.rows:,} rows: {report.tickets:,} tickets, {report.requests:,} access requests")
    for many, says in report.assumed:
        tell(f"  {many:,} {says}")
    if report.left_out:
        tell(f"{report.left_out:,} rows cannot be used:")
        if len(report.reasons) < report.left_out:
            for many, reason in report.reasons[:_SHOWN]:
                tell(f"  {many:,} {reason}")
            tell("the first of them:")
        for line, reason in report.refused.head(_SHOWN).itertuples(index=False):
            tell(f"  line {line:,}: {reason}")
        if report.left_out > _SHOWN:
            tell(f"  … and {report.left_out - _SHOWN:,} more: --left-out FILE.csv writes them")
    tell(f"written: {room}")
