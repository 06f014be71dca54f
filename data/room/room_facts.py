"""What the file of a room says about itself, read without changing the file."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb


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
    """Read a room's facts. No other process can open the room before the end of the block.

    Raises RoomInUse, and ValueError if the file is not a room or is damaged.
    """
    try:
        with duckdb.connect(str(path.resolve()), read_only=True) as db:
            found = db.execute("SELECT title, scenario, opening < (SELECT count(*) FROM log) FROM room").fetchone()
            if found is None:
                raise ValueError(f"{path} is not a room: it has no story")
            yield RoomFacts(*found)
    except duckdb.Error as error:
        told = str(error).lower()
        if "could not set lock" in told:
            raise RoomInUse(f"{path} is open in another process") from None
        if "different configuration" in told:  # which DuckDB says before it touches the file
            raise RoomInUse(f"{path} is open in this process") from None
        raise ValueError(f"{path} cannot be read as a room: {str(error).splitlines()[0]}") from None
