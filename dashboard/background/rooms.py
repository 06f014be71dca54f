"""The rooms that this process has open: each link has one, in a file, and whoever opens the link is in it."""

import logging
import re
import secrets
import threading
from collections import OrderedDict
from pathlib import Path

import streamlit as st

from data import Room, Scenario, scenarios
from data.files.app_folders import app_folders
from model import Policy

DEFAULT = "busy-week"
_log = logging.getLogger(__name__)
FOLDER = "SUPPORT_ACCESS_LAB_ROOMS"
"""The environment variable that names another folder for the files than `var/rooms`."""
_MOST_OPEN = 64  # rooms; the one that was not looked at for longest is closed, and opened again when it is


class Rooms:
    """Rooms by id, each in a file.

    New files go into the first folder. A room that is only in another one is used there.
    """

    def __init__(self, *folders: Path) -> None:
        self.folders = folders
        self._open: OrderedDict[str, Room] = OrderedDict()
        self._lock = threading.RLock()

    @staticmethod
    def new_id() -> str:
        """Return an id that cannot be guessed: 128 bits of chance."""
        return secrets.token_urlsafe(16)

    def is_open(self, room_id: str) -> bool:
        """Return whether the room is open already, so that `get` takes no time."""
        return room_id in self._open

    def get(self, room_id: str) -> Room:
        """Return the room of the id, made from the default scenario if there is none yet. Raises ValueError."""
        if not re.fullmatch(r"[A-Za-z0-9_-]{16,64}", room_id):
            raise ValueError("This link names no room: an id has 16 to 64 letters, digits, - and _.")
        with self._lock:
            if room_id not in self._open:
                self._open[room_id] = self._opened(self._path(room_id))
                while len(self._open) > _MOST_OPEN:
                    self._open.popitem(last=False)[1].close()
            self._open.move_to_end(room_id)
            return self._open[room_id]

    @staticmethod
    def _opened(path: Path) -> Room:
        try:
            return Room.open(path) if path.exists() else Room.create(path, DEFAULT)
        except ValueError as error:
            _log.error("%s", error)  # which names a path: not for a visitor
            raise ValueError("Its file is damaged or in use elsewhere; the app's own log says more.") from error

    def start(self, room_id: str, scenario: str | Scenario, policy: Policy | None = None) -> Room:
        """Start a new room in place of the one that the id had, for everybody who is in it.

        `scenario`: any, or the name of a shipped one; `policy` takes the place of its own.
        """
        with self._lock:
            path, before = self._new_path(room_id), self._path(room_id)
            fresh = path.with_suffix(".fresh")
            self._remove(fresh)
            story = scenarios()[scenario] if isinstance(scenario, str) else scenario
            Room.create(fresh, story, policy=policy).close()
            old = self._open.pop(room_id, None)
            if old:
                old.close()
            fresh.replace(path)
            for rest in (Path(f"{path}.wal"), Path(f"{path}.mark")):  # of the room that was there
                rest.unlink(missing_ok=True)
            if before != path:
                self._remove(before)
            self._open[room_id] = Room.open(path)
            return self._open[room_id]

    def close(self) -> None:
        """Close all rooms."""
        with self._lock:
            while self._open:
                self._open.popitem()[1].close()

    def _path(self, room_id: str) -> Path:
        """Return the file of the room; if there is none yet, the one that it will get."""
        files = (folder / f"{room_id}.duckdb" for folder in self.folders)
        return next((file for file in files if file.exists()), self._new_path(room_id))

    def _new_path(self, room_id: str) -> Path:
        return self.folders[0] / f"{room_id}.duckdb"

    @staticmethod
    def _remove(path: Path) -> None:
        for file in (path, Path(f"{path}.wal"), Path(f"{path}.mark")):
            file.unlink(missing_ok=True)


@st.cache_resource(show_spinner=False, on_release=Rooms.close)
def rooms() -> Rooms:
    """Return the one registry of this process."""
    return Rooms(*app_folders("rooms", FOLDER))
