"""What the file of a room says about itself, read without changing the file."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from data.store.duckdb_file import read_only
from data.store.trouble import DamagedRoom


class RoomInUse(ValueError):
    """The room is open: here, or in another process."""


@dataclass(frozen=True)
class RoomFacts:
    """What is in a room's file."""

    title: str
    scenario: str  # its text
    changed: bool  # somebody acted, or moved the clock, since the story's beginning


@contextmanager
def look_into(path: Path) -> Iterator[RoomFacts]:
    """Read a room's facts. Nobody else can open the room before the end of the block.

    Raises RoomInUse, DamagedRoom also for what is no room, and RoomUnavailable.
    """
    with ExitStack() as stack:
        try:
            cursor = stack.enter_context(read_only(str(path.resolve())))
            facts = "SELECT title, scenario, opening < (SELECT count(*) FROM log) FROM room"
            title, scenario, changed = cursor.execute(facts).fetchall()[0]
        except DamagedRoom:
            raise
        except (duckdb.Error, IndexError):
            raise DamagedRoom(path, "it is a DuckDB file, but not a room, or it is damaged") from None
        except ValueError as error:
            raise RoomInUse(str(error)) from None
        yield RoomFacts(title, scenario, changed)
