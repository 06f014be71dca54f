"""Frames whose columns have the same dtypes with and without rows."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from types import NoneType
from typing import Any, get_args, get_type_hints

import duckdb
import pandas as pd

_DTYPES = {datetime: "datetime64[us]", bool: "bool", int: "int64", float: "float64"}
_WITH_MISSING = {"bool": "boolean", "int64": "Int64"}


def dtypes(kind: type[Any]) -> dict[str, str]:
    """Return the dtype of a column for each field of a dataclass; names, ids and enumerations are `str`."""
    hints, found = get_type_hints(kind), {}
    for field in fields(kind):
        hint = hints[field.name]
        types = [each for each in get_args(hint) or (hint,) if each is not NoneType]
        dtype = _DTYPES.get(types[0], "str")
        found[field.name] = _WITH_MISSING.get(dtype, dtype) if NoneType in get_args(hint) else dtype
    return found


def frame_of(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return the rows that a cursor has found. Text is `str` (also if there is none), times are `datetime64[us]`."""
    texts = [column[0] for column in cursor.description or () if column[1] == "VARCHAR"]
    return with_dtypes(cursor.df(), dict.fromkeys(texts, "str"))


def with_dtypes(frame: pd.DataFrame, wanted: Mapping[str, str]) -> pd.DataFrame:
    """Return the frame with these dtypes; faster than `astype` if most columns have them already."""
    for name, dtype in frame.dtypes.items():
        if (other := wanted.get(str(name))) and other != str(dtype):
            frame[name] = frame[name].astype(other)  # type: ignore[call-overload]
    return frame
