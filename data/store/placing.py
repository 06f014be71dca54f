"""Put a database's file in place atomically: write it beside its path, then rename it."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

MEMORY = ":memory:"
PART = ".part"


@contextmanager
def part_beside(path: Path) -> Iterator[Path]:
    """Yield the name of a hidden temporary file in the same folder; it is removed at the end."""
    part = path.with_name(f".{path.name[:60]}.{os.getpid()}-{secrets.token_hex(4)}{PART}")
    try:
        yield part
    finally:
        for file in (part, wal_beside(part)):
            with suppress(OSError):
                file.unlink()


def put_in_place(part: Path, path: Path) -> None:
    """Move a complete database to its path. Raises FileExistsError if there is a file by now."""
    sync(part)
    for left in (mark_beside(path), wal_beside(path)):  # of a room that was deleted
        left.unlink(missing_ok=True)
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        part.rename(path)
    sync_folder(path.parent)


def put_in_place_of(part: Path, path: Path) -> None:
    """Replace the database at a path, if any: a kill leaves either the old or the new one complete.

    Raises ValueError if another process has the old one open.
    """
    if path.exists():
        _refuse_if_locked(path)
    # Before the rename: the old mark would refer to lines that the new log never had.
    mark_beside(path).unlink(missing_ok=True)
    sync_folder(path.parent)
    swap(part, path)


def swap(part: Path, path: Path) -> None:
    """Replace a database with a complete one, and remove the old write-ahead log.

    If the power fails in between, the new file is beside the old log, which DuckDB recognizes as foreign.
    """
    sync(part)
    part.replace(path)
    sync_folder(path.parent)
    wal_beside(path).unlink(missing_ok=True)
    sync_folder(path.parent)


def _refuse_if_locked(path: Path) -> None:
    """Raise ValueError if another process has the file open. An unreadable file counts as unlocked."""
    try:
        duckdb.connect(str(path), read_only=True).close()
    except duckdb.Error as error:
        if is_locked(error):
            raise in_use(path) from None


def is_locked(error: Exception) -> bool:
    """Return whether DuckDB says that another process has the file open."""
    return "could not set lock" in str(error).lower()


def in_use(path: str | Path) -> ValueError:
    """Return the error for a file that another process has open."""
    return ValueError(f"{path} is open in another process, which can write a snapshot of it")


def mark_beside(path: Path) -> Path:
    """Return the file of the database's high-water mark."""
    return Path(f"{path}.mark")


def wal_beside(path: Path) -> Path:
    """Return the file of the database's write-ahead log."""
    return Path(f"{path}.wal")


def sync(file: Path) -> None:
    """Sync the file's content to disk."""
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Sync the names in the folder to disk, where the system can do that."""
    if os.name == "posix":
        sync(folder)
