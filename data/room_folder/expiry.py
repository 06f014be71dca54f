"""Remove rooms that nobody uses any more, and leftover files."""

import logging
from collections.abc import Iterator
from contextlib import suppress

from data.room_folder.facts import look_into
from data.room_folder.folder import HOUR, KeptRoom, RoomFolder

DAY = 24 * HOUR
UNCHANGED = 1 * DAY
"""The time after its last visit at which a room that nobody ever changed is removed."""
UNVISITED = 90 * DAY
"""The time after its last visit at which any other room is removed."""
_log = logging.getLogger(__name__)


def overdue(folder: RoomFolder, now: float) -> Iterator[KeptRoom]:
    """Yield the rooms that might be too old, by the times of their files."""
    for room in folder:
        if now - room.visited_at > (UNVISITED if room.known_as_changed else UNCHANGED):
            yield room


def remove_if_too_old(folder: RoomFolder, room_id: str, now: float) -> bool:
    """Remove a room that is too old, that nobody has open, and whose file is a room; return whether it was removed.

    A file that cannot be read as a room stays: somebody might need it.
    """
    path = folder.file(room_id)
    if path is None:
        return False
    with suppress(ValueError, OSError), look_into(path) as facts:
        room = KeptRoom.of(path)
        age = now - room.visited_at
        if age > UNVISITED or (age > UNCHANGED and not facts.changed and not room.known_as_changed):
            folder.remove(room_id)
            _log.info("%s was removed: nobody visited it for %.0f days", path, age / DAY)
            return True
        if facts.changed and not room.known_as_changed:
            folder.mark_as_changed(room)  # so that it is not opened for each check
    return False


def remove_left_overs(folder: RoomFolder, now: float) -> None:
    """Remove the leftovers of unfinished work, and old copies of damaged rooms."""
    for path in folder.left_over(now, unfinished_after=DAY, all_after=UNVISITED):
        with suppress(OSError):
            path.unlink()
            _log.info("%s was removed: it was left over", path)
