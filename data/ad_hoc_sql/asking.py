"""Answer a user's SQL: copy what the user may see into a new file, and query it in a separate process."""

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import duckdb
import pandas as pd
import pyarrow as pa

from data.ad_hoc_sql import process

_log = logging.getLogger(__name__)
Table = Callable[[], pd.DataFrame]
LONGEST = 100_000
"""The most characters of a query."""
_FROM_THE_ENVIRONMENT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PATH", "SYSTEMROOT")  # needed to start Python


class QueryFailed(ValueError):
    """The SQL is wrong, is not allowed, or exceeds a limit; the message says which."""


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """The limits of a query."""

    seconds: int = 10
    megabytes: int = 512  # of memory
    answer_megabytes: int = 64
    rows: int = 1_000_000


EVERYTHING = QueryLimits()
"""For an analyst at a notebook."""


def ask(tables: Mapping[str, Table], sql: str, limits: QueryLimits) -> pa.Table:
    """Run one SELECT over these tables and return its result: at most one row more than `limits` allow.

    Raises QueryFailed.
    """
    if len(sql) > LONGEST:
        raise QueryFailed(f"SQL has at most {LONGEST:,} characters, not {len(sql):,}")
    with TemporaryDirectory(prefix="support-access-lab-") as folder:
        file, output = Path(folder) / "room.duckdb", Path(folder) / "answer.arrow"
        _copy(tables, sql, file)
        with output.open("wb") as writing:
            _run(file, list(tables), sql, writing, limits)
        with output.open("rb") as reading, pa.ipc.open_stream(reading) as stream:
            return stream.read_all()


def _copy(tables: Mapping[str, Table], sql: str, file: Path) -> None:
    """Write the tables that the SQL might read to a new file."""
    text = sql.casefold()
    with duckdb.connect(str(file)) as db:
        for name, rows in tables.items():
            if name in text:
                db.register("rows_seen", rows())
                db.execute(f"CREATE TABLE {name} AS FROM rows_seen")
                db.unregister("rows_seen")


def _run(file: Path, tables: list[str], sql: str, output: BinaryIO, limits: QueryLimits) -> None:
    given = [limits.seconds, limits.megabytes, limits.answer_megabytes, limits.rows]
    environment = {name: os.environ[name] for name in _FROM_THE_ENVIRONMENT if name in os.environ}
    command = [sys.executable, "-I", str(process.__file__), str(file), *map(str, given), *tables]
    try:
        done = subprocess.run(
            command,
            input=sql.encode("utf-8", "replace"),
            stdout=output,
            stderr=subprocess.PIPE,
            cwd=file.parent,
            env=environment | {"HOME": str(file.parent)},
            timeout=limits.seconds,
        )
    except subprocess.TimeoutExpired:
        raise QueryFailed(f"no answer within {limits.seconds} seconds, so the search was ended") from None
    if done.returncode == process.NO_ANSWER:
        message = done.stderr.decode("utf-8", "replace").strip()
        if message.startswith("Out of Memory Error"):  # DuckDB's message continues with advice about settings
            message = f"more than {limits.megabytes} MB of memory would be needed"
        raise QueryFailed(message)
    if done.returncode:
        _log.warning("the process that searched ended with %d: %s", done.returncode, done.stderr[-500:])
        raise QueryFailed(
            f"the search was ended: it needed more than {limits.megabytes} MB of memory or {limits.seconds} seconds"
        )
