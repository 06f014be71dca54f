"""The DuckDB file of a room: opened by one process, written in transactions, reopened after trouble."""

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from weakref import WeakValueDictionary

import duckdb

from data.store.mark import Mark
from data.store.placing import MEMORY, in_use, is_locked, part_beside, put_in_place, put_in_place_of, swap, wal_beside
from data.store.trouble import DamagedRoom, RoomUnavailable, is_invalidated, translated_errors

_log = logging.getLogger(__name__)
_COMMITS_TO_A_CHECKPOINT = 50  # in memory
_COMMITS_TO_A_LOOK = 100  # at the length of the write-ahead log
_LONGEST_LOG = 16_000_000  # bytes of a write-ahead log, about 8,000 commands
_FILES_TO_SPARE = 8
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "wal_autocheckpoint": "1TB",
    # Joins run as written, and no plan depends on the content of other tenants' rows: its timing would leak them.
    "disabled_optimizers": "join_order,build_side_probe_side,statistics_propagation,compressed_materialization",
}
_WAIT = 10  # seconds for readers of a database that has to be reopened
_open: "WeakValueDictionary[tuple[int, int], Store]" = (
    WeakValueDictionary()
)  # by device and inode: a file has many names
_opening = threading.RLock()


class Store:
    """A DuckDB database, in a file or in memory. One process owns the file; others get a snapshot.

    Raises ValueError if the file is in use, DamagedRoom if it cannot be read, and RoomUnavailable.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.is_file = path != MEMORY
        self.mark = Mark(path)
        self._commits = 0
        self._invalid = False  # DuckDB refuses to work with the database until it is reopened
        self._damaged = False
        self._is_long = False  # the write-ahead log
        self._reading = threading.local()
        self._cursors = 0
        self._no_cursor = threading.Condition()
        with _opening:
            self._key = refuse_if_open(Path(path)) if self.is_file else None
            with translated_errors(path):
                self.db = _connect(path)
            if self._key:
                _open[self._key] = self

    def close(self) -> None:
        """Write everything into the file and release it. Does nothing if it is closed already."""
        with _opening:
            if self._key is None:  # in memory
                self.db.close()
            elif _open.get(self._key) is self:  # otherwise it is already closed, and another store might have the file
                if self._is_sound and (self._commits or wal_beside(Path(self.path)).exists()):
                    self._empty_the_log()
                with suppress(duckdb.ConnectionException):  # an earlier attempt to reopen it failed
                    self.db.close()
                self.mark.mend()
                del _open[self._key]

    @property
    def _is_sound(self) -> bool:
        return not self._damaged and not self._invalid

    @property
    def _needs_reopening(self) -> bool:
        return self._invalid or self._is_long

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield a cursor for one operation: a connection must not be used by several threads.

        Raises RoomUnavailable and DamagedRoom.
        """
        try:
            with translated_errors(self.path), self._counted(), self.db.cursor() as cursor:
                yield cursor
        except RoomUnavailable as error:
            self._invalid |= (
                self.is_file and isinstance(error.__cause__, duckdb.Error) and is_invalidated(error.__cause__)
            )
            raise
        except DamagedRoom:
            self._damaged = True
            raise

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Count the cursors in use, and reopen the database if that is due and none is in use."""
        depth = getattr(self._reading, "depth", 0)
        with self._no_cursor:
            if self._needs_reopening and not depth:
                self._reopen()
            self._cursors += 1
        self._reading.depth = depth + 1
        try:
            yield
        finally:
            self._reading.depth = depth
            with self._no_cursor:
                self._cursors -= 1
                self._no_cursor.notify_all()

    def _reopen(self) -> None:
        """Reopen the file: after trouble, or to move a long write-ahead log into it."""
        if not self._no_cursor.wait_for(lambda: not self._cursors, _WAIT) or not self._needs_reopening:
            return
        with _opening:  # nobody else opens the file while it changes its identity
            if self._is_sound:
                self._empty_the_log()
            with suppress(duckdb.ConnectionException):  # closed by an earlier attempt
                self.db.close()
            if self._invalid:
                _log.warning("%s: reopened after trouble with the disk; nothing was lost", self.path)
            self._invalid = self._is_long = False
            try:
                self.db = _connect(self.path)
            except BaseException:
                self._invalid = True
                raise

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield a cursor in a transaction, which is rolled back if anything in it fails. For one thread at a time.

        The commit itself may raise RoomUnavailable; then only the file shows whether it took effect.
        """
        with self.cursor() as cursor:
            cursor.begin()
            try:
                yield cursor
            except BaseException:
                with suppress(duckdb.Error):
                    cursor.rollback()
                raise
            try:
                cursor.commit()
            except duckdb.Error:
                self._invalid = self.is_file  # reopening restores the state of the file
                raise
        self._commits += 1
        if self.is_file:
            self._is_long = (
                self._commits % _COMMITS_TO_A_LOOK == 0 and _size(wal_beside(Path(self.path))) > _LONGEST_LOG
            )
        elif self._commits % _COMMITS_TO_A_CHECKPOINT == 0:
            with suppress(duckdb.TransactionException):  # somebody reads
                self.db.execute("CHECKPOINT")

    def _empty_the_log(self) -> None:
        """Replace the file and its write-ahead log with a complete copy. If that fails, both stay in use.

        DuckDB's own CHECKPOINT overwrites a block of the file, which a power cut could tear. No other thread may use it
        meanwhile.
        """
        path = Path(self.path)
        if not path.exists() or _key(path) != self._key:
            _log.warning("%s: the file was removed or replaced while it was open; it is left as it is", self.path)
            return
        try:
            with part_beside(path) as part, self.db.cursor() as cursor:
                _copy(cursor, part)
                swap(part, path)
        except (duckdb.Error, OSError) as error:
            self._invalid |= is_invalidated(error)
            _log.warning("%s: its write-ahead log stays for now: %s", self.path, error)
        if self._key:
            _open.pop(self._key, None)
        self._key = _key(path)
        _open[self._key] = self

    def snapshot(self, path: Path) -> None:
        """Write a copy of the database to a file, replacing what was there, without blocking others.

        Raises ValueError if the file is open, and RoomUnavailable if the copy cannot be written.
        """
        with translated_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        path = path.resolve()
        refuse_if_open(path, "a snapshot goes into another file")
        with self.cursor() as cursor, translated_errors(path), part_beside(path) as part:
            _copy(cursor, part)
            with _opening:
                refuse_if_open(path, "a snapshot goes into another file")
                put_in_place_of(part, path)


def write_file(path: str, fill: Callable[[duckdb.DuckDBPyConnection], None], *, replace: bool = False) -> None:
    """Write a new database atomically: if it fails, the path has nothing, or with `replace` what was there before.

    Raises FileExistsError without `replace`, ValueError if the file to replace is in use, and RoomUnavailable.
    """
    place = Path(path)
    with _opening:
        if replace:
            refuse_if_open(place)
    with translated_errors(path), part_beside(place) as part:
        with _connect(MEMORY) as db:  # filled in memory: DuckDB may end the process where a new file cannot be written
            fill(db)
            _copy(db, part)
        with _opening:
            if replace:
                refuse_if_open(place)
                put_in_place_of(part, place)
            else:
                put_in_place(part, place)


@contextmanager
def read_only(path: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a cursor of a database that is not open in this process; not even its write-ahead log changes.

    Raises ValueError if it is in use, DamagedRoom and RoomUnavailable.
    """
    with _opening, translated_errors(path):
        refuse_if_open(Path(path))
        with _connect(path, only_read=True) as db:
            yield db


def refuse_if_open(path: Path, hint: str = "close it first, or take a snapshot of it") -> tuple[int, int] | None:
    """Return the identity of the file under all its names, None if there is none. Raises ValueError if it is open."""
    if not path.exists():
        return None
    if (key := _key(path)) in _open:
        raise ValueError(f"{path} is a room that is open already: {hint}")
    return key


def _key(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def _connect(path: str, *, only_read: bool = False) -> duckdb.DuckDBPyConnection:
    """Open a database that writes only commits to its file, and checkpoints only on request."""
    _check_files_can_be_opened()
    try:
        db = duckdb.connect(path, read_only=only_read, config=_CONFIG)
        db.execute("PRAGMA disable_checkpoint_on_shutdown")
    except duckdb.IOException as error:
        if is_locked(error):
            raise in_use(path) from None
        raise
    return db


def _check_files_can_be_opened() -> None:
    """Raise OSError if the limit of open files is reached.

    DuckDB inspects the machine when it opens a database, and aborts the process if it cannot open a file for that.
    """
    with ExitStack() as opened:
        for _ in range(_FILES_TO_SPARE):
            opened.enter_context(Path(os.devnull).open("rb"))


def _copy(cursor: duckdb.DuckDBPyConnection, part: Path) -> None:
    """Write a copy of the cursor's database into a new file."""
    name = f"copy_{threading.get_ident()}"
    own = _quoted(cursor.execute("SELECT current_database()").fetchall()[0][0], '"')
    cursor.execute(f"ATTACH {_quoted(str(part))} AS {name}")
    try:
        cursor.execute(f"COPY FROM DATABASE {own} TO {name}")
        cursor.execute(f"CHECKPOINT {name}")  # or it might lie in a write-ahead log, and be left behind
    finally:
        with suppress(duckdb.Error):
            cursor.execute(f"DETACH {name}")


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _quoted(text: str, quote: str = "'") -> str:
    return quote + text.replace(quote, 2 * quote) + quote
