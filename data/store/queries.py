"""SQL files whose statements are named by headings."""

import re
from functools import cache
from importlib import resources


@cache
def queries(file: str, heading: str = ":") -> dict[str, str]:
    """Return the statements of one of this package's SQL files by name, in their order.

    A line `-- :name` heads a query, and a line `-- ::name` a part that the file's queries share (`heading="::"`).
    """
    text = resources.files("data").joinpath(file).read_text(encoding="utf-8")
    pieces = re.split(r"^-- (::?)(\w.*)$", text, flags=re.MULTILINE)[1:]
    found = zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True)
    return {name: sql.strip() for colons, name, sql in found if colons == heading}


def schema() -> str:
    """Return the statements that create the tables of a room."""
    return resources.files("data").joinpath("store/schema.sql").read_text(encoding="utf-8")


def schema_of(name: str) -> str:
    """Return the statement that creates one of a room's tables, or replaces one of its macros."""
    kind = "MACRO" if name.endswith("_at") else "TABLE"
    start = schema().index(f"CREATE {kind} {name}")
    end = schema().index(";\n", schema().index("\n", start))
    return schema()[start:end].replace("CREATE MACRO", "CREATE OR REPLACE MACRO")
