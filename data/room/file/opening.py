"""Open a room's file: a refused file stays unchanged, and an older format is copied before its migration."""

import logging
import os
import shutil
import time
from pathlib import Path

import duckdb

from data.store import log
from data.store.duckdb_file import Store, read_only
from data.store.formats import FORMAT, check_format, migrate
from data.store.mark import Mark
from data.store.placing import mark_beside, part_beside, sync, sync_folder, wal_beside
from data.store.remains import open_remains
from data.store.trouble import DamagedRoom, is_of_another_file, missing_lines, translated_errors

_log = logging.getLogger(__name__)


def open_store(path: str) -> Store:
    """Return the store of a room's file.

    Raises DamagedRoom, RoomUnavailable, or ValueError if the file is not a room, of another format, or in use. Then
    the file and its write-ahead log are as they were.
    """
    if not Path(path).is_file():
        raise ValueError(f"{path} is not a room, but a folder")
    if wal_beside(Path(path)).exists():  # not closed properly: opening it for writing might change the log
        try:
            with read_only(path) as cursor:
                _check(cursor, path)
        except DamagedRoom as error:
            if not (is_of_another_file(error) and _drop_log_of_earlier_file(Path(path))):
                _drop_torn_end(Path(path))
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
    """Return the format of a room whose log has all acknowledged lines. Raises ValueError, DamagedRoom."""
    try:
        rows = cursor.execute("SELECT format FROM room").fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        raise ValueError(f"{path} is a DuckDB file, but not a room") from None
    number = check_format(path, rows[0][0] if rows else None)
    last, mark = log.last_line(cursor), Mark(path).read()
    if mark > last:
        raise missing_lines(path, last, mark)
    return number


def _drop_log_of_earlier_file(path: Path) -> bool:
    """Remove a write-ahead log if the file itself has every acknowledged line; return whether it has.

    A complete copy replaces the file before its log is removed, and the disk can fail in between. The mark alone proves
    nothing if the log belongs to the file: after a rewind, the file might end at the right line number with old lines.
    """
    with translated_errors(path), part_beside(path) as scratch:
        shutil.copyfile(path, scratch)
        try:
            with read_only(str(scratch)) as cursor:
                _check(cursor, str(path))
        except ValueError:  # a damaged room, or not a room
            return False
        if not Mark(str(path)).read():  # unknown what was acknowledged
            return False
        sync_folder(path.parent)  # sync the name of the complete file first
        wal_beside(path).unlink()
        sync_folder(path.parent)
    return True


def _drop_torn_end(path: Path) -> None:
    """Truncate a write-ahead log to its sound part, if the rest was never acknowledged; keep a copy of the whole.

    A power cut can leave a partial last entry. Raises DamagedRoom if acknowledged lines would be missing.
    """
    log_file = wal_beside(path)
    with translated_errors(path), part_beside(path) as scratch:
        for beside in (Path, wal_beside):
            shutil.copyfile(beside(path), beside(scratch))
        with open_remains(scratch) as cursor:
            _check(cursor, str(path))
        sound = wal_beside(scratch).stat().st_size
        shutil.copyfile(log_file, time.strftime(f"{log_file}.torn-%Y%m%dT%H%M%SZ", time.gmtime()))
        os.truncate(log_file, sound)
        sync(log_file)
    _log.warning("%s: the end of its write-ahead log was torn, and dropped: it was never acknowledged", path)


def copy_beside(path: Path, suffix: str) -> Path:
    """Copy a room's file, with its write-ahead log and mark, and return the copy's path.

    The file must not be open. Raises RoomUnavailable; then no copy is left.
    """
    copy, number = Path(f"{path}.{suffix}"), 1
    while copy.exists():
        number += 1
        copy = Path(f"{path}.{suffix}-{number}")
    made: list[Path] = []
    try:
        with translated_errors(copy):
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
