"""The DuckDB file of a room: opened by one process, written in whole transactions; lost lines are noticed."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from weakref import WeakValueDictionary

import duckdb

MEMORY = ":memory:"
_log = logging.getLogger(__name__)
_COMMITS_TO_A_CHECKPOINT = 50
_open: "WeakValueDictionary[str, Store]" = WeakValueDictionary()  # by path: DuckDB itself would open a file twice
_opening = threading.Lock()


class DamagedRoom(ValueError):
    """A room's file lacks lines that were acknowledged, or its tables are not what its log says."""


class RoomUnavailable(OSError):
    """A room cannot be read or written now: the disk is full, the folder cannot be written. Nothing was lost."""


class Store:
    """A DuckDB database, in a file or in memory. One process owns the file; others get a snapshot.

    `fill` writes a new one; if it fails, no file is left. Raises ValueError if the file is in use or no database.
    """

    def __init__(self, path: str, fill: Callable[[duckdb.DuckDBPyConnection], None] | None = None) -> None:
        self.path = path
        self._commits = 0
        with _opening:
            if path in _open:
                raise ValueError(f"{path} is open already: close it first, or take a snapshot of it")
            if fill and path != MEMORY:
                _mark_file(path).unlink(missing_ok=True)  # of a room that was deleted
            self.db = _connect(path)
            try:
                if fill:
                    fill(self.db)
            except BaseException:
                self.db.close()
                Path(path).unlink(missing_ok=True)
                raise
            if path != MEMORY:
                _open[path] = self

    def close(self) -> None:
        """Write everything into the file and release it. Does nothing if it is closed already."""
        with suppress(duckdb.ConnectionException):  # closed already
            self._checkpoint()
            self.db.close()
            _open.pop(self.path, None)

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a cursor for one operation: a connection must not be used by several threads."""
        cursor = self.db.cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a cursor in a transaction, which is rolled back if anything in it fails. For one thread at a time."""
        with self.cursor() as cursor:
            cursor.begin()
            try:
                yield cursor
                cursor.commit()
            except BaseException:
                with suppress(duckdb.Error):
                    cursor.rollback()
                raise
        self._commits += 1
        if self._commits % _COMMITS_TO_A_CHECKPOINT == 0:
            self._checkpoint()

    def _checkpoint(self) -> None:
        """Move what is committed into the file. If that fails (a reader is at it, the disk is full) nothing is lost."""
        try:
            with self.cursor() as cursor:
                cursor.execute("CHECKPOINT")
        except duckdb.ConnectionException:
            raise
        except duckdb.Error as error:
            _log.warning("%s: no checkpoint now: %s", self.path, error)

    @property
    def mark(self) -> int:
        """The high-water mark: the last line of the log that was acknowledged, kept in a file beside the database.

        Raises DamagedRoom if it cannot be read.
        """
        with suppress(FileNotFoundError):
            text = _mark_file(self.path).read_text(encoding="utf-8")
            if not text.isdecimal():
                raise DamagedRoom(f"{self.path}: its .mark file is damaged; delete it to go on with the room as it is")
            return int(text)
        return 0

    @mark.setter
    def mark(self, seq: int) -> None:
        if self.path != MEMORY:
            part = _mark_file(self.path).with_suffix(".part")
            part.write_text(str(seq), encoding="ascii")
            part.replace(_mark_file(self.path))

    def snapshot(self, path: Path) -> None:
        """Write a copy of the database into a file and replace what was there, while others go on working.

        Raises ValueError if the file is open.
        """
        if str(path.resolve()) in _open:
            raise ValueError(f"{path} is a room that is open: a snapshot goes into another file")
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.{threading.get_ident()}.part")
        part.unlink(missing_ok=True)
        name = f"snapshot_{threading.get_ident()}"
        with self.cursor() as cursor:
            own = _quoted(cursor.execute("SELECT current_database()").fetchall()[0][0], '"')
            cursor.execute(f"ATTACH {_quoted(str(part))} AS {name}")
            try:
                cursor.execute(f"COPY FROM DATABASE {own} TO {name}")
                cursor.execute(f"CHECKPOINT {name}")  # or it might lie in a write-ahead log, and be left behind
            except BaseException:
                part.unlink(missing_ok=True)
                raise
            finally:
                cursor.execute(f"DETACH {name}")
        for of_what_was_there in (_mark_file(path), Path(f"{path}.wal")):
            of_what_was_there.unlink(missing_ok=True)
        part.replace(path)


def _connect(path: str) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(path)
    except duckdb.IOException as error:
        if "could not set lock" in str(error).lower():
            raise ValueError(f"{path} is open in another process, which can write a snapshot of it") from None
        raise ValueError(f"{path} is not a room: {str(error).splitlines()[0]}") from None


def _mark_file(path: str | Path) -> Path:
    return Path(f"{path}.mark")


def _quoted(text: str, quote: str = "'") -> str:
    return quote + text.replace(quote, 2 * quote) + quote
