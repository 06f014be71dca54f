"""Frames for the layers above the lens: of rows, and of lines of a room's log."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from data.store.frames import dtypes, frame_of
from data.store.log import LOG_COLUMNS

__all__ = ["LOG_COLUMNS", "dtypes", "frame_of", "log_frame"]


def log_frame(rows: int, columns: Mapping[str, Any]) -> pd.DataFrame:
    """Return lines of a log, numbered from 1, with the given columns in the log's order, and all others empty.

    An empty text column is categorical. Raises ValueError for a column that the log does not have.
    """
    if unknown := set(columns) - set(LOG_COLUMNS):
        raise ValueError(f"a log has no columns {', '.join(sorted(unknown))}")
    given = columns if "seq" in columns else {"seq": np.arange(1, rows + 1), **columns}
    return pd.DataFrame(
        {name: given[name] if name in given else _nothing(rows, dtype) for name, dtype in LOG_COLUMNS.items()},
        copy=False,
    )


def _nothing(rows: int, dtype: Any) -> Any:
    if dtype == "str":  # as categories it takes a byte per row; DuckDB needs at least one category
        return pd.Categorical.from_codes(np.full(rows, -1, np.int8), pd.Index([""], dtype=object), validate=False)
    if dtype == "Int32":
        return pd.arrays.IntegerArray(np.zeros(rows, np.int32), np.ones(rows, np.bool_))
    return pd.array([None], dtype=dtype).repeat(rows)
