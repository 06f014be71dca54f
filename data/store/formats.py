"""The formats of a room's file: the current one, and the migration of older ones."""

import duckdb

from data.store.log import last_line, rebuild_table
from data.store.queries import schema_of

FORMAT = 4
OLDEST = 2
_NOTES = (("log", "note"), *(("requests", name) for name in ("first_approval_note", "decision_note", "removal_note")))


def check_format(path: str, number: object) -> int:
    """Return the number of a format that can be opened. Raises ValueError if it is newer or too old."""
    reads = f"this program reads the formats {OLDEST} to {FORMAT}"
    if not isinstance(number, int) or number < OLDEST:
        raise ValueError(f"{path}: a room of format {number}; {reads}, and older rooms cannot be opened any more")
    if number > FORMAT:
        raise ValueError(f"{path}: a room of format {number}; {reads}: open it with the newer version that made it")
    return number


def migrate(cursor: duckdb.DuckDBPyConnection, number: int) -> None:
    """Migrate a room of an older format to the current one, within a transaction."""
    if number == 2:  # before notes were recorded
        for table, column in _NOTES:
            cursor.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {column} VARCHAR")
        cursor.execute(schema_of("requests_at"))
    if number <= 3:  # before each tenant's audit log was stored together
        for name in ("audit_entries", "audit_entries_at"):
            cursor.execute(schema_of(name))
        rebuild_table(cursor, "audit_entries", last_line(cursor))
    cursor.execute("UPDATE room SET format = ?", [FORMAT])
