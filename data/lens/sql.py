"""The SQL of the lens, of the figures, and of what is seen over time.

`lens.sql` and `figures.sql` define macros, which their queries share; `over_time.sql` uses those of the lens. The
macros are in an in-memory database, attached to the room's as "data.lens", so that no room's file contains them. A
macro resolves relations where it is called: a statement that redefines `requests` redefines it for the macros too.
"""

import re
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import duckdb

from data.store.queries import queries
from model.visibility import AUTOMATED, SOMEBODY_ELSE

LENS, FIGURES, OVER_TIME = "lens/lens.sql", "lens/figures.sql", "lens/over_time.sql"
OF_A_MOMENT = ("clock", "tickets", "requests", "audit_entries", "log")
"""The relations that can be rebuilt for an earlier moment: `clock_at(n)` is `clock` as it was after line n."""
SHARED: Mapping[str, str] = {
    **{
        name: f'FROM "data.lens".{name}()'
        for name in ("decided", "resolved", "first_requests", "asked", "pairs", "grants")
    },
    "first_decided": """FROM "data.lens".first_decided('first_requests')""",
    "solved": """FROM "data.lens".solved('asked')""",
    "decided_steps": """FROM "data.lens".steps('decided', 'decided')""",
    "resolved_steps": """FROM "data.lens".steps('resolved', 'closed')""",
    "decided_within": """FROM "data.lens".within('decided', 'decided', 'decided_steps')""",
    "resolved_within": """FROM "data.lens".within('resolved', 'closed', 'resolved_steps')""",
}
"""The relations that figures share, each after those that it reads, with the macros that define them."""
_MAY = "(FROM memberships WHERE tenant = $tenant AND person = $person AND manages_support_access)"
_IN_STATUS = "FROM alike WHERE side IN (SELECT side FROM visibility WHERE status = '{}')"
_SEEN = "FROM {0} AS r SEMI JOIN visibility AS v ON v.status = r.status AND v.side = r.side"
_NOTHING_IS_HIDDEN = {
    "alike": queries(OVER_TIME, "::")["alike"],
    "asked": "FROM alike",
    "granted": "FROM alike",
    "ended": "FROM alike",
    "seen_now": "FROM requests_in_reach",
    "visible_statuses": "SELECT DISTINCT to_status AS status, 'resource tenant' AS side FROM lifecycle",
}
IN_REACH: Mapping[str, Mapping[str, str]] = {
    "member": {
        "requests_in_reach": f"FROM requests WHERE tenant = $tenant AND EXISTS {_MAY}",
        "tickets_in_reach": f"FROM tickets WHERE tenant = $tenant AND EXISTS {_MAY}",
        "alike": queries(OVER_TIME, "::")["each"],
        "asked": _IN_STATUS.format("Pending"),
        "granted": _IN_STATUS.format("Approved"),
        "ended": _SEEN.format("alike"),
        "seen_now": _SEEN.format("requests_in_reach"),
        "visible_statuses": "FROM visibility",
    },
    "engineer": {
        "requests_in_reach": "FROM requests WHERE side = 'resource tenant' AND engineer = $engineer",
        "tickets_in_reach": "FROM tickets WHERE engineer = $engineer",
        **_NOTHING_IS_HIDDEN,
    },
    "trainer": {
        "requests_in_reach": "FROM requests WHERE side = 'resource tenant'",
        "tickets_in_reach": "FROM tickets",
        **_NOTHING_IS_HIDDEN,
    },
}
"""What the queries of `over_time.sql` read, for each kind of viewer."""
_defining = threading.Lock()


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that uses the macros of a file, and the names of its parameters."""

    sql: str
    file: str
    parameters: frozenset[str] = frozenset()

    def execute(self, cursor: duckdb.DuckDBPyConnection, given: Mapping[str, Any] | None = None) -> None:
        """Execute it at a cursor, with the values for its parameters.

        The macros are defined when the first statement of a database needs them.
        """
        values = {name: value for name, value in (given or {}).items() if name in self.parameters}
        self._with_macros(cursor, self.sql, values)

    def execute_by_plan(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Execute it, without parameters, by a prepared plan that the cursor keeps from the first time on.

        Planning takes longer than reading a thousand rows. DuckDB plans again if a relation is a table of a database.
        """
        name = f"plan_{hash(self.sql) % 2**63}"
        try:
            cursor.execute(f"EXECUTE {name}")
        except duckdb.BinderException:  # not prepared yet
            self._with_macros(cursor, f"PREPARE {name} AS {self.sql}", {})
            cursor.execute(f"EXECUTE {name}")

    def _with_macros(self, cursor: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, Any]) -> None:
        try:
            cursor.execute(sql, values)
        except duckdb.CatalogException:
            _define(cursor, self.file)
            cursor.execute(sql, values)


def _define(cursor: duckdb.DuckDBPyConnection, file: str) -> None:
    """Define the macros of a file, for all cursors of the database."""
    words = {"automated": AUTOMATED, "somebody_else": SOMEBODY_ELSE}
    macros = [f"""CREATE OR REPLACE MACRO "data.lens".{name}() AS '{word}';""" for name, word in words.items()]
    with _defining:
        cursor.execute("""ATTACH IF NOT EXISTS ':memory:' AS "data.lens" """)
        cursor.execute("\n".join([*macros, *queries(file, "::").values()]))


@cache
def statement(name: str, earlier: bool = False) -> Statement:
    """Return a query of the lens or a figure. `earlier`: for the room as it was after line $as_of of the log."""
    moment = [f"{table} AS (FROM {table}_at($as_of))" for table in OF_A_MOMENT if earlier]
    if name in queries(FIGURES):
        made = figure(queries(FIGURES)[name], before=moment)
    else:
        made = Statement(_with(moment, queries(LENS)[name]), LENS)
    (parsed,) = duckdb.extract_statements(made.sql)
    return Statement(made.sql, made.file, frozenset(parsed.named_parameters))


@cache
def over_time(name: str, viewer: str, earlier: bool = False) -> Statement:
    """Return a query of `over_time.sql` for one of the kinds of viewers in IN_REACH. `earlier`: as in `statement`."""
    moment = [f"{table} AS (FROM {table}_at($as_of))" for table in OF_A_MOMENT if earlier]
    shared = {**IN_REACH[viewer], "spells": queries(OVER_TIME, "::")["spells"]}
    sql = _without_comments(queries(OVER_TIME)[name])
    needed = [
        f"{each} AS {'' if each == 'alike' else 'NOT '}MATERIALIZED (\n{_without_comments(shared[each])}\n)"
        for each in shared
    ]
    sql = _with([*moment, *needed], sql).replace("\nWITH ", ",\n", 1)  # the query's own relations come after these
    (parsed,) = duckdb.extract_statements(sql)
    return Statement(sql, LENS, frozenset(parsed.named_parameters))


def _without_comments(sql: str) -> str:
    return "\n".join(line for line in sql.splitlines() if not line.startswith("-- "))


def figure(sql: str, before: Collection[str] = (), given: Collection[str] = ()) -> Statement:
    """Return a statement about figures, with definitions of what they share, unless that is `given` as a table."""
    needed = {name: SHARED[name] for name in SHARED if name in _shared_by(sql) and name not in given}
    return Statement(_with([*before, *(f"{name} AS ({read})" for name, read in needed.items())], sql), FIGURES)


@cache
def _shared_by(sql: str) -> Collection[str]:
    """Return the names of the shared relations that a query reads, directly or indirectly."""
    found, texts = set[str](), [sql]
    for name in reversed(list(SHARED)):
        if any(re.search(rf"\b{name}\b", text) for text in texts):
            found.add(name)
            texts.append(SHARED[name])
    return found


def _with(relations: Collection[str], sql: str) -> str:
    return f"WITH {', '.join(relations)}\n{sql}" if relations else sql
