"""The open rooms of this process: each link has one, and everybody who opens the link is in it.

Looking creates no file. All links without any act share one room in memory, which never changes; the first act in a
link copies it into a file, and from then on the link has its own room.
"""

import logging
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from weakref import WeakKeyDictionary, ref

import streamlit as st

from dashboard.background.room_ids import RoomIds
from dashboard.background.room_opening import NoSuchRoom, RoomDamaged, RoomNotOpened, open_room
from data import DamagedRoom, Room, RoomUnavailable, Scenario, scenarios
from data.files.app_folders import app_folders
from data.room.file.salvage import Salvaged
from data.room_folder.earlier import earlier_beside, swap
from data.room_folder.expiry import overdue, remove_if_too_old, remove_left_overs
from data.room_folder.facts import RoomInUse
from data.room_folder.folder import FOLDER, HOUR, RoomFolder
from data.room_folder.limits import FolderLimits, RoomsFull
from model import Policy

__all__ = ["DEFAULT", "FOLDER", "NoSuchRoom", "RoomNotOpened", "Rooms", "rooms"]

DEFAULT = "busy-week"
_log = logging.getLogger(__name__)
_MOST_OPEN = 64  # rooms; the least recently used one is closed, and reopened on demand
_MOST_IN_MEMORY = 64  # rooms in memory only: none is closed for another
_MEMORY = ":memory:"
_AT_START = 20  # rooms inspected at the start; the others follow within the hour


class Rooms:
    """Rooms by id: in files, or in memory while the folder cannot be written.

    New files go into the first folder. A room that is only in another one is used there.
    """

    def __init__(self, *folders: Path, limits: FolderLimits | None = None) -> None:
        self.folders = folders
        self._folder = RoomFolder(*folders, limits=limits)
        self._ids = RoomIds(folders[0] / "links.key")
        self._open: OrderedDict[str, Room] = OrderedDict()
        self._used: dict[str, float] = {}
        self._in_memory: dict[str, Room] = {}
        self._untouched: Room | None = None
        self._copied_from: WeakKeyDictionary[Room, ref[Room]] = WeakKeyDictionary()
        self._trouble: str | None = None
        self._lock = threading.RLock()
        self._tidied_at = time.monotonic()
        self._look_for_trouble()

    def make_ready(self) -> None:
        """Create the room of new links, so that the first visitor does not wait for it."""
        with self._lock:
            self._room_of_new_links()

    def new_id(self) -> str:
        """Return the id for a new link, which cannot be guessed."""
        return self._ids.new(time.time())

    # Looking.

    def get(self, room_id: str) -> Room:
        """Return the id's room for reading. Raises RoomNotOpened (NoSuchRoom if it names none) and RoomUnavailable."""
        self._tidy_each_hour()
        with self._lock:
            if room := self._in_memory.get(room_id):
                return room
            if room_id in self._open or self._folder.file(room_id):
                return self._kept(room_id)
            if not self._ids.gave_out(room_id, time.time()) or self._folder.was_removed(room_id):
                raise NoSuchRoom
            return self._room_of_new_links()

    def if_open(self, room_id: str) -> Room | None:
        """Return the room of `get` if it is open, without waiting; None otherwise."""
        if room := self._in_memory.get(room_id):
            return room
        if room := self._open.get(room_id):
            self._used[room_id] = time.monotonic()
            return room
        return None

    def _kept(self, room_id: str) -> Room:
        if room_id not in self._open:
            self._opened(room_id)
        self._open.move_to_end(room_id)
        self._used[room_id] = time.monotonic()
        self._folder.visited(room_id, time.time())
        return self._open[room_id]

    def _opened(self, room_id: str) -> Room:
        room = self._open[room_id] = open_room(self._folder.file(room_id))
        self._used[room_id] = time.monotonic()
        while len(self._open) > _MOST_OPEN:
            self._open.popitem(last=False)[1].close()
        return room

    def _room_of_new_links(self) -> Room:
        """Return the shared room of links without any act."""
        room = self._untouched
        if room is not None and room.state != (0, room.opening):
            _log.error("the room of new links was changed, which nothing may do: it is made anew")
            room = None
        if room is None:
            room = self._untouched = Room.create(_MEMORY, DEFAULT)
        return room

    def continues(self, before: Room, now: Room) -> bool:
        """Return whether `now` continues the history of `before`: it is the same room, or a copy of it."""
        copied = self._copied_from.get(now)
        return now is before or (copied is not None and copied() is before)

    # Acting.

    def to_act_in(self, room_id: str) -> Room:
        """Return the id's room for writing, which is created at the first act in a link.

        Raises RoomNotOpened, and RoomUnavailable (RoomsFull if no more rooms fit).
        """
        with self._lock:
            room = self.get(room_id)
            if room is not self._untouched:
                return room
            own = self._make(room_id, room.snapshot, lambda: Room.create(_MEMORY, DEFAULT))
            self._copied_from[own] = ref(room)
            return own

    def start(self, room_id: str, scenario: str | Scenario, policy: Policy | None = None) -> Room:
        """Replace the id's room by a new one, for everybody in it.

        `scenario` is a Scenario or a shipped one's name; `policy` replaces its own. Raises RoomNotOpened and
        RoomUnavailable; the id then keeps its room.
        """
        story = scenarios()[scenario] if isinstance(scenario, str) else scenario
        return self._make(
            room_id,
            lambda path: Room.create(path, story, policy=policy).close(),
            lambda: Room.create(_MEMORY, story, policy=policy),
        )

    def file(self, room_id: str) -> Path | None:
        """Return the room's file, beside which its invitations are; None if it has none. Raises NoSuchRoom."""
        if (path := self._folder.file(room_id)) is None and self._folder.was_removed(room_id):
            raise NoSuchRoom
        return path

    def has_earlier(self, room_id: str) -> bool:
        """Return whether the room that the id had before is kept."""
        path = self._folder.file(room_id)
        return path is not None and earlier_beside(path).exists()

    def bring_back_earlier(self, room_id: str) -> Room:
        """Swap the id's room with the kept earlier one.

        Raises RoomNotOpened and RoomUnavailable.
        """
        with self._lock:
            path = self._folder.file(room_id)
            if path is None or not self.has_earlier(room_id):
                raise RoomNotOpened("No earlier room is kept here.")
            if before := self._open.pop(room_id, None):
                before.close()
            swap(path)
            return self._opened(room_id)

    def new_room(self, write: Callable[[Path], object]) -> str:
        """Make a new room from what `write` writes into its file, and return its id. Raises RoomUnavailable."""
        self._make(new_id := self.new_id(), write, _no_copy)
        return new_id

    def remove(self, room_id: str) -> None:
        """Remove the room and all files beside it; its link then names no room. Raises RoomUnavailable."""
        with self._lock:
            for held in (self._open, self._in_memory):
                if before := held.pop(room_id, None):
                    before.close()
            self._folder.remove(room_id, requested=True)

    def salvage(self, room_id: str) -> Salvaged:
        """Salvage the id's damaged room; the damaged files are kept beside it.

        Raises NoSuchRoom, RoomUnavailable, and RoomDamaged if nothing can be read of it.
        """
        with self._lock:
            path = self._folder.file(room_id)
            if path is None:
                raise NoSuchRoom
            if before := self._open.pop(room_id, None):
                before.close()
            try:
                room = self._open[room_id] = Room.salvage(path)
            except DamagedRoom as error:
                _log.error("%s", error)
                raise RoomDamaged(error.reason) from error
            assert room.salvaged
            _log.warning("%s: %s", path, room.salvaged)
            return room.salvaged

    def _make(self, room_id: str, write: Callable[[Path], object], in_memory: Callable[[], Room]) -> Room:
        """Create the id's room in a file, or in memory if it has no file and none can be written."""
        with self._lock:
            try:
                with self._folder.new_file(room_id) as path:
                    write(path)
                    if before := self._open.pop(room_id, None):
                        before.close()
                room = self._opened(room_id)
            except RoomsFull as full:
                _log.warning("%s", full)
                raise RoomsFull(
                    f"{full.reason} Nothing was changed. Rooms that nobody uses are removed by themselves."
                ) from full
            except RoomInUse as error:
                _log.error("%s", error)
                raise RoomNotOpened("Its file is in use by another program; nothing was changed.") from error
            except RoomUnavailable as error:
                self._cannot_keep(error.reason)
                if self._folder.file(room_id):  # it would be back after the next start
                    raise
                return self._make_in_memory(room_id, in_memory)
            self._trouble = None
            self._in_memory.pop(room_id, None)
            self._ids.keep_key()
            return room

    def _make_in_memory(self, room_id: str, make: Callable[[], Room]) -> Room:
        if room_id not in self._in_memory and len(self._in_memory) >= _MOST_IN_MEMORY:
            many = f"keeps {_MOST_IN_MEMORY} in memory, which is the most. Nothing was changed."
            raise RoomsFull(f"This server cannot save rooms now, and {many}")
        room = self._in_memory[room_id] = make()
        return room

    # Retention.

    def only_in_memory(self, room_id: str) -> bool:
        """Return whether the id's room ends with the server, or would after an act."""
        if room_id in self._in_memory:
            return True
        self._look_for_trouble()
        return self._trouble is not None and room_id not in self._open

    def _look_for_trouble(self) -> None:
        if why := self._folder.trouble():
            self._cannot_keep(why)
        elif self._trouble and not self._in_memory:
            self._trouble = None

    def _cannot_keep(self, why: str) -> None:
        if why != self._trouble:
            _log.error("rooms are kept in memory only, since they cannot be saved in %s: %s", self.folders[0], why)
        self._trouble = why

    def tidy(self, most: int | None = None) -> None:
        """Close rooms unused for an hour, and remove those that are too old; inspect at most `most`."""
        for room_id, used in list(self._used.items()):
            with self._lock:
                if time.monotonic() - used > HOUR and (room := self._open.pop(room_id, None)):
                    room.close()
                if room_id not in self._open:
                    self._used.pop(room_id, None)
        now = time.time()
        for old in [*overdue(self._folder, now)][:most]:
            with self._lock:
                if old.id not in self._open:
                    remove_if_too_old(self._folder, old.id, now)
        remove_left_overs(self._folder, now)

    def _tidy_each_hour(self) -> None:
        if time.monotonic() - self._tidied_at > HOUR:
            self._tidied_at = time.monotonic()
            threading.Thread(target=self.tidy, name="tidy the rooms", daemon=True).start()

    def close(self) -> None:
        """Close all rooms. Those in memory end."""
        with self._lock:
            for held in (self._open, self._in_memory):
                while held:
                    held.popitem()[1].close()


def _no_copy() -> Room:
    raise RoomUnavailable("the folder of rooms", "rooms cannot be saved now, and a copy needs a file of its own")


@st.cache_resource(show_spinner=False, on_release=Rooms.close)
def rooms() -> Rooms:
    """Return this process's registry, after removing rooms that are too old."""
    limits = FolderLimits.from_environment(os.environ, _log.error)
    found = Rooms(*app_folders("rooms", FOLDER), limits=limits)
    found.tidy(_AT_START)
    return found
