"""Check a room's tables against its log and the rules, and find which lines of the log belong together."""

from collections.abc import Iterator

import duckdb

from data.room.file.fixed_tables import fixed_tables
from data.store.integrity import faults_of_tables
from model import Directory, Policy

_END_OF_WHOLE = """
    SELECT coalesce(min(seq) - 1, (SELECT max(seq) FROM log))
    FROM (SELECT seq, action, step, lag(step) OVER (ORDER BY seq) AS step_before FROM log)
    WHERE seq > $1 AND action NOT IN ('cancel', 'complete') AND (step IS NULL OR step IS DISTINCT FROM step_before)
"""


def faults(cursor: duckdb.DuckDBPyConnection, seq: int, policy: Policy, directory: Directory) -> Iterator[str]:
    """Yield a sentence for everything in the room that contradicts the log's `seq` lines or the rules."""
    yield from faults_of_tables(cursor, seq)
    for table, rows in fixed_tables(policy, directory).items():
        found = cursor.execute(f"FROM {table}").fetchall()
        if sorted(map(repr, found)) != sorted(repr(tuple(row.values())) for row in rows):
            yield f"the table {table} is not what the rules and the directory say"


def end_of_whole(cursor: duckdb.DuckDBPyConnection, seq: int) -> int:
    """Return the last line of the log that belongs to the same act as line `seq`: the same step, or one closing."""
    row = cursor.execute(_END_OF_WHOLE, [seq]).fetchone()
    return row[0] if row else seq
