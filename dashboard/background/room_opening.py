"""Opening the file of a link's room, and the errors for visitors."""

import logging
from pathlib import Path

from data import DamagedRoom, Room

_log = logging.getLogger(__name__)
DAMAGED = "Its file is damaged. It was left as it is; a trainer can make a room of what is left of it."
_NO_SUCH_ROOM = (
    "This link names no room: it is incomplete, its trainer has deleted the room, or the room was removed because "
    "nobody used it any more."
)


class RoomNotOpened(ValueError):
    """A link's room cannot be opened. The text has no path, so that it can be shown to a visitor."""


class NoSuchRoom(RoomNotOpened):
    """The link names no room."""

    def __init__(self, told: str = _NO_SUCH_ROOM) -> None:
        super().__init__(told)


class RoomDamaged(RoomNotOpened):
    """The link's room is damaged. `wrong` says how, for the trainer: it could reveal others' acts to a member."""

    def __init__(self, wrong: str, told: str = DAMAGED) -> None:
        super().__init__(told)
        self.wrong = wrong

    def __reduce__(self) -> tuple[type["RoomDamaged"], tuple[str]]:
        """Support copying and pickling."""
        return type(self), (self.wrong,)


def open_room(path: Path | None) -> Room:
    """Open the room in a file, None if it has none. Raises RoomNotOpened and RoomUnavailable."""
    if path is None:
        raise NoSuchRoom
    try:
        return Room.open(path)
    except FileNotFoundError:
        raise NoSuchRoom from None
    except DamagedRoom as error:
        _log.error("%s", error)  # which names a path: not for a visitor
        raise RoomDamaged(error.reason) from error
    except ValueError as error:
        _log.error("%s", error)
        raise RoomNotOpened(
            "Its file is in use by another program, or another version of this one made it. The server's log says more."
        ) from error
