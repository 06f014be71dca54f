"""The lines of a log that were undone: kept in the room's file, so that one click restores them.

The table `undone` holds the latest cuts, each a tail of the log that was undone at once. It is created with the first
cut, so rooms of earlier formats need no migration. No lens reads it.
"""

import duckdb

from data.store.log import LOG_COLUMNS

MOST_KEPT = 20
"""The most cuts that are kept; the oldest is dropped first."""
_COLUMNS = ", ".join(LOG_COLUMNS)


def cut(cursor: duckdb.DuckDBPyConnection, to: int) -> None:
    """Remove the lines of the log after line `to`, and keep them as the latest cut."""
    cursor.execute(f"CREATE TABLE IF NOT EXISTS undone AS SELECT 0::BIGINT AS cut, {_COLUMNS} FROM log LIMIT 0")
    cursor.execute(
        f"INSERT INTO undone SELECT (SELECT coalesce(max(cut), 0) + 1 FROM undone), {_COLUMNS} "
        "FROM log WHERE seq > ? ORDER BY seq",
        [to],
    )
    cursor.execute("DELETE FROM undone WHERE cut <= (SELECT max(cut) FROM undone) - ?", [MOST_KEPT])
    cursor.execute("DELETE FROM log WHERE seq > ?", [to])


def base(cursor: duckdb.DuckDBPyConnection) -> int | None:
    """Return the line of the log after which the latest cut was made, None if nothing is kept."""
    if not cursor.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'undone'").fetchall():
        return None
    latest = "SELECT min(seq) - 1 FROM undone WHERE cut = (SELECT max(cut) FROM undone)"
    found: int | None = cursor.execute(latest).fetchall()[0][0]
    return found


def bring_back(cursor: duckdb.DuckDBPyConnection, to: int) -> int:
    """Restore the latest cut, which was made after line `to`, and return the last line of the log.

    What was done since is undone instead, and kept in the cut's place.
    """
    (latest,) = cursor.execute("SELECT max(cut) FROM undone").fetchall()[0]
    cut(cursor, to)
    cursor.execute(f"INSERT INTO log SELECT {_COLUMNS} FROM undone WHERE cut = ? ORDER BY seq", [latest])
    cursor.execute("DELETE FROM undone WHERE cut = ?", [latest])
    return int(cursor.execute("SELECT max(seq) FROM log").fetchall()[0][0])
