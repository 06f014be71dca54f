"""The process that runs a user's SQL. It imports nothing from this project, to start quickly and to know little.

It gets a DuckDB file and limits as arguments, and the SQL on standard input. It writes the answer to standard output as
an Arrow stream and exits with 0, or a message to standard error and exits with `NO_ANSWER`.

The file holds only what the user may see. The rest is defence in depth: a single SELECT, only from the file's tables
and harmless table functions; a read-only database without access to other files and with locked settings; and limits on
memory, on processor time and on the size of what the process writes.
"""

import json
import os
import sys
from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import Any, BinaryIO

import duckdb
import pyarrow as pa

NO_ANSWER = 3
TABLE_FUNCTIONS = frozenset({"generate_series", "json_each", "json_tree", "range", "repeat_row", "unnest"})
"""The table functions that are allowed. Others read files, settings or memory."""
FUNCTIONS_REFUSED = frozenset({"json_serialize_plan", "write_log"})
"""What can stand nowhere: one plans SQL that is in a text, which nobody looks at, and one writes."""
_MEGABYTE = 2**20
_BATCH = 10_000
_FOR_THE_PROCESS = 512  # megabytes besides the database's: libraries and copies
_RESERVED = 4096  # megabytes of address space that libraries reserve but do not use
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": "1",
    "enable_external_access": "false",
    "allow_community_extensions": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "temp_directory": "",
    "secret_directory": "",
    "lock_configuration": "true",
}


class NotAllowed(Exception):
    """The SQL is not one SELECT over the available tables."""


def open_tables(file: str, megabytes: int) -> duckdb.DuckDBPyConnection:
    """Open a file of tables with locked settings."""
    return duckdb.connect(file, read_only=True, config=_CONFIG | {"memory_limit": f"{megabytes}MB"})


def answer(db: duckdb.DuckDBPyConnection, sql: str, tables: Collection[str]) -> pa.RecordBatchReader:
    """Return the result of one SELECT over these tables. Raises NotAllowed, and duckdb.Error if it cannot run."""
    statements = duckdb.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        kinds = ", ".join(each.type.name for each in statements) or "nothing"
        raise NotAllowed(f"the SQL must be one SELECT, not {kinds}")
    check_sources(db, sql, tables)
    return db.sql(sql).to_arrow_reader(_BATCH)


def check_sources(db: duckdb.DuckDBPyConnection, sql: str, tables: Collection[str]) -> None:
    """Check everything that a SELECT reads from, at any depth. Raises NotAllowed."""
    found = db.execute("SELECT json_serialize_sql(?::VARCHAR)", [sql]).fetchall()[0][0]
    tree: dict[str, Any] = json.loads(found)
    if tree.get("error"):
        raise NotAllowed(str(tree.get("error_message")))
    for node, named in _nodes(tree):
        if node.get("type") == "TABLE_FUNCTION":
            name = node["function"]["function_name"]
            if _lower(name) not in TABLE_FUNCTIONS:
                raise NotAllowed(f"the table function {name} cannot be used; these can: {_listed(TABLE_FUNCTIONS)}")
        elif node.get("type") == "BASE_TABLE":
            path = [node[part] for part in ("catalog_name", "schema_name", "table_name") if node.get(part)]
            if len(path) > 1 or _lower(path[0]) not in {*tables, *named}:
                raise NotAllowed(f"there is no table {'.'.join(path)}; there are {_listed(tables)}")
        elif node.get("type") == "SHOW_REF" and not node.get("query"):
            raise NotAllowed(f"the tables are {_listed(tables)}; DESCRIBE shows the columns of one")
        elif node.get("type") == "FUNCTION" and _lower(node["function_name"]) in FUNCTIONS_REFUSED:
            raise NotAllowed(f"the function {node['function_name']} cannot be used")


def _nodes(tree: object) -> Iterator[tuple[dict[str, Any], frozenset[str]]]:
    """Yield each node with the names that WITH gives to tables where it stands.

    Elsewhere, a name is that of a table of the file: before the WITH in question, beside its SELECT, and in what it
    names itself, save in the part of a recursive one that is repeated.
    """
    rest: list[tuple[object, frozenset[str]]] = [(tree, frozenset())]
    while rest:
        node, named = rest.pop()
        if isinstance(node, list):
            rest += [(each, named) for each in node]
        elif isinstance(node, dict):
            for each in (node.get("cte_map") or {}).get("map", ()):
                rest.append((each["value"], named))
                named |= {_lower(each["key"])}
            yield node, named
            repeated = {_lower(node["cte_name"])} if node.get("type") == "RECURSIVE_CTE_NODE" else set[str]()
            for part, value in node.items():
                if part != "cte_map":
                    rest.append((value, named | repeated if part == "right" else named))


def _lower(name: str) -> str:
    """Return a name as DuckDB compares it: only the letters A to Z are the same as their small ones."""
    return name.encode().lower().decode()


def _listed(names: Collection[str]) -> str:
    return ", ".join(sorted(names))


def write(reader: pa.RecordBatchReader, output: BinaryIO, most: int) -> None:
    """Write an answer as an Arrow stream: at most `most` rows, and one more to show that there are more."""
    with pa.ipc.new_stream(output, reader.schema) as stream:
        left = most + 1
        for batch in reader:
            stream.write_batch(batch.slice(0, left))
            left -= batch.num_rows
            if left <= 0:
                break


def limit(seconds: int, megabytes: int, answer_megabytes: int) -> None:
    """Set limits on this process, where the system supports them."""
    with suppress(ImportError):  # Windows: only the time is limited, by the parent process
        import resource

        for what, most in (
            (resource.RLIMIT_DATA, (megabytes + _FOR_THE_PROCESS) * _MEGABYTE),
            (resource.RLIMIT_AS, (megabytes + _FOR_THE_PROCESS + _RESERVED) * _MEGABYTE),
            (resource.RLIMIT_CPU, seconds),
            (resource.RLIMIT_FSIZE, answer_megabytes * _MEGABYTE),
            (resource.RLIMIT_CORE, 0),
        ):
            with suppress(ValueError, OSError):  # the system's own limit is lower
                resource.setrlimit(what, (most, most))


def main(file: str, seconds: str, megabytes: str, answer_megabytes: str, most: str, *tables: str) -> int:
    """Answer the query on standard input. `tables`: all available ones, including some that the file may lack."""
    limit(int(seconds), int(megabytes), int(answer_megabytes))
    sql = sys.stdin.buffer.read().decode("utf-8")
    try:
        write(answer(open_tables(file, int(megabytes)), sql, tables), sys.stdout.buffer, int(most))
        sys.stdout.buffer.flush()
    except (NotAllowed, duckdb.Error, pa.ArrowException) as error:
        return _say(str(error))
    except OSError:
        return _say(f"the answer is larger than {answer_megabytes} MB")
    except MemoryError:
        return _say(f"more than {megabytes} MB of memory would be needed")
    return 0


def _say(message: str) -> int:
    sys.stderr.buffer.write(message.encode("utf-8"))
    sys.stderr.buffer.flush()
    return NO_ANSWER


if __name__ == "__main__":
    os._exit(main(*sys.argv[1:]))  # at once: the rest of an answer that is too large could not be flushed at exit
