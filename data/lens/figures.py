"""The figures that rooms and simulated runs share.

They can be read at any DuckDB cursor that has these relations, with these columns or more (ids and words may be of any
type, times are naive UTC in whole seconds):

    clock(now)                            one row: the end of the observation
    tickets(ticket_id, opened_at, closed_at)
    requests(side, ticket_id, support_request_tenant, resource_tenant, status, requested_at, decided_at, changed_at)
    memberships(tenant, person, manages_support_access), visibility(status, side), keys(key, side)

Each figure is defined in `figures.sql`, and nowhere else.
"""

from collections.abc import Collection, Mapping

import duckdb
import pandas as pd

from data.lens.sql import FIGURES, SHARED, Statement, figure
from data.store.frames import frame_of
from data.store.queries import queries

UNITS: Mapping[str, str] = {
    "median hours to a decision": "hours",
    "90th percentile of hours to a decision": "hours",
    "share decided within a day": "share",
    "share that nobody could decide": "share",
    "share canceled undecided": "share",
    "share expired undecided": "share",
    "median hours to resolution": "hours",
    "90th percentile of hours to resolution": "hours",
    "hours of access per ticket": "hours",
    "hours of access in total": "hours",
    "live grants on average": "grants",
    "share solved without access": "share",
    "how well a removal can be guessed": "AUC",
}
"""The figures that are one number, in the order of `figures.sql`, and what the number counts."""

SERIES = ("decided by hours", "resolved by hours", "live grants by day", "requests by status")
"""The figures that are a frame of several rows."""

SENTENCES: Mapping[str, str] = {
    name: " ".join(line.removeprefix("-- ") for line in sql.splitlines() if line.startswith("-- "))
    for name, sql in queries(FIGURES).items()
}
"""What each figure says, in plain English: the comment above its query."""


def figures(cursor: duckdb.DuckDBPyConnection, present: Collection[str] = ()) -> pd.DataFrame:
    """Return every figure that is one number, worked out in one statement.

    Columns: metric, and value in the metric's unit (see UNITS); NaN if there is none.
    """
    each = ", ".join(f'({queries(FIGURES)[name]}) AS "{name}"' for name in UNITS)
    figure(f"SELECT {each}", present).execute(cursor)
    values = cursor.fetchall()[0]
    return pd.DataFrame({"metric": pd.Series(list(UNITS), dtype="str"), "value": pd.Series(values, dtype="float64")})


def series(cursor: duckdb.DuckDBPyConnection, name: str, present: Collection[str] = ()) -> pd.DataFrame:
    """Return one of SERIES. Raises KeyError."""
    if name not in SERIES:
        raise KeyError(f"there is no series {name!r}; there are {', '.join(SERIES)}")
    figure(queries(FIGURES)[name], present).execute(cursor)
    return frame_of(cursor)


def measured(
    cursor: duckdb.DuckDBPyConnection, names: Collection[str] = SERIES
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Return the figures, and series by their names; what they share is worked out once, into temporary tables."""
    laid_down = [name for name in SHARED if name != "solved"]  # which only one figure reads
    try:
        for name in laid_down:
            Statement(f"CREATE OR REPLACE TEMP TABLE {name} AS {SHARED[name]}", FIGURES).execute(cursor)
        return figures(cursor, laid_down), {name: series(cursor, name, laid_down) for name in names}
    finally:
        for name in reversed(laid_down):
            cursor.execute(f"DROP TABLE IF EXISTS temp.{name}")
