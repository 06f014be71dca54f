"""Run the named statements of `tickets.sql`."""

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import duckdb


@cache
def statements() -> Mapping[str, str]:
    """Return the statements by their names, in their order."""
    text = resources.files("data").joinpath("imported/tickets.sql").read_text(encoding="utf-8")
    pieces = re.split(r"^-- ::?(\w.*)$", text, flags=re.MULTILINE)[1:]
    return {name: sql.strip() for name, sql in zip(pieces[::2], pieces[1::2], strict=True)}


def run(cursor: duckdb.DuckDBPyConnection, *names: str, given: Mapping[str, Any] | None = None) -> None:
    """Run statements, each with those of the given values that it uses."""
    for name in names:
        sql = statements()[name]
        cursor.execute(sql, {key: value for key, value in (given or {}).items() if re.search(rf"\${key}\b", sql)})
