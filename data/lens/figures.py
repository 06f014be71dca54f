"""The figures of rooms and simulated runs.

They can be computed at any DuckDB cursor with these relations, which may have more columns (ids and words may have any
type; times are naive UTC in whole seconds):

    clock(now)                            one row: the end of the observation
    tickets(ticket_id, opened_at, closed_at)
    requests(side, ticket_id, support_request_tenant, resource_tenant, status, requested_at, decided_at, changed_at)
    memberships(tenant, person, manages_support_access), visibility(status, side), keys(key, side)

The relations of `sql.SHARED` are derived from these, unless they are given as well: a run gives `asked`, `pairs` and
`first_requests`.

Each figure is defined in `figures.sql`, and nowhere else.
"""

from collections.abc import Collection, Mapping
from functools import cache

import duckdb
import pandas as pd

from data.lens.sql import FIGURES, Statement, figure
from data.store.frames import frame_of
from data.store.queries import queries
from model.nearest import nearest

UNITS: Mapping[str, str] = {
    "median hours to a decision": "hours",
    "90th percentile of hours to a decision": "hours",
    "restricted mean hours to a decision": "hours",
    "share decided within a day": "share",
    "share that nobody could decide": "share",
    "share canceled undecided": "share",
    "share expired undecided": "share",
    "share of tickets decided within a day": "share",
    "share of tickets that nobody could decide": "share",
    "share of tickets canceled undecided": "share",
    "share of tickets expired undecided": "share",
    "median hours to resolution": "hours",
    "90th percentile of hours to resolution": "hours",
    "restricted mean hours to resolution": "hours",
    "hours of access per ticket": "hours",
    "hours of access in total": "hours",
    "live grants on average": "grants",
    "share solved without access": "share",
    "how well a removal can be guessed": "AUC",
}
"""The figures that are a single number, in the order of `figures.sql`, with their units."""

SERIES: Mapping[str, Mapping[str, str]] = {
    "decided by hours": {"hours": "float64", "share": "float64"},
    "resolved by hours": {"hours": "float64", "share": "float64"},
    "live grants by day": {"day": "datetime64[us]", "grants": "int64"},
    "requests by status": {"status": "str", "requests": "int64"},
}
"""The figures that are a frame of several rows, with the dtypes of its columns."""

SENTENCES: Mapping[str, str] = {
    name: " ".join(line.removeprefix("-- ") for line in sql.splitlines() if line.startswith("-- "))
    for name, sql in queries(FIGURES).items()
}
"""Each figure's meaning in plain English: the comment above its query."""


def figures(cursor: duckdb.DuckDBPyConnection, given: Collection[str] = (), *, keep_plan: bool = False) -> pd.DataFrame:
    """Return every figure that is a single number. `given` and `keep_plan`: as in `measured`.

    Columns: metric, value in the metric's unit (NaN if there is none), and unit (see UNITS).
    """
    return measured(cursor, (), given, keep_plan=keep_plan)[0]


def series(cursor: duckdb.DuckDBPyConnection, name: str) -> pd.DataFrame:
    """Return one of SERIES. Raises KeyError."""
    if name not in SERIES:
        near = nearest(name, SERIES)
        meant = f"did you mean {near!r}? There are" if near is not None else "there are"
        raise KeyError(f"there is no series {name!r}; {meant} {', '.join(SERIES)}")
    figure(queries(FIGURES)[name]).execute(cursor)
    return frame_of(cursor)


def measured(
    cursor: duckdb.DuckDBPyConnection,
    names: Collection[str] = tuple(SERIES),
    given: Collection[str] = (),
    metrics: Collection[str] = tuple(UNITS),
    *,
    keep_plan: bool = False,
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Return the figures, and series by name, from one statement that computes what they share only once.

    `given` names the relations of `sql.SHARED` that exist at the cursor. Figures that are not among the `metrics` are
    NaN. `keep_plan`: the cursor will be used again, with other rows in the same relations.
    """
    statement = _statement(tuple(names), tuple(metrics), tuple(given))
    statement.execute_by_plan(cursor) if keep_plan else statement.execute(cursor)
    values = cursor.fetchall()[0]
    numbers = pd.Series(values[: len(UNITS)], dtype="float64")
    frames = {
        name: pd.DataFrame(
            {column: pd.Series([row[column] for row in rows], dtype=dtype) for column, dtype in SERIES[name].items()}
        )
        for name, rows in zip(names, values[len(UNITS) :], strict=True)
    }
    metric, unit = (pd.Series(list(words), dtype="str") for words in (UNITS, UNITS.values()))
    return pd.DataFrame({"metric": metric, "value": numbers, "unit": unit}), frames


@cache
def _statement(names: tuple[str, ...], metrics: tuple[str, ...], given: tuple[str, ...]) -> Statement:
    numbers = [f'({queries(FIGURES)[name] if name in metrics else "SELECT NULL"}) AS "{name}"' for name in UNITS]
    rows = [f'ARRAY(SELECT s FROM ({queries(FIGURES)[name]}) AS s) AS "{name}"' for name in names]
    return figure(f"SELECT {', '.join([*numbers, *rows])}", given=given)
