"""Read facts about a room from its file, without changing it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from data.store.duckdb_file import read_only
from data.store.trouble import DamagedRoom


class RoomInUse(ValueError):
    """The room is open, here or in another process."""


@dataclass(frozen=True)
class RoomFacts:
    """Facts from a room's file."""

    title: str
    scenario: str  # its text
    changed: bool  # somebody acted, or moved the clock, since the story began


@contextmanager
def look_into(path: Path) -> Iterator[RoomFacts]:
    """Read a room's facts. Nobody else can open the room until the end of the block.

    Raises RoomInUse, DamagedRoom (also for a file that is not a room), and RoomUnavailable.
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
