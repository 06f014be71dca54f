"""A room: commands in, one unit of work each; clock, story, snapshots, rewind. For simulations and layers above."""

from data.room.room import Room
from data.room.unit_of_work import Done
from data.store.trouble import DamagedRoom, RoomUnavailable

__all__ = ["DamagedRoom", "Done", "Room", "RoomUnavailable"]
