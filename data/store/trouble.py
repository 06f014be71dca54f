"""The two kinds of errors about a room's file: it cannot be used now, or it is damaged."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

_FULL = [os.strerror(number) for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)]
_TROUBLE = [
    os.strerror(number)
    for number in (errno.EIO, errno.EACCES, errno.EPERM, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM)
]
_ADVICE = "use a snapshot, or make a room of what is left with Room.salvage"


class DamagedRoom(ValueError):
    """A room's file lacks acknowledged lines, contradicts its log, or cannot be read at all.

    `reason` says what is wrong, without the folder; the message also says what can be done.
    """

    def __init__(self, path: str | os.PathLike[str], reason: str, advice: str = _ADVICE) -> None:
        self.path, self.reason, self.advice = str(path), reason, advice
        super().__init__(f"{path}: {reason}: {advice}" if advice else f"{path}: {reason}")

    def __reduce__(self) -> tuple[type["DamagedRoom"], tuple[str, str, str]]:
        """Support copying and pickling."""
        return type(self), (self.path, self.reason, self.advice)


class RoomUnavailable(OSError):
    """A room cannot be read or written now, for example because the disk is full. Nothing is lost.

    The command was not carried out, unless `reason` says that this is unknown. `reason` says what is wrong, without the
    folder. The same room works again as soon as the trouble is over.
    """

    def __init__(self, path: str | os.PathLike[str], reason: str) -> None:
        self.path, self.reason = str(path), reason
        super().__init__(f"{path}: {reason}")

    def __reduce__(self) -> tuple[type["RoomUnavailable"], tuple[str, str]]:
        """Support copying and pickling."""
        return type(self), (self.path, self.reason)


@contextmanager
def translated_errors(path: str | os.PathLike[str]) -> Iterator[None]:
    """Translate errors of DuckDB and the system into RoomUnavailable or DamagedRoom."""
    try:
        yield
    except (RoomUnavailable, FileNotFoundError, FileExistsError):
        raise
    except (duckdb.Error, OSError) as error:
        raise _translated(error, path) from error


def _translated(error: Exception, path: str | os.PathLike[str]) -> DamagedRoom | RoomUnavailable:
    text = str(error).replace(f"{Path(path).parent}{os.sep}", "")  # visitors must not see the folder
    if any(words in text for words in _FULL):
        return RoomUnavailable(path, "the disk is full; nothing was lost, and it works again as soon as there is space")
    if isinstance(error, duckdb.ConnectionException):
        return RoomUnavailable(path, "the room is closed; open it again")
    if is_invalidated(error):
        return RoomUnavailable(path, "the disk gave trouble; nothing was lost: try again")
    if isinstance(error, OSError | duckdb.OutOfMemoryException) or any(words in text for words in _TROUBLE):
        return RoomUnavailable(path, f"it cannot be read or written now; nothing was lost ({_first_line(text)})")
    if "not a valid DuckDB database" in text:
        return DamagedRoom(path, "it is not a room, or its beginning is damaged", advice="")
    return DamagedRoom(path, f"the file is damaged ({_first_line(text)})")


def is_invalidated(error: BaseException) -> bool:
    """Return whether DuckDB refuses to work with the database after this error until it is reopened."""
    return isinstance(error, duckdb.FatalException) or "has been invalidated" in str(error)


def is_of_another_file(error: DamagedRoom) -> bool:
    """Return whether a room did not open because its write-ahead log was not written for its file."""
    return "WAL does not match database file" in str(error.__cause__)


def missing_lines(path: str, last: int, mark: int) -> DamagedRoom:
    """Return the error for a log that ends before the last acknowledged line."""
    reason = f"the log ends at line {last}, but line {mark} had been acknowledged; its write-ahead log was cut off"
    return DamagedRoom(path, reason)


def _first_line(text: str) -> str:
    return text.splitlines()[0] if text else "no reason given"
