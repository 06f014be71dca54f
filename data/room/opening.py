"""Open a room's file: what is refused stays as it is, and what is older is brought up to date after a copy."""

import shutil
from pathlib import Path

import duckdb

from data.store import log
from data.store.duckdb_file import Store, read_only
from data.store.formats import FORMAT, check_format, migrate
from data.store.mark import Mark
from data.store.placing import mark_beside, sync, sync_folder, wal_beside
from data.store.trouble import missing_lines, trouble_told


def open_store(path: str) -> Store:
    """Return the store of a room's file.

    Raises DamagedRoom, RoomUnavailable, or ValueError if the file is not a room, of another format, or in use. Then
    the file and its write-ahead log are as they were.
    """
    if not Path(path).is_file():
        raise ValueError(f"{path} is not a room, but a folder")
    if wal_beside(Path(path)).exists():  # not closed properly: opening it for writing may change the log
        with read_only(path) as cursor:
            _check(cursor, path)
    store, number = _checked(path)
    if number != FORMAT:
        store.close()
        copy_beside(Path(path), f"format-{number}")
        store, _ = _checked(path)
        with store.transaction() as cursor:
            migrate(cursor, number)
    return store


def _checked(path: str) -> tuple[Store, int]:
    store = Store(path)
    try:
        with store.cursor() as cursor:
            return store, _check(cursor, path)
    except BaseException:
        store.close()
        raise


def _check(cursor: duckdb.DuckDBPyConnection, path: str) -> int:
    """Return the format of a room whose log has all lines that were acknowledged. Raises ValueError, DamagedRoom."""
    try:
        rows = cursor.execute("SELECT format FROM room").fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        raise ValueError(f"{path} is a DuckDB file, but not a room") from None
    number = check_format(path, rows[0][0] if rows else None)
    last, mark = log.last_line(cursor), Mark(path).read()
    if mark > last:
        raise missing_lines(path, last, mark)
    return number


def copy_beside(path: Path, suffix: str) -> Path:
    """Return the copy of a room's file, with its write-ahead log and mark, that was made beside it.

    The file must not be open. Raises RoomUnavailable; then no copy is left.
    """
    copy, number = Path(f"{path}.{suffix}"), 1
    while copy.exists():
        number += 1
        copy = Path(f"{path}.{suffix}-{number}")
    made: list[Path] = []
    try:
        with trouble_told(copy):
            for source, target in (
                (path, copy),
                *((beside(path), beside(copy)) for beside in (wal_beside, mark_beside)),
            ):
                if source.exists():
                    made.append(target)
                    shutil.copyfile(source, target)
                    sync(target)
            sync_folder(copy.parent)
    except BaseException:
        for file in made:
            file.unlink(missing_ok=True)
        raise
    return copy
