"""Read a file or a frame of tickets as text: one column for each field, and each row with its line."""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import duckdb
import pandas as pd

from data.files.shown import on_one_line
from data.imported.fields import FIELDS, chosen_columns
from model.limits import MOST_ROWS_IMPORTED

NOTHING = ("", "-", "NULL", "null", "None", "NaT", "nan", "N/A", "n/a")
"""The texts that stand for a missing value in a file."""
_SEPARATORS = ",;\t|"
_READ_AHEAD = 1_000_000  # bytes of a header
SPREADSHEETS = (".xlsx", ".xls", ".xlsm", ".ods")
"""The suffixes of spreadsheets: they are not read, but users try them."""
_ENDINGS = {".csv": "csv", ".txt": "csv", ".tsv": "csv", ".parquet": "parquet", ".pq": "parquet"}


@dataclass(frozen=True, slots=True)
class Source:
    """A file or a frame, and the names of its columns."""

    columns: tuple[str, ...]
    frame: pd.DataFrame | None = None
    path: Path | None = None
    separator: str = ""  # of a CSV file; a Parquet file has none
    encoding: str = "utf-8"
    first_lines: int = 0  # before the header

    def relation(self, *, strict: bool = True) -> str:
        """Return the SQL that reads the source. A frame has to be registered as `frame_read`."""
        if self.frame is not None:
            return "frame_read"
        if not self.separator:
            return f"read_parquet({_path(self.path)})"
        columns = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in self.columns)
        return (
            f"read_csv({_path(self.path)}, auto_detect = false, header = true, columns = {{{columns}}}, "
            f"delim = {_text(self.separator)}, quote = '\"', escape = '\"', store_rejects = true, "
            "rejects_table = 'lines_rejected', rejects_scan = 'scans_rejected', rejects_limit = 0, "
            f"nullstr = {list(NOTHING)}, encoding = {_text(self.encoding)}, skip = {self.first_lines}, "
            f"strict_mode = {str(strict).lower()})"
        )

    def value(self, column: str) -> str:
        """Return the SQL of a column's texts, with NULL for missing values."""
        text = f"{_name(column)}::VARCHAR"
        return text if self.separator else f"if({text} IN {NOTHING}, NULL, {text})"


def find_source(source: pd.DataFrame | str | Path) -> Source:
    """Return the source for a frame or a path.

    Raises FileNotFoundError, TypeError, and ValueError if it is no CSV or Parquet file or has no header.
    """
    if isinstance(source, pd.DataFrame):
        return Source(_unique([str(name) for name in source.columns]), frame=source)
    if not isinstance(source, str | Path):
        raise TypeError(f"tickets are a frame, or the path of a CSV or Parquet file, not {source!r}")
    path = Path(source)
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path}")
    if path.suffix.lower() in SPREADSHEETS:
        raise _is_a_spreadsheet(path)
    kind = _ENDINGS.get(path.suffix.lower())
    if kind == "parquet":
        return Source(_parquet_columns(path), path=path)
    if kind == "csv":
        return _csv_file(path)
    raise ValueError(f"{path.name} is no CSV or Parquet file: its name ends in none of {', '.join(_ENDINGS)}")


def _is_a_spreadsheet(path: Path) -> ValueError:
    return ValueError(
        f"{path.name} is a spreadsheet's own file: save the sheet as CSV UTF-8 (in Excel: File, Save As), and give that"
    )


def load(
    cursor: duckdb.DuckDBPyConnection, source: Source, given: Mapping[str, str | None] | None
) -> tuple[dict[str, str], bool]:
    """Read everything into the tables `rows_read` and `unreadable`.

    Return the column of each field, and whether the file follows the rules of CSV.

    Raises ValueError if a column is missing, or the file cannot be read.
    """
    chosen = chosen_columns(source.columns, given)
    taken = [f"{source.value(chosen[field]) if field in chosen else 'NULL::VARCHAR'} AS {field}" for field in FIELDS]
    if source.frame is not None:
        cursor.register("frame_read", source.frame.set_axis(list(source.columns), axis=1))
    made = (
        f"CREATE TEMP TABLE rows_read AS SELECT {1 + source.first_lines} + row_number() OVER () AS line, "
        f"{', '.join(taken)} FROM {{}} LIMIT {MOST_ROWS_IMPORTED + 1}"
    )
    is_strict = True
    try:
        try:
            cursor.execute(made.format(source.relation()))
        except duckdb.InvalidInputException:  # line ends or quotation marks that CSV does not allow
            if not source.separator:
                raise
            is_strict = False
            cursor.execute(made.format(source.relation(strict=False)))
    except duckdb.Error as error:
        if source.path is None:
            raise
        why = str(error).splitlines()[0].replace(str(source.path), source.path.name)
        raise ValueError(f"{source.path.name} cannot be read: {why}") from error
    finally:
        if source.frame is not None:
            cursor.unregister("frame_read")
    if cursor.execute("SELECT count(*) FROM rows_read").fetchall()[0][0] > MOST_ROWS_IMPORTED:
        raise ValueError(f"it has more than {MOST_ROWS_IMPORTED:,} rows: a room is made of at most so many")
    _number_around_rejected(cursor, source)
    return chosen, is_strict


def _number_around_rejected(cursor: duckdb.DuckDBPyConnection, source: Source) -> None:
    """Keep the lines that could not be read in `unreadable`, and count them in the line numbers after them."""
    cursor.execute("CREATE TEMP TABLE unreadable (line BIGINT, error VARCHAR)")
    if not source.separator:
        return
    cursor.execute(
        "INSERT INTO unreadable SELECT line, any_value(error_type)::VARCHAR FROM lines_rejected GROUP BY line"
    )
    if cursor.execute("SELECT count(*) FROM unreadable").fetchall() != [(0,)]:
        cursor.execute("""
            CREATE OR REPLACE TEMP TABLE rows_read AS
            SELECT r.* REPLACE (r.line + coalesce(u.before, 0) AS line)
            FROM rows_read AS r ASOF LEFT JOIN (
                SELECT row_number() OVER (ORDER BY line) AS before, line - before + 1 AS place FROM unreadable
            ) AS u ON u.place <= r.line ORDER BY 1
        """)


def _csv_file(path: Path) -> Source:
    """Return a CSV file with its separator and columns. Raises ValueError if it has no header."""
    with path.open("rb") as file:
        start = file.read(_READ_AHEAD)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):  # whatever its name says
        raise _is_a_spreadsheet(path)
    encoding = "utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    text = start.decode("utf-8-sig" if encoding == "utf-8" else encoding, errors="replace")
    lines = StringIO(text, newline="")
    given, first_lines = "", 0
    if text[:4].lower() == "sep=":  # a spreadsheet's own first line
        given, first_lines = text[4:5], 1
        lines.readline()
    header = lines.getvalue()[lines.tell() :]
    first = header.splitlines()[0] if header else ""
    separator = given or max(_SEPARATORS, key=re.sub(r'"[^"]*"', "", first).count)
    try:
        names = next(csv.reader(StringIO(header, newline=""), delimiter=separator), [])
    except csv.Error as error:
        raise ValueError(f"{path.name} has no line with the names of columns: {error}") from None
    if not any(name.strip() for name in names):
        raise ValueError(f"{path.name} has no line with the names of columns")
    return Source(_unique(names), path=path, separator=separator, encoding=encoding, first_lines=first_lines)


def _parquet_columns(path: Path) -> tuple[str, ...]:
    try:
        with duckdb.connect() as db:
            found = db.execute(f"DESCRIBE FROM read_parquet({_path(path)})").fetchall()
    except duckdb.Error as error:
        raise ValueError(f"{path.name} is not a Parquet file that can be read") from error
    return tuple(row[0] for row in found)


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    """Return unique, non-empty names of columns; DuckDB ignores the case of letters."""
    found: dict[str, str] = {}
    for number, name in enumerate(names, start=1):
        shown = on_one_line(name.strip() or f"column {number}", 80)
        while shown.casefold() in found:
            shown = f"{shown} ({number})"
        found[shown.casefold()] = shown
    return tuple(found.values())


def _path(path: Path | None) -> str:
    """Return the path for DuckDB, with its pattern characters escaped."""
    return _text("".join(f"[{c}]" if c in "*?[" else c for c in str(path)))


def _text(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
