"""Accept an uploaded room's file: read its contents as data, and write them to a new room."""

from pathlib import Path

import duckdb

from data.room.arguments import check_title
from data.room.file.fixed_tables import read_directory
from data.room.file.salvage import Remains
from data.room.file.setup import read_room
from data.store import log
from data.store.duckdb_file import write_file
from data.store.formats import FORMAT
from data.store.trouble import RoomUnavailable

LARGEST = 50
"""The largest file that is accepted, in millions of bytes."""
_MOST_LINES = 500_000
_MOST_TEXT = 400_000_000  # bytes of the log's lines when they are read
_SHUT = "SET enable_external_access = false; SET lock_configuration = true"
_NOT_A_ROOM = "It is not a room: a snapshot is, as the page Scenarios gives it."


class NotTakenIn(ValueError):
    """The file is not a room that can be accepted. The text is a sentence for the screen."""


def take_in(source: Path, path: Path) -> None:
    """Write the room in the file `source` as a new room to the file `path`.

    Nothing in the file is trusted: no view, macro or cached table is copied, only the story, the people and the log,
    and only if the log is complete and legal. Raises NotTakenIn and RoomUnavailable.
    """
    try:
        remains, title = _read(source)
        legal = remains is not None and remains.verifies(len(remains.lines))
    except (NotTakenIn, RoomUnavailable, MemoryError):
        raise
    except Exception as error:  # the file may contain anything
        raise NotTakenIn(_NOT_A_ROOM) from error
    if remains is None or not legal:
        raise NotTakenIn("What is in it is no history that this program could have written.")
    fill = remains.fill(len(remains.lines))

    def fill_and_name(db: duckdb.DuckDBPyConnection) -> None:
        fill(db)
        db.execute("UPDATE room SET title = ?", [title])

    write_file(str(path), fill_and_name)


def _read(source: Path) -> tuple[Remains | None, str]:
    """Return the contents of the file, None if its log is incomplete, and the room's title."""
    with duckdb.connect(str(source), read_only=True) as db:
        db.execute(_SHUT)
        _check(db)
        story, seed, policy, opening = read_room(db, source.name)
        title = check_title(db.execute("SELECT title FROM room").fetchall()[0][0])
        remains = Remains(story, seed, policy, opening, read_directory(db), log.read(db))
    numbers = remains.lines["seq"].tolist()
    whole = numbers == list(range(1, len(numbers) + 1)) and 0 < opening <= len(numbers)
    return (remains if whole else None), title


def _check(db: duckdb.DuckDBPyConnection) -> None:
    """Raise NotTakenIn if the file is not a room, has another format, or is too large."""
    tables = {name for (name,) in db.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if not {"room", "log", "tenants", "people", "engineers", "memberships"} <= tables:
        raise NotTakenIn(_NOT_A_ROOM)
    if db.execute("SELECT format FROM room").fetchall() != [(FORMAT,)]:
        raise NotTakenIn("Another version of this program made it. Open it once with `Room.open` of this version.")
    lines, size = db.execute("SELECT count(*), coalesce(sum(strlen(l::VARCHAR)), 0) FROM log AS l").fetchall()[0]
    if lines > _MOST_LINES or size > _MOST_TEXT:
        raise NotTakenIn(f"It has {lines:,} lines in its log; a room with at most {_MOST_LINES:,} is taken in.")
