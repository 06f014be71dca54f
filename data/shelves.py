"""Events of simulated runs as Parquet files, a folder for each arm and replication, which DuckDB queries as they lie.

`FROM read_parquet('folder/*/*/*.parquet')` has the columns `arm` and `replication` beside the events' own.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import duckdb
import pandas as pd

_PART = ".part"  # what is still written


@contextmanager
def shelves(folder: str | Path) -> Iterator[Path]:
    """A folder beside it to write to; at the end it takes its place, or goes away where something went wrong.

    Raises FileExistsError where the folder has something in it, and OSError.
    """
    folder = Path(folder).absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(f"{folder} is there already, and is no empty folder: choose another one")
    folder.parent.mkdir(parents=True, exist_ok=True)
    written = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        written.chmod(0o755)
        yield written
        for part in written.rglob(f"*{_PART}"):  # of a worker that was lost
            part.unlink()
        if folder.exists():
            folder.rmdir()
        written.replace(folder)
    finally:
        shutil.rmtree(written, ignore_errors=True)


def shelve(events: pd.DataFrame, folder: Path, arm: str, replication: int) -> None:
    """Writes the events of one run; where two workers do so, the file of either, which are the same.

    Raises FileNotFoundError where the folder is not there, as on a machine that does not share it.
    """
    place = folder / f"arm={quote(arm, safe='')}" / f"replication={replication}"
    place.parent.mkdir(exist_ok=True)
    place.mkdir(exist_ok=True)
    part = place / f"{os.getpid()}{_PART}"
    with duckdb.connect(config={"threads": 1}) as db:
        db.register("events", events)
        db.table("events").write_parquet(str(part), compression="zstd")
    part.replace(place / "events.parquet")
