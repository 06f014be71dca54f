"""Attempts to escape the queryable tables: other files, settings, memory, writes, leftovers of other queries."""

from itertools import product

import duckdb

from data.ad_hoc_sql.process import TABLE_FUNCTIONS

FILES = (
    "/etc/passwd",
    "room.duckdb",
    "../room.duckdb",
    "/proc/self/environ",
    "/proc/self/mem",
    "https://example.org/x",
)
READERS = (
    *("read_csv", "read_csv_auto", "sniff_csv", "read_text", "read_blob", "glob", "read_json", "read_json_auto"),
    *("read_ndjson", "read_json_objects", "read_parquet", "parquet_scan", "parquet_metadata", "parquet_schema"),
    *("parquet_file_metadata", "parquet_kv_metadata", "read_duckdb", "read_xlsx", "st_read", "sqlite_scan"),
    *("postgres_scan", "mysql_query", "iceberg_scan", "delta_scan"),
)
WRAPPED = (
    "SELECT * FROM {0}",
    "WITH x AS (FROM {0}) FROM x",
    "SELECT (SELECT count(*) FROM {0})",
    "FROM tickets WHERE EXISTS (FROM {0})",
    "FROM tickets UNION ALL BY NAME FROM {0}",
    "DESCRIBE FROM {0}",
    "SUMMARIZE FROM {0}",
    "FROM tickets ORDER BY (SELECT count(*) FROM {0})",
    "FROM tickets, LATERAL (FROM {0})",
    "FROM tickets LIMIT (SELECT count(*) FROM {0})",
    "SELECT list_transform([1], lambda x: x + (SELECT count(*) FROM {0}))",
    "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r, {0}) FROM r",
    "SELECT count(*) OVER (ORDER BY (SELECT count(*) FROM {0})) FROM tickets",
    "FROM tickets PIVOT (count(*) FOR status IN (SELECT status FROM {0}))",
    "FROM (VALUES ((SELECT count(*) FROM {0})))",
)
OTHERS = (
    "requests",
    "log",
    "hidden",
    "memory.main.hidden",
    "temp.x",
    "information_schema.tables",
    "pg_catalog.pg_class",
)
STATEMENTS = (
    *(
        "ATTACH '/tmp/x.duckdb'",
        "ATTACH ':memory:' AS more",
        "DETACH room",
        "USE system",
        "CHECKPOINT",
        "FORCE CHECKPOINT",
    ),
    *("VACUUM", "ANALYZE", "BEGIN", "COMMIT", "ROLLBACK", "INSTALL httpfs", "LOAD httpfs", "LOAD '/tmp/x.so'"),
    *("COPY tickets TO '/tmp/stolen.csv'", "COPY tickets FROM '/etc/passwd'", "COPY (FROM tickets) TO '/dev/stdout'"),
    *("EXPORT DATABASE '/tmp/stolen'", "IMPORT DATABASE '/tmp'", "COPY FROM DATABASE room TO temp"),
    *("CREATE TABLE x AS FROM tickets", "CREATE TEMP TABLE x AS FROM tickets", "CREATE VIEW x AS FROM tickets"),
    *(
        "CREATE MACRO f() AS 1",
        "CREATE SCHEMA x",
        "CREATE SEQUENCE x",
        "CREATE TYPE x AS ENUM ('a')",
        "CREATE INDEX x ON tickets (title)",
    ),
    *(
        "CREATE SECRET (TYPE s3)",
        "CREATE PERSISTENT SECRET (TYPE s3)",
        "DROP TABLE tickets",
        "ALTER TABLE tickets ADD COLUMN x INT",
    ),
    *("INSERT INTO tickets DEFAULT VALUES", "UPDATE tickets SET title = ''", "DELETE FROM tickets", "TRUNCATE tickets"),
    *("MERGE INTO tickets USING tickets AS t ON true WHEN MATCHED THEN DELETE", "COMMENT ON TABLE tickets IS 'x'"),
    *("SET threads = 64", "SET GLOBAL memory_limit = '1TB'", "RESET threads", "SET enable_external_access = true"),
    *(
        "SET lock_configuration = false",
        "SET temp_directory = '/tmp'",
        "SET home_directory = '/'",
        "SET VARIABLE x = 1",
    ),
    *("SET allowed_paths = ['/etc/passwd']", "SET profiling_output = '/tmp/x'", "SET log_query_path = '/tmp/x'"),
    *("PRAGMA enable_profiling", "PRAGMA database_list", "PRAGMA table_info('tickets')", "PRAGMA version"),
    *("CALL pragma_version()", "CALL enable_logging()", "CALL checkpoint()", "PREPARE p AS FROM tickets", "EXECUTE p"),
    *(
        "DEALLOCATE p",
        "EXPLAIN ANALYZE FROM tickets",
        "EXPLAIN FROM tickets",
        "SHOW DATABASES",
        "SHOW ALL TABLES",
        "SHOW TABLES",
    ),
    *("FROM tickets; DROP TABLE tickets", "FROM tickets; FROM hidden", ";", "", "-- nothing", "/* FROM tickets */"),
    *(
        "FROM '/etc/passwd'",
        "FROM 'room.duckdb'",
        'FROM "/etc/passwd"',
        "SELECT * FROM '*.duckdb'",
        "FROM 'https://example.org/x.csv'",
    ),
    *("FROM frame", "FROM db", "FROM sql", "FROM statements", "FROM sys", "SELECT * FROM nodes"),  # Python's variables
    *("VALUES (getenv('HOME'))", "SELECT nextval('x')", "SELECT query('FROM hidden')"),
    *("EXECUTE IMMEDIATE 'FROM hidden'", "SELECT eval('FROM hidden')", "SELECT lo_import('/etc/passwd')"),
    *("SELECT json_execute_serialized_sql(json_serialize_sql('FROM hidden'))", "FROM query('FROM hidden')"),
    *("FROM query_table('hidden')", "FROM query_table(['tickets', 'hidden'])", "FROM tickets, hidden", "TABLE hidden"),
    *(
        "FROM tickets POSITIONAL JOIN hidden",
        "FROM tickets SEMI JOIN hidden USING (title)",
        "FROM tickets ASOF JOIN hidden USING (title)",
    ),
    *(
        "WITH tickets AS (FROM hidden) FROM tickets",
        "SELECT (FROM hidden)",
        "FROM room.main.hidden",
        "FROM main.hidden",
    ),
)


def table_functions() -> list[str]:
    """Return all of DuckDB's table functions, with arguments that each might accept."""
    with duckdb.connect() as db:
        found = db.execute(
            "SELECT function_name, max(len(parameters)) FROM duckdb_functions() "
            "WHERE function_type IN ('table', 'table_macro', 'pragma') GROUP BY ALL ORDER BY 1"
        ).fetchall()
    return [f"FROM {name}({', '.join(['1'] * many)})" for name, many in found if name not in TABLE_FUNCTIONS]


NAMED_LIKE_HIDDEN = (
    *("WITH hidden AS (FROM hidden) FROM hidden", "WITH RECURSIVE hidden AS (FROM hidden) FROM hidden"),
    "WITH a AS (FROM hidden), hidden AS (SELECT 1) FROM a",
    "SELECT * FROM (WITH hidden AS (SELECT 1) FROM hidden) AS a, hidden",
    "SELECT (WITH hidden AS (SELECT 1 AS x) SELECT x FROM hidden), (SELECT title FROM hidden)",
    "WITH RECURSIVE hidden AS (SELECT title FROM hidden UNION ALL SELECT title FROM hidden WHERE false) FROM hidden",
    "WITH t AS (WITH hidden AS (SELECT '') SELECT * FROM hidden) FROM t UNION ALL SELECT title FROM hidden",
    *('WITH "main.hidden" AS (SELECT 1) FROM main.hidden', 'WITH "room.hidden" AS (SELECT 1) FROM room.hidden'),
    'WITH "room.main.hidden" AS (SELECT 1) FROM room.main.hidden',
    'WITH "information_schema.tables" AS (SELECT 1) FROM information_schema.tables',
    *(
        f"SELECT * FROM (WITH {name} AS (SELECT 1) FROM tickets) AS a, {name}"
        for name in (
            "hidden",
            "duckdb_tables",
            "duckdb_columns",
            "duckdb_views",
            "sqlite_master",
            "pragma_database_list",
        )
    ),
    'WITH "h\u0131dden" AS (SELECT 1) FROM hidden',  # letters that some programs take for the same
    'SELECT * FROM (WITH "\u017fqlite_ma\u017fter" AS (SELECT 1) FROM tickets) AS a, sqlite_master',
    "SELECT * FROM (WITH x AS (SELECT 1) FROM tickets) AS a, 'room.duckdb'",
)
"""A name that WITH gives is no table's elsewhere, nor that of one in a schema."""
IN_TEXTS = (
    *("SELECT json_serialize_plan('FROM hidden')", "SELECT JSON_SERIALIZE_PLAN('FROM hidden', optimize := true)"),
    *("SELECT main.json_serialize_plan('FROM hidden')", "SELECT 'FROM hidden'.json_serialize_plan()"),
    *("SELECT write_log('x')", "SELECT title.write_log(level := 'ERROR') FROM tickets"),
)
"""Functions that look at SQL in a text, or write."""


def escapes() -> list[str]:
    """Return all attempts."""
    read = [f"FROM {reader}('{file}')" for reader, file in product(READERS, FILES)]
    hidden = [words.format(other) for words, other in product(WRAPPED, OTHERS)]
    return [*dict.fromkeys([*STATEMENTS, *NAMED_LIKE_HIDDEN, *IN_TEXTS, *read, *hidden, *table_functions()])]
