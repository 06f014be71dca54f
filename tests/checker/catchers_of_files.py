"""Detectors of faults in a room's files: disk trouble, crashes, damage, and files that replace others."""

import errno
import gzip
import hashlib
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from data import DamagedRoom, Room, RoomUnavailable
from data.store import duckdb_file
from data.store.formats import OLDEST
from data.store.mark import Mark
from model import Member, OpenTicket
from tests.checker.catchers import Catcher
from tests.data.room import rooms
from tests.data.room.rooms import asked_room, empty_room
from tests.data.store.failing import failing
from tests.worlds import START

BEA = Member("bea", "north")
DAY = timedelta(days=1)


def _is_done(act: Callable[[], object]) -> bool:
    try:
        act()
    except RoomUnavailable:
        return False
    return True


def _opens_after_a_crash(room: Room, copy: Path) -> None:
    """Check that the files on disk are a sound room."""
    shutil.copytree(Path(room.path).parent, copy)
    with Room.open(copy / Path(room.path).name) as crashed:
        assert crashed.verify()


def a_room_after_trouble(folder: Path) -> str | None:
    """Check that whatever the disk does, a command is done once or not at all, as reported, also after a crash."""
    (folder / "room").mkdir()
    trouble = duckdb.IOException(os.strerror(errno.EIO))
    with empty_room(folder / "room" / "a.duckdb") as room, pytest.MonkeyPatch.context() as patch:
        with failing(patch, "commit", trouble):
            assert not _is_done(lambda: room.do(OpenTicket("Never"), BEA))
        _opens_after_a_crash(room, folder / "after a failed commit")
        assert _is_done(lambda: room.do(OpenTicket("One"), BEA))
        assert room.seq == len(room.events()) == 2, "a number was not taken back"

        with failing(patch, "commit", trouble, after=True):
            assert _is_done(lambda: room.do(OpenTicket("Two"), BEA)), "what is in the file was told as not done"

        with failing(patch, "commit", trouble, after=True, reopens=False):
            assert not _is_done(lambda: room.advance(DAY))
        room.advance(timedelta(0))
        assert (room.now, room.seq) == (START + DAY, 5), "what was not known was not looked up"

        with patch.context() as inner:
            inner.setattr(os, "pwrite", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
            assert _is_done(lambda: room.do(OpenTicket("Three"), BEA)), "a mark that failed was told as a failure"
        _opens_after_a_crash(room, folder / "after a failed mark")
        room.do(OpenTicket("Four"), BEA)
        assert Mark(room.path).read() == room.seq, "the mark stays behind"
        assert sorted(room.overview().tickets()["title"]) == ["Four", "One", "Three", "Two"]
        assert room.verify()
    return None


def _digests(folder: Path) -> dict[str, str]:
    """Return a digest of each file."""
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


def _crashed(folder: Path, statement: str = "") -> Path:
    """Leave a room's files as after a crash: a ticket in the file, four in its write-ahead log."""
    with empty_room(folder / "running" / "a.duckdb") as room:
        room.do(OpenTicket("In the file"), BEA)
    with Room.open(folder / "running" / "a.duckdb") as room:
        for number in range(4):
            room.do(OpenTicket(f"In the log {number}"), BEA)
        if statement:
            with room._store.cursor() as cursor:
                cursor.execute(statement)
        shutil.copytree(folder / "running", folder / "crashed")
    return folder / "crashed"


def a_damaged_room_is_left_as_it_is(folder: Path) -> str | None:
    """Check that it is refused and no byte of its files changes, so that their content can still be salvaged."""
    for damage in ("cut off", "DELETE FROM tickets"):
        (folder / damage).mkdir()
        files = _crashed(folder / damage, "" if damage == "cut off" else damage)
        if damage == "cut off":
            wal = files / "a.duckdb.wal"
            wal.write_bytes(wal.read_bytes()[:-9])
        before = _digests(files)
        refused = False
        try:
            with Room.open(files / "a.duckdb") as room:
                room.verify()
        except DamagedRoom:
            refused = True
        assert refused, f"nobody noticed: {damage}"
        assert _digests(files) == before, f"changed: {damage}"
    return None


def salvaging_a_damaged_room(folder: Path) -> str | None:
    """Check that the log before its first bad line is left, that it is sound, and that the damaged files are kept."""
    files = _crashed(folder)
    path = files / "a.duckdb"
    with duckdb.connect(str(path)) as db:
        db.execute("UPDATE log SET occurred_at = occurred_at - INTERVAL 1 DAY WHERE seq = 4")
    before = _digests(files)
    with Room.salvage(path) as room:
        assert room.verify()
        assert room.salvaged and room.salvaged.saved == room.seq == 3
        assert not before.items() - {
            (name.replace(room.salvaged.copy.name, path.name), digest) for name, digest in _digests(files).items()
        }, "the damaged files are gone"
    return None


def a_snapshot_while_somebody_acts(folder: Path) -> str | None:
    """Check that it is one file, which opens and holds the room as of the copy."""
    with empty_room(folder / "a.duckdb") as room:
        copy = duckdb_file._copy
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(duckdb_file, "_copy", lambda *given: (copy(*given), room.do(OpenTicket("Meanwhile"), BEA)))
            room.snapshot(folder / "copies" / "copy.duckdb")
    found = [file.name for file in (folder / "copies").iterdir()]
    with Room.open(folder / "copies" / "copy.duckdb") as snapshot:
        assert snapshot.verify() and snapshot.seq == 1
    return None if found == ["copy.duckdb"] else f"it is {found}"


def a_room_in_place_of_another(folder: Path) -> str | None:
    """Check that a new room and a snapshot open after they replaced another room."""
    for name in ("new.duckdb", "snapshot.duckdb"):
        asked_room(folder / name)[0].close()
    Room.create(folder / "new.duckdb", None, replace=True).close()
    with empty_room() as room:
        room.snapshot(folder / "snapshot.duckdb")
    for name in ("new.duckdb", "snapshot.duckdb"):
        with Room.open(folder / name) as again:
            assert again.verify() and again.seq == 1
    return None


def opening_a_room_of_an_older_format(folder: Path) -> str | None:
    """Check that it is migrated, and that a copy of the old file is kept."""
    fixture = Path(rooms.__file__).with_name(f"room_of_format_{OLDEST}.gz")
    (folder / "old.duckdb").write_bytes(gzip.decompress(fixture.read_bytes()))
    (before,) = _digests(folder).values()
    with Room.open(folder / "old.duckdb") as room:
        assert room.verify()
    return None if before in _digests(folder).values() else "no copy is kept"


def an_open_file_under_another_name(folder: Path) -> str | None:
    """Check that it is not opened twice: two writers would ruin the file."""
    with empty_room(folder / "a.duckdb"):
        (folder / "other name.duckdb").hardlink_to(folder / "a.duckdb")
        for way in (Room.open, Room.salvage):
            with suppress(ValueError):
                way(folder / "other name.duckdb").close()
                return f"it was opened again by {way.__name__}"
    return None


CATCHERS_OF_FILES: tuple[Catcher, ...] = (
    a_room_after_trouble,
    a_damaged_room_is_left_as_it_is,
    salvaging_a_damaged_room,
    a_snapshot_while_somebody_acts,
    a_room_in_place_of_another,
    opening_a_room_of_an_older_format,
    an_open_file_under_another_name,
)
