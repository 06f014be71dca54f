"""Write tables as Parquet, and as CSV in which a spreadsheet runs no formulas."""

import csv
import re
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pandas as pd

_UNSEEN = r"[\s\x00-\x1f\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff]*"
_FORMULA = re.compile(rf"((?:^|[;|\t\r\n]){_UNSEEN})([=+\-@＝＋－＠])")  # noqa: RUF001 - wide ones start formulas too


def harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with an apostrophe before each character in its texts that could start a formula.

    Such a character is at the beginning or after a separator, possibly behind invisible characters.
    """
    marked = frame.copy()
    for name in frame.select_dtypes(["str", "object", "category"]):
        marked[name] = frame[name].astype("str").str.replace(_FORMULA, r"\1'\2", regex=True)
    return marked


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Return the frame as CSV without formulas: every field quoted, in UTF-8 with a byte order mark.

    Times are written as 2026-03-02 09:13:05; a column of days has no time of day.
    """
    return harmless(frame).to_csv(index=False, quoting=csv.QUOTE_ALL, lineterminator="\n").encode("utf-8-sig")


def write_csv(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write a CSV file without formulas for each table."""
    for name, frame in tables.items():
        (folder / f"{name}.csv").write_bytes(csv_bytes(frame))


def write_parquet(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write a Parquet file for each table, with texts unchanged."""
    with duckdb.connect() as db:
        for name, frame in tables.items():
            db.from_df(frame).write_parquet(str(folder / f"{name}.parquet"), compression="zstd")
