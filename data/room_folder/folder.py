"""The folder in which a running app keeps its rooms: one file each, named by the id in the room's link.

Beside a file `ID.duckdb` are DuckDB's write-ahead log (.wal), the high-water mark of the room's log (.mark), the stamp
of its last visit (.visit), the room that it replaced (.earlier), and its invitations (.access). A file is only ever
opened through DuckDB: if the process that has it open also opened and closed it in another way, the lock would be lost.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from data.room_folder.earlier import keep
from data.room_folder.facts import look_into
from data.room_folder.limits import FolderLimits
from data.store.placing import part_beside, put_in_place_of
from data.store.trouble import DamagedRoom, RoomUnavailable, translated_errors

FOLDER = "SUPPORT_ACCESS_LAB_ROOMS"
"""The environment variable that names a folder to use instead of `var/rooms`."""
HOUR = 3600.0  # seconds
_ID = re.compile(r"[A-Za-z0-9_-]{16,64}")
_LEAST_FREE = 16_000_000  # bytes on the disk: with less, a new room would soon be in trouble
_CHANGED = "changed\n"  # in a stamp: somebody acted in the room, or chose its story


@dataclass(frozen=True)
class KeptRoom:
    """A room's files in the folder; nothing is read from the room itself."""

    id: str
    path: Path
    size: int  # bytes of all its files
    acted_at: float  # seconds since the epoch
    visited_at: float

    @classmethod
    def of(cls, path: Path) -> "KeptRoom":
        """Return the facts about the files of the room in `path`. Raises FileNotFoundError."""
        found = {end: stat for end in ("", ".wal", ".mark", ".visit") if (stat := _stat(Path(f"{path}{end}")))}
        if "" not in found:
            raise FileNotFoundError(f"there is no room {path}")
        acted = found.get(".mark", found[""]).st_mtime  # the mark is written with each act, the file also on closing
        visited = found.get(".visit", found[""]).st_mtime
        return cls(path.stem, path, sum(s.st_size for s in found.values()), acted, max(acted, visited))

    @property
    def known_as_changed(self) -> bool:
        """Whether its stamp says that somebody acted in it, or chose its story."""
        try:
            return _stamp(self.path).stat().st_size > 0
        except OSError:
            return False


class RoomFolder:
    """Rooms by id, each in a file. New files go into the first folder; a room found only in another is used there."""

    def __init__(self, *folders: Path, limits: FolderLimits | None = None) -> None:
        self.folders = folders
        self.limits = limits or FolderLimits()

    @staticmethod
    def can_be_id(text: str) -> bool:
        """Return whether the text is a valid room id: 16 to 64 letters, digits, - and _."""
        return _ID.fullmatch(text) is not None

    def file(self, room_id: str) -> Path | None:
        """Return the file of the room, or None if there is none."""
        if not self.can_be_id(room_id):
            return None
        files = (folder / f"{room_id}.duckdb" for folder in self.folders)
        return next((file for file in files if _stat(file)), None)

    def was_removed(self, room_id: str) -> bool:
        """Return whether somebody removed the room lately."""
        return any(_stat(folder / f"{room_id}.duckdb.gone") for folder in self.folders)

    def __iter__(self) -> Iterator[KeptRoom]:
        """Yield the rooms, in no order; of an id that is in two folders, the one that is used."""
        seen = set()
        for folder in self.folders:
            for path in _files(folder):
                if path.suffix == ".duckdb" and self.can_be_id(path.stem) and path.stem not in seen:
                    seen.add(path.stem)
                    with suppress(FileNotFoundError):  # removed just now
                        yield KeptRoom.of(path)

    # Creating rooms.

    def trouble(self) -> str | None:
        """Return why no room can be kept here, with paths in brackets; None if nothing is known to be wrong."""
        try:
            folder = self.folders[0].absolute()
            there = next(path for path in (folder, *folder.parents) if path.exists())
            if not there.is_dir():
                return f"there is a file where its folder should be ({there})"
            if not os.access(there, os.W_OK | os.X_OK):
                return f"its folder cannot be written ({there})"
            if shutil.disk_usage(there).free < _LEAST_FREE:
                return f"the disk is full ({there})"
        except OSError as error:
            return f"its folder cannot be read ({error})"
        return None

    @contextmanager
    def new_file(self, room_id: str) -> Iterator[Path]:
        """Yield a path to write a room to; at the end of the block it replaces the room of this id, if there is one.

        The replaced room is kept beside it. If anything fails, nothing changes. Raises RoomUnavailable, RoomsFull if no
        more rooms fit, and RoomInUse if the room of this id is open.
        """
        path, before = self.folders[0] / f"{room_id}.duckdb", self.file(room_id)
        if why := self.trouble():
            raise RoomUnavailable(self.folders[0], why)
        if before is None:
            self._check_limits(rooms=1)
        with translated_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with part_beside(path) as part:
                yield part
                if before is None:
                    self._check_limits(rooms=1)
                else:
                    _check_not_in_use(before)
                    keep(before, path)
                    if before != path and (access := Path(f"{before}.access")).exists():
                        shutil.copy(access, f"{path}.access")  # copied first, or the room would be open to everybody
                put_in_place_of(part, path)
            Path(f"{path}.gone").unlink(missing_ok=True)
            if before and before != path:
                _remove(before)
            with suppress(OSError):
                _stamp(path).write_text(_CHANGED, encoding="ascii")

    def _check_limits(self, rooms: int) -> None:
        held = size = 0
        for folder in self.folders:
            for path in _files(folder):
                held += path.suffix == ".duckdb"
                size += stat.st_size if (stat := _stat(path)) else 0
        self.limits.check(held + rooms, size)

    # Visits and removal.

    def visited(self, room_id: str, now: float) -> None:
        """Record a visit, to the hour, so that it costs little."""
        if path := self.file(room_id):
            stamp = _stamp(path)
            last = _stat(stamp)
            if last is None or not 0 <= now - last.st_mtime < HOUR:
                with suppress(OSError):  # the folder is read-only
                    stamp.touch()

    def mark_as_changed(self, room: KeptRoom) -> None:
        """Record that somebody acted in the room, without recording a visit."""
        stamp = _stamp(room.path)
        with suppress(OSError):
            stamp.write_text(_CHANGED, encoding="ascii")
            os.utime(stamp, (room.visited_at, room.visited_at))

    def remove(self, room_id: str, *, requested: bool = False) -> None:
        """Remove the files of a room that nobody has open.

        `requested`: somebody asked for the removal; its copies go too, and its link then says that the room was
        removed. Raises RoomUnavailable.
        """
        if path := self.file(room_id):
            with translated_errors(path):
                if requested:
                    Path(f"{path}.gone").touch()
                _remove(path)
                for beside in path.parent.glob(f"{path.name}.*"):
                    if requested and beside.suffix != ".gone":
                        beside.unlink()

    def left_over(self, now: float, unfinished_after: float, all_after: float) -> Iterator[Path]:
        """Yield leftover files: unfinished ones from one age on, copies and files without a room from another."""
        for folder in self.folders:
            for path in _files(folder):
                stem, _, end = path.name.partition(".duckdb")
                unfinished = path.name.startswith(".") and path.name.endswith((".part", ".part.wal"))
                unfinished |= end.startswith((".fresh", ".part"))  # of earlier versions
                if not (unfinished or (end and self.can_be_id(stem))) or not (stat := _stat(path)):
                    continue
                belongs = end in (".wal", ".mark", ".visit", ".access") and _stat(folder / f"{stem}.duckdb")
                if not belongs and now - stat.st_mtime > (unfinished_after if unfinished else all_after):
                    yield path


def _check_not_in_use(path: Path) -> None:
    try:
        with look_into(path):
            pass
    except DamagedRoom:  # another room may take its place
        pass


def _stamp(path: Path) -> Path:
    return Path(f"{path}.visit")


def _files(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:  # missing, not a folder, or not readable
        return []


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _remove(path: Path) -> None:
    for file in (path, *(Path(f"{path}{end}") for end in (".wal", ".mark", ".visit", ".earlier", ".access"))):
        file.unlink(missing_ok=True)
