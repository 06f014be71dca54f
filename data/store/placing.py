"""A database's file is written beside its place, then renamed: at the path is the whole file, or what was there."""

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
    """Give the name of a hidden file in the same folder, of which nothing is left in the end."""
    part = path.with_name(f".{path.name[:60]}.{os.getpid()}-{secrets.token_hex(4)}{PART}")
    try:
        yield part
    finally:
        for file in (part, wal_beside(part)):
            with suppress(OSError):
                file.unlink()


def put_in_place(part: Path, path: Path) -> None:
    """Give a whole database its name, where no file is. Raises FileExistsError if there is one by now."""
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
    """Put a whole database in place of the one that is there, if any: a kill leaves the old or the new one, whole.

    Raises ValueError if another process has the old one open.
    """
    if path.exists():
        _refuse_if_locked(path)
    # Before the name changes hands: the old mark would tell of lines that the new log never had.
    mark_beside(path).unlink(missing_ok=True)
    sync_folder(path.parent)
    swap(part, path)


def swap(part: Path, path: Path) -> None:
    """Give a whole database the name of another, whose write-ahead log goes.

    If the power fails in between, the new file is there beside the old log, which DuckDB tells from its own.
    """
    sync(part)
    part.replace(path)
    sync_folder(path.parent)
    wal_beside(path).unlink(missing_ok=True)
    sync_folder(path.parent)


def _refuse_if_locked(path: Path) -> None:
    """Raise ValueError if another process has the file open. One that cannot be read is nobody's."""
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
    """Wait until the file's content is on the disk."""
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Wait until the names in the folder are on the disk, where the system can do that."""
    if os.name == "posix":
        sync(folder)
