"""A user's SQL reaches the user's tables and nothing else."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from data.ad_hoc_sql import process
from data.ad_hoc_sql.asking import LONGEST, QueryFailed, QueryLimits, ask
from tests.data.ad_hoc_sql.escapes import escapes

TICKETS = pd.DataFrame({"title": ["Guests cannot sign in", "A policy blocks everybody"], "status": ["Open", "Closed"]})
SECRET = "a text that nobody may see"
LIMITS = QueryLimits(seconds=20, megabytes=256, rows=1000)
LOOP = """
import json, sys
sys.path.insert(0, sys.argv[1])
import duckdb, process
process.limit(60, 256, 1)
db, found = process.open_tables(sys.argv[2], 256), []
for sql in json.load(sys.stdin):
    try:
        found.append([sql, True, str(process.answer(db, sql, ["tickets", "empty"]).read_all().to_pylist())])
    except (process.NotAllowed, duckdb.Error) as error:
        found.append([sql, False, str(error)])
print(json.dumps(found))
"""


def asked(sql: str, limits: QueryLimits = LIMITS) -> list[dict[str, object]]:
    """Run a query over two tables, of which one is empty."""
    tables = {"tickets": lambda: TICKETS, "empty": lambda: TICKETS.head(0)}
    found: list[dict[str, object]] = ask(tables, sql, limits).to_pylist()
    return found


def refused(sql: str, limits: QueryLimits = LIMITS) -> str:
    """Return the error of a query."""
    with pytest.raises(QueryFailed) as error:
        asked(sql, limits)
    return str(error.value)


def test_a_select_is_answered() -> None:
    assert asked("SELECT status, count(*) AS many FROM tickets GROUP BY ALL ORDER BY ALL") == [
        {"status": "Closed", "many": 1},
        {"status": "Open", "many": 1},
    ]
    assert asked("WITH t AS (FROM tickets) SELECT t.title FROM t, range(2) WHERE range = 1 AND status = 'Open'") == [
        {"title": "Guests cannot sign in"}
    ]
    assert asked('FROM "EMPTY"') == []
    assert [row["column_name"] for row in asked("DESCRIBE tickets")] == ["title", "status"]


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("WITH a AS (SELECT 1 AS x), b AS (FROM a) SELECT (SELECT x FROM b) AS y FROM A ORDER BY (SELECT x FROM a)", 1),
        ("WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM R WHERE n < 3) SELECT max(n) FROM r", 3),
        (
            "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL (WITH s AS (FROM r) SELECT n + 1 FROM s WHERE n < 3)) "
            "SELECT max(n) FROM r",
            3,
        ),
        ("SELECT count(*) FROM (WITH tickets AS (FROM empty) FROM tickets) AS a", 0),
        ("SELECT max(n) FROM (WITH a AS (SELECT 7 AS n) FROM a UNION ALL SELECT 1)", 7),
    ],
)
def test_a_name_that_with_gives_is_known_where_it_counts(sql: str, found: int) -> None:
    (row,) = asked(sql)
    assert list(row.values()) == [found]


@pytest.mark.slow
def test_no_query_escapes_its_tables(tmp_path: Path) -> None:
    """The secret is in the queried file itself, so that another table of it would be an escape, too."""
    file = tmp_path / "room.duckdb"
    with duckdb.connect(str(file)) as db:
        db.register("given", TICKETS)
        db.execute("CREATE TABLE tickets AS FROM given; CREATE TABLE empty AS FROM given LIMIT 0")
        db.execute(f"CREATE TABLE hidden AS SELECT '{SECRET}' AS title, 'Open' AS status")
    tried = escapes()
    assert len(tried) >= 300
    ran = subprocess.run(
        [sys.executable, "-c", LOOP, str(Path(process.__file__).parent), str(file)],
        input=json.dumps(tried).encode(),
        capture_output=True,
        cwd=tmp_path,
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"], "SECRET": SECRET},
    )
    assert ran.returncode == 0, ran.stderr.decode()[-2000:]
    found = json.loads(ran.stdout)
    assert [sql for sql, _, _ in found] == tried
    assert [(sql, says[:200]) for sql, is_answered, says in found if is_answered] == []
    assert [sql for sql, _, says in found if SECRET in says or "root:" in says] == []
    assert [path.name for path in tmp_path.iterdir()] == ["room.duckdb"]


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("DROP TABLE tickets", "the SQL must be one SELECT, not DROP"),
        ("SELECT 1; SELECT 2", "the SQL must be one SELECT, not SELECT, SELECT"),
        (" ", "the SQL must be one SELECT, not nothing"),
        ("FROM hidden", "there is no table hidden; there are empty, tickets"),
        ("FROM glob('*')", "the table function glob cannot be used; these can: generate_series, json_each"),
        ("SHOW TABLES", "the tables are empty, tickets; DESCRIBE shows the columns of one"),
        ("SELECT titel FROM tickets", 'Referenced column "titel" not found'),
        ("FROM tickets WHERE", "syntax error"),
        ("SELECT '" + LONGEST * "x" + "'", "SQL has at most 100,000 characters, not 100,009"),
    ],
)
def test_errors_are_explained(sql: str, says: str) -> None:
    assert says in refused(sql)


@pytest.mark.slow
def test_a_query_that_takes_too_much_is_ended() -> None:
    few = QueryLimits(seconds=60, megabytes=128, answer_megabytes=1, rows=10)
    assert refused("SELECT count(*) FROM range(10000000) AS a, range(10000000) AS b", replace(few, seconds=2)) == (
        "no answer within 2 seconds, so the search was ended"
    )
    assert refused("SELECT list(range) FROM range(1000000000)", few) == "more than 128 MB of memory would be needed"
    assert refused("SELECT repeat('x', 2000000)", few) == "the answer is larger than 1 MB"
    assert len(asked("FROM range(100000)", few)) == 11  # one more than requested: a sign that there are more


def test_the_process_does_not_get_the_servers_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    (row,) = asked("SELECT current_setting('secret_directory') AS a, current_setting('home_directory') AS b")
    assert "somebody" not in str(row)
