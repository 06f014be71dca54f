"""Check that a room's log is complete and legal, and that its tables of current state agree with it."""

from collections.abc import Iterator

import duckdb

from data.store.queries import queries


def faults_of_tables(cursor: duckdb.DuckDBPyConnection, seq: int) -> Iterator[str]:
    """Yield a sentence for each check of `integrity.sql` that fails; `seq`: the number of the log's last line."""
    for what, sql in queries("store/integrity.sql").items():
        ((rows,),) = cursor.execute(sql, {"seq": seq} if "$seq" in sql else None).fetchall()
        if rows:
            yield f"{what} ({rows} rows)"
