"""Importing tickets into a room, compared with DuckDB reading the same file and writing it as a table."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from data import Room
from tests.bench.measuring import judge

REQUESTS = 1_000_000
_FILE = """
    COPY (
        SELECT
            'INC' || (1000000 + i // 2) AS ticket, 'Tenant ' || hash(i // 2) % 200 AS tenant,
            'Tenant ' || (200 + (hash(i // 2) + i % 2 * 7) % 97) AS "resource tenant", opened,
            opened + to_hours(1 + (hash(i + 3) % 20)::INTEGER) AS asked,
            if(k < 90, asked + to_hours(1 + (hash(i + 4) % 40)::INTEGER), NULL) AS decided,
            if(k < 90, if(k < 12, 'Rejected', 'Approved'), NULL) AS decision,
            if(k BETWEEN 12 AND 25, decided + to_hours(1 + (hash(i + 5) % 100)::INTEGER), NULL) AS removed,
            opened + to_hours(170 + (hash(i // 2) % 80)::INTEGER) AS closed
        FROM (
            SELECT i, TIMESTAMP '2025-01-01' + to_seconds(i // 2 * 30) AS opened, hash(i + 7) % 100 AS k
            FROM range({}) AS r(i)
        )
    ) TO '{}' (HEADER)
"""


def own_tickets(folder: Path) -> None:
    """Compare making a room from a file with reading the file and writing it as a table, in time and processor time.

    A room has about twenty times as many values as its file. The time of copying them is shown, too: it is the lower
    bound while a room keeps its log, requests and audit logs as rows.
    """
    file = folder / "tickets.csv"
    duckdb.execute(_FILE.format(REQUESTS, file))
    with _measured() as table, duckdb.connect(str(folder / "table.duckdb")) as db:
        db.execute(f"CREATE TABLE tickets AS FROM read_csv('{file}')")
    with _measured() as made:
        room = Room.from_tickets(file)
    assert room.imported
    with room, room._store.cursor() as cursor, _measured() as copied:
        for name in ("log", "tickets", "requests", "audit_entries"):
            cursor.execute(f"CREATE TEMP TABLE copy_of_{name} AS FROM {name}")
    print(f"\nA file of {room.imported.rows:,} rows was a table in {table[0]:.1f} s and a room in {made[0]:.1f} s.")
    judge("  a room of a file : the file as a table", made[0] / table[0], 3.0)
    judge("    in processor time", made[1] / table[1], None)
    judge("    of it, only copying the room's finished tables", copied[1] / table[1], None)


@contextmanager
def _measured() -> Iterator[list[float]]:
    """Give a list that receives the block's seconds and processor seconds."""
    found: list[float] = []
    begin, processor = time.perf_counter(), time.process_time()
    yield found
    found += [time.perf_counter() - begin, time.process_time() - processor]
