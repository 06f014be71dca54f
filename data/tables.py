"""Tables as files: CSV that a spreadsheet opens without running what is in it, and Parquet."""

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pandas as pd

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - a formula for a spreadsheet


def harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """The same, where an apostrophe stands before each text that a spreadsheet would take for a formula."""
    marked = frame.copy()
    for name in frame.select_dtypes(["str", "object", "category"]):
        text = frame[name].astype("str")
        marked[name] = text.where(~text.str.startswith(_STARTS), "'" + text)
    return marked


def csv_text(frame: pd.DataFrame) -> str:
    """The frame as CSV, harmless; times as ISO 8601."""
    return harmless(frame).to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\n")


def write_csv(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """A file for each table, in UTF-8 with a mark at its beginning, by which spreadsheets know it."""
    for name, frame in tables.items():
        (folder / f"{name}.csv").write_text(csv_text(frame), encoding="utf-8-sig", newline="")


def write_parquet(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """A file for each table, whose texts are as they were."""
    with duckdb.connect() as db:
        for name, frame in tables.items():
            db.from_df(frame).write_parquet(str(folder / f"{name}.parquet"), compression="zstd")
