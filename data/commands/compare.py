"""`python -m data compare FILE.toml`: run an experiment, and write its figures to the screen and to files."""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import zip_longest
from math import isnan
from pathlib import Path
from textwrap import fill
from typing import Any

from data.commands.decision import decide
from data.commands.progress import Progress
from data.commands.screen import STOPPED, tell
from data.files.atomic_folder import new_folder
from data.files.csv_and_parquet import write_csv, write_parquet
from data.simulation.comparison import Comparison
from data.simulation.experiment import Experiment
from data.simulation.words.figure_words import difference_in_words
from data.simulation.words.findings import primary_in_words

_FOLDERS = ("csv", "parquet", "events")


def add_to(commands: Any) -> None:
    """Add the command to those of `python -m data`."""
    command = commands.add_parser("compare", help="run an experiment that compares policies or behaviours")
    command.add_argument("file", type=Path, metavar="FILE.toml")
    command.add_argument("--csv", type=Path, metavar="FOLDER", help="write the tables as CSV to a new folder")
    command.add_argument("--parquet", type=Path, metavar="FOLDER", help="write the tables as Parquet to a new folder")
    command.add_argument("--events", type=Path, metavar="FOLDER", help="write all events as Parquet to a new folder")
    command.add_argument("--scheduler", metavar="ADDRESS", help="run it on the workers of a Dask scheduler: tcp://…")
    command.set_defaults(run=run, parser=command)


def run(given: argparse.Namespace) -> int:
    """Run the command. The exit status is 1 if something is wrong, and 130 if it was stopped."""
    folders = [folder.absolute() for name in _FOLDERS if (folder := getattr(given, name))]
    if len(set(folders)) < len(folders):
        given.parser.error("--csv, --parquet and --events need a folder each")
    try:
        experiment = Experiment.read(given.file)
    except (OSError, ValueError) as error:
        return _failed(f"{given.file} cannot be read", getattr(error, "strerror", None) or error)
    progress = Progress(sys.stderr)
    progress.begin(experiment)
    try:
        with ExitStack() as stack:
            csv, parquet = (stack.enter_context(new_folder(to)) if to else None for to in (given.csv, given.parquet))
            found = experiment.run(progress, scheduler=given.scheduler, events=given.events)
            beside = decide(experiment, progress, given.scheduler)
            if csv:
                write_csv({**found.tables, **beside.tables}, csv)
            if parquet:
                write_parquet({**found.tables, **beside.tables}, parquet)
    except KeyboardInterrupt:
        progress.end()
        tell("stopped: no folder is half written", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:
        raise
    except (OSError, ValueError, ModuleNotFoundError) as error:
        progress.end()
        return _failed(f"{given.file} cannot be run", error)
    progress.end()
    tell("\n".join([*report(experiment, found), *beside.lines]))
    for folder in folders:
        tell(f"written: {folder}")
    return 0


def report(experiment: Experiment, found: Comparison) -> Iterator[str]:
    """Yield the report's lines: for each figure, each arm's mean and its difference from the first arm."""
    yield experiment.title
    if experiment.summary:
        yield fill(experiment.summary, 100)
    yield ""
    yield (
        f"{found.tickets:,} tickets in each of {len(found.arms)} arms, {found.replications:,} times over; "
        f"seed {found.seed}. In brackets: 95 % intervals."
    )
    yield "How people act is assumed, not measured."
    if found.until:
        so = "is" if found.reached else f"is NOT, after the {found.until.most:,} replications that were allowed,"
        yield f"The {found.until.metric} {so} known to within ± {found.until.within:g} in every arm."
    if len(found.arms) > 1:
        yield primary_in_words(found, "")
    if found.note:
        yield fill(found.note, 100)
    yield "Each line: an arm, its mean, then its difference from the first arm, and how to read that."
    apart = {(row["metric"], row["arm"]): row for row in found.differences.to_dict("records")}
    for metric, rows in found.metrics.groupby("metric", sort=False):
        unit = str(rows["unit"].iloc[0])
        yield f"\n{metric}" + ("" if unit == "share" else f" ({unit})")
        cells = []
        for row in rows.to_dict("records"):
            cells.append([row["arm"], *_figures(unit, row["mean"], row["low"], row["high"])])
            if its := apart.get((metric, row["arm"])):
                difference = _figures(unit, its["difference"], its["low"], its["high"], "+")
                cells[-1] += [*difference, _reading(its)]
        yield from _aligned(cells)
    if found.metrics["mean"].isna().any():
        yield "\n–: the figure does not exist: it never happens, or there is no removal to guess"


def _figures(unit: str, middle: float, low: float, high: float, sign: str = "") -> tuple[str, str]:
    if isnan(middle):
        return "–", ""
    if unit == "share":
        name = "points" if sign else "%"
        return f"{100 * middle:{sign}.2f} {name}", f"[{100 * low:{sign}.2f}, {100 * high:{sign}.2f}]"
    return f"{middle:{sign},.2f}", f"[{low:{sign},.2f}, {high:{sign},.2f}]"


def _reading(row: Mapping[Any, Any]) -> str:
    reading = str(row["reading"])
    return difference_in_words(row) if reading in ("none seen", "too few") else reading


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the rows with their cells in columns; the first and the last column are aligned left."""
    widths = [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]
    for row in rows:
        ends = (0, 5)
        cells = [
            cell.ljust(w) if n in ends else cell.rjust(w) for n, (cell, w) in enumerate(zip(row, widths, strict=False))
        ]
        yield f"  {'  '.join(cells)}".rstrip()


def _failed(what: str, why: object) -> int:
    tell(f"{what}\n  {why}", file=sys.stderr)
    return 1
