"""Tables as files: CSV that a spreadsheet opens without running what is in it, and Parquet."""

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pandas as pd

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - a formula for a spreadsheet


def harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with an apostrophe before each text that a spreadsheet would take for a formula."""
    marked = frame.copy()
    for name in frame.select_dtypes(["str", "object", "category"]):
        text = frame[name].astype("str")
        formula = text.str.startswith(_STARTS) | text.str.lstrip().str.startswith(_STARTS)
        marked[name] = text.where(~formula, "'" + text)
    return marked


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Return the frame as CSV, free of formulas: times as ISO 8601, in UTF-8 with the mark that spreadsheets want."""
    return harmless(frame).to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\n").encode("utf-8-sig")


def write_csv(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write a CSV file for each table, free of formulas."""
    for name, frame in tables.items():
        (folder / f"{name}.csv").write_bytes(csv_bytes(frame))


def write_parquet(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write a Parquet file for each table, with its texts unchanged."""
    with duckdb.connect() as db:
        for name, frame in tables.items():
            db.from_df(frame).write_parquet(str(folder / f"{name}.parquet"), compression="zstd")
