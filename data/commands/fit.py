"""`python -m data fit FILE|ROOM`: learn how people act from a room or from your own tickets."""

import argparse
import sys
from pathlib import Path
from typing import Any

from data.commands.screen import tell
from data.files.shown import on_one_line
from data.fitting.fit import Fit, fit
from data.room import Room


def add_to(commands: Any) -> None:
    """Add the command to those of `python -m data`."""
    command = commands.add_parser(
        "fit",
        help="learn how people act from a room or from a file of tickets",
        description="Learn how people act from a room (.duckdb) or from a CSV or Parquet file of tickets as `import` "
        "takes it. Each number is shown with its 95 % interval and the number of cases behind it.",
    )
    command.add_argument("source", type=Path, metavar="FILE|ROOM.duckdb")
    command.add_argument(
        "--experiment", type=Path, metavar="FILE.toml", help="write an experiment for `compare`, to be edited"
    )
    command.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Run the command. The exit status is 1 if nothing can be learned or written."""
    to: Path | None = given.experiment
    try:
        if to and to.exists():
            raise FileExistsError(f"{to} already exists: choose another name")
        found = _fit(given.source)
        if to:
            to.write_text(found.experiment, encoding="utf-8")
    except (OSError, ValueError) as error:
        tell(f"{on_one_line(str(given.source), 80)}: {error}", file=sys.stderr)
        return 1
    _tell(found)
    if to:
        tell(f"written: {to}")
    return 0


def _fit(source: Path) -> Fit:
    if source.suffix == ".duckdb":
        with Room.open(source) as room:
            return fit(room)
    return fit(source)


def _tell(found: Fit) -> None:
    tell(f"{found.tickets:,} tickets until {found.now:%d %B %Y, %H:%M} UTC. In brackets: 95 % intervals.")
    for row in found.report.to_dict("records"):
        part = f": {row['part']}" if row["part"] else ""
        ends = f" [{row['interval']}]" if row["interval"] else ""
        tell(f"{row['says']}{part}")
        tell(f"    {row['words']}{ends}  {'learned' if row['learned'] else 'assumed'}: {row['reason']}")
    tell(f"{found.shape}.")
