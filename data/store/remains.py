"""Read what is left of a damaged database: the sound parts of its write-ahead log and of its room's log."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb
import pandas as pd

from data.store.duckdb_file import read_only
from data.store.log import LOG_COLUMNS
from data.store.placing import wal_beside
from data.store.trouble import DamagedRoom


@contextmanager
def open_remains(scratch: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a copy of a database with the longest sound prefix of its write-ahead log.

    Changes the copy. Raises DamagedRoom if the file itself cannot be opened.
    """
    wal = wal_beside(scratch)
    if wal.exists() and not _opens(scratch):
        content = wal.read_bytes()

        def opens(length: int) -> bool:
            wal.write_bytes(content[:length])
            return _opens(scratch)

        wal.write_bytes(content[: longest(len(content), opens)])
    with read_only(str(scratch)) as cursor:
        yield cursor


def sound_lines(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return the lines of the log from the first one to the last before a damaged or missing one."""
    found = pd.DataFrame(columns=list(LOG_COLUMNS))

    def reads(rows: int) -> bool:
        nonlocal found
        with suppress(duckdb.Error):
            lines = cursor.execute("SELECT * FROM log WHERE rowid < ? ORDER BY seq", [rows]).df()
            found = max(found, lines, key=len)
            return True
        return False

    with suppress(duckdb.Error):
        longest(cursor.execute("SELECT coalesce(max(rowid) + 1, 0) FROM log").fetchall()[0][0], reads)
    whole = found["seq"].to_numpy() == range(1, len(found) + 1)
    return found if whole.all() else found.iloc[: int(whole.argmin())]


def longest(most: int, holds: Callable[[int], bool]) -> int:
    """Return the largest number from 0 to `most` for which a condition holds that also holds for all smaller ones."""
    if holds(most):
        return most
    fits, fails = 0, most
    while fails - fits > 1:
        middle = (fits + fails) // 2
        fits, fails = (middle, fails) if holds(middle) else (fits, middle)
    return fits


def _opens(path: Path) -> bool:
    with suppress(DamagedRoom), read_only(str(path)) as cursor:
        cursor.execute("SELECT count(*) FROM log")
        return True
    return False
