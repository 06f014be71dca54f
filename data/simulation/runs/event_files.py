"""Write events of simulated runs as Parquet files for DuckDB, in a folder for each arm and replication.

`FROM read_parquet('folder/*/*/*.parquet')` has the columns `arm` and `replication` beside the events' own.
"""

import os
from pathlib import Path
from urllib.parse import quote

import duckdb
import pandas as pd

from data.files.atomic_folder import PART


def write_events(events: pd.DataFrame, folder: Path, arm: str, replication: int) -> None:
    """Write the events of one run. If two workers write the same run, either file remains: they are equal.

    Raises FileNotFoundError if the folder is not there, as on a machine that does not share it.
    """
    place = folder / f"arm={quote(arm, safe='')}" / f"replication={replication}"
    place.parent.mkdir(exist_ok=True)
    place.mkdir(exist_ok=True)
    part = place / f"{os.getpid()}{PART}"
    with duckdb.connect(config={"threads": 1}) as db:
        db.register("events", events)
        db.table("events").write_parquet(str(part), compression="zstd")
    part.replace(place / "events.parquet")
