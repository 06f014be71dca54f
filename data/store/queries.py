"""SQL files: queries by name."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from importlib import resources


@cache
def queries(file: str) -> dict[str, str]:
    """The queries of a SQL file in which each is headed by a line `-- :its name`."""
    return {name: sql for colons, name, sql in _headed(file) if colons == ":"}


@cache
def shared(file: str) -> dict[str, str]:
    """What the queries of a SQL file share: each is headed by a line `-- ::its name`."""
    return {name: sql for colons, name, sql in _headed(file) if colons == "::"}


def _headed(file: str) -> Iterable[tuple[str, str, str]]:
    text = resources.files("data").joinpath(file).read_text(encoding="utf-8")
    pieces = re.split(r"^-- (::?)(.+)$", text, flags=re.MULTILINE)[1:]
    return zip(pieces[::3], pieces[1::3], map(str.strip, pieces[2::3]), strict=True)


@cache
def sql(name: str, earlier: bool) -> tuple[str, frozenset[str]]:
    """The query as one statement, and its parameters; `earlier`: of the moment after line $as_of."""
    tables = ["clock", "tickets", "requests", "log"] if earlier else []
    above = [f"{table} AS (FROM {table}_at($as_of))" for table in tables]
    statement = with_parts((queries("lens/lens.sql") | queries("lens/figures.sql"))[name], above)
    return statement, frozenset(re.findall(r"\$(\w+)", statement))


_READS = re.compile(r"\b(FROM|JOIN) (\w+(?:\(\w+\))?)")


_OWN_WITH = re.compile(r"\A((?:--.*\n)*)WITH ")


def with_parts(sql: str, above: Sequence[str] = (), present: Collection[str] = ()) -> str:
    """A query as one statement: after `above` stands before it what it shares with others, and each part once.

    A part that is read in several places is worked out once. `present`: the parts that are there as tables already.
    """
    parts = _parts(sql, present)
    reads = Counter(part for query in (sql, *parts.values()) for _, part in _READS.findall(query))
    before = list(above)
    for part, query in parts.items():
        before.append(f'"{part}" AS {"MATERIALIZED " if reads[part] > 1 else ""}({_quoted(query)})')
    if not before:
        return _quoted(sql)
    heading = f"WITH {', '.join(before)}"
    own = _OWN_WITH.match(sql)
    return f"{heading}, {_quoted(sql[own.end() :])}" if own else f"{heading} {_quoted(sql)}"


def _parts(sql: str, present: Collection[str]) -> dict[str, str]:
    """The parts that a query reads from, each after those that it reads from itself."""
    found: dict[str, str] = {}
    for _, part in _READS.findall(sql):
        query = _part(part)
        if query is not None and part not in present:
            found |= _parts(query, present) | {part: query}
    return found


def _quoted(sql: str) -> str:
    """The query with its parts by names that DuckDB takes for names: `incidence(decisions)` is one."""
    return _READS.sub(lambda read: f'{read[1]} "{read[2]}"' if _part(read[2]) is not None else read[0], sql)


@cache
def _part(name: str) -> str | None:
    """The query of a part; None: it is a table. `incidence(decisions)` is `incidence(spells)` about decisions."""
    every = {part: queries("lens/lens.sql")[part] for part in ("seen", "listed")} | shared("lens/figures.sql")
    for heading, query in every.items():
        form, parameter = _split(heading)
        if form == _split(name)[0]:
            return re.sub(rf"\b{parameter}\b", _split(name)[1], query) if parameter else query
    return None


def _split(name: str) -> tuple[str, str]:
    before, _, after = name.partition("(")
    return before, after.rstrip(")")
