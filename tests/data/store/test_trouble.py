"""A commit counts whatever the disk does afterwards, and after disk trouble the same room works again."""

import errno
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from data import Room, RoomUnavailable
from data.store import duckdb_file
from data.store.mark import Mark
from model import CloseTicket, Member, OpenTicket
from tests.data.room.rooms import asked_room, empty_room
from tests.data.store.failing import failing

BEA = Member("bea", "north")
FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
INVALID = "FATAL Error: Failed: database has been invalidated because of a previous fatal error."


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """Give a room in a file."""
    with empty_room(tmp_path / "a.duckdb") as room:
        yield room


def test_a_committed_command_is_reported_as_done_although_the_mark_cannot_be_written(
    room: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A retry would make a second ticket, and an old clock would make the log run backwards."""
    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", lambda *_: (_ for _ in ()).throw(FULL))
        ticket = room.do(OpenTicket("Once"), BEA).ticket_id
        then = room.advance(timedelta(days=1))
    assert (room.now, room.seq) == (then, 3)
    assert Mark(room.path).read() < 3
    assert caplog.text.count("the mark could not be written") == 1
    room.do(CloseTicket(str(ticket)), BEA)
    assert Mark(room.path).read() == room.seq == 4
    assert room.verify()


def test_an_outdated_mark_is_repaired_when_the_room_is_closed(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """This is if nothing more happens in the room."""
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(FULL))
        room.do(OpenTicket("Once"), BEA)
    room.close()
    assert Mark(room.path).read() == 2


def test_the_mark_is_on_disk_before_a_command_is_acknowledged(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is synced, not only written, after the folder, which has the name of a new write-ahead log."""
    synced, fsync = [], os.fsync
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda file: (synced.append(os.path.realpath(f"/proc/self/fd/{file}")), fsync(file)))
        room.do(OpenTicket("Once"), BEA)
        room.do(OpenTicket("Again"), BEA)
    assert synced[-2:] == [str(Path(room.path).parent), f"{room.path}.mark"]


def test_a_room_is_not_rewound_if_the_mark_cannot_be_written(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the mark would count lines that the log no longer has."""
    room.do(OpenTicket("Stays"), BEA)
    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", lambda *_: (_ for _ in ()).throw(FULL))
        with pytest.raises(RoomUnavailable, match="nothing was changed"):
            room.rewind(1)
    assert room.seq == 2 and room.verify()


@pytest.mark.parametrize(
    "error", [duckdb.TransactionException(os.strerror(errno.ENOSPC)), duckdb.FatalException(INVALID)]
)
def test_a_failed_commit_is_reported_and_leaves_nothing(
    room: Room, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same room works again once the trouble is over, even if DuckDB invalidated its database."""
    with failing(monkeypatch, "commit", error), pytest.raises(RoomUnavailable, match="nothing was lost"):
        room.do(OpenTicket("Never"), BEA)
    assert (room.seq, len(room.events())) == (1, 1)
    room.do(OpenTicket("Once"), BEA)
    room.advance(timedelta(hours=1))
    assert room.verify()
    assert room.overview().frame("all_tickets")["title"].tolist() == ["Once"]


def test_a_commit_that_fails_but_is_in_the_file_counts_as_done(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file decides."""
    with failing(monkeypatch, "commit", duckdb.IOException(os.strerror(errno.EIO)), after=True):
        assert room.do(OpenTicket("Once"), BEA).ticket_id
        then = room.advance(timedelta(days=1))
    assert (room.seq, room.now) == (3, then)
    assert room.verify()


def test_an_unknown_outcome_is_reported_and_resolved_before_the_next_command(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commit is in the file, but the file cannot be read at that moment."""
    trouble = duckdb.IOException(os.strerror(errno.EIO))
    with (
        failing(monkeypatch, "commit", trouble, after=True, reopens=False),
        pytest.raises(RoomUnavailable, match="not known yet"),
    ):
        room.advance(timedelta(days=1))
    assert room.advance(timedelta(0)) == room.now
    assert (room.seq, room.now.day) == (3, 3)
    assert room.verify()


@pytest.mark.parametrize("error", [duckdb.FatalException(INVALID), duckdb.IOException(os.strerror(errno.EIO))])
def test_a_failed_read_fails_once(room: Room, error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error has a text for pages, and the next read works."""
    with failing(monkeypatch, "execute", error), monkeypatch.context() as patch:
        patch.setattr(room, "_cursor", room._store.cursor)
        with pytest.raises(RoomUnavailable, match="nothing was lost") as told:
            room.events()
    assert str(Path(room.path).parent) not in told.value.reason
    assert len(room.events()) == 1


def test_a_closed_room_says_so(room: Room) -> None:
    """Reads and commands fail."""
    room.close()
    for late in (room.events, lambda: room.do(OpenTicket("Late"), BEA), lambda: room.advance(timedelta(1))):
        with pytest.raises(RoomUnavailable, match="the room is closed; open it again"):
            late()


def test_a_failed_snapshot_keeps_the_existing_file(room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It leaves no partial file."""
    room.snapshot(tmp_path / "copy.duckdb")
    room.do(OpenTicket("Once"), BEA)
    before = {file.name for file in tmp_path.iterdir()}
    with monkeypatch.context() as patch:
        patch.setattr(duckdb_file, "put_in_place_of", lambda *_: (_ for _ in ()).throw(FULL))
        with pytest.raises(RoomUnavailable, match="disk is full"):
            room.snapshot(tmp_path / "copy.duckdb")
    assert {file.name for file in tmp_path.iterdir()} == before
    with Room.open(tmp_path / "copy.duckdb") as copy:
        assert copy.seq == 1 and copy.verify()


def test_a_room_replaces_another_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old one's mark is removed before the new one has its name."""
    path = tmp_path / "a.duckdb"
    asked_room(path)[0].close()
    order: list[str] = []
    replace, unlink = Path.replace, Path.unlink
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", lambda self, **how: (order.append(self.name), unlink(self, **how))[1])
        patch.setattr(Path, "replace", lambda self, to: (order.append("the new name"), replace(self, to))[1])
        Room.create(path, scenario=None, replace=True).close()
    assert order.index("a.duckdb.mark") < order.index("the new name")
    with Room.open(path) as room:
        assert room.seq == 1 and room.verify()
    with Room.open(path), pytest.raises(ValueError, match="open already"):
        Room.create(path, scenario=None, replace=True)


@contextmanager
def no_file_to_spare() -> Iterator[None]:
    """Use up this process's limit of open files within the block."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    taken = [os.open(os.devnull, os.O_RDONLY)]
    resource.setrlimit(resource.RLIMIT_NOFILE, (taken[0] + 50, hard))
    try:
        with suppress(OSError):
            while True:
                taken.append(os.open(os.devnull, os.O_RDONLY))
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        for file in taken:
            os.close(file)


def test_too_many_open_files_are_reported_and_the_room_opens_later(tmp_path: Path) -> None:
    """DuckDB would end the whole process with all its rooms."""
    empty_room(tmp_path / "a.duckdb").close()
    with no_file_to_spare():
        with pytest.raises(RoomUnavailable, match=r"Too many open files"):
            Room.open(tmp_path / "a.duckdb")
        with pytest.raises(RoomUnavailable, match=r"Too many open files"):
            empty_room(tmp_path / "b.duckdb")
    assert not [file.name for file in tmp_path.iterdir() if file.name.startswith((".", "b."))]
    with Room.open(tmp_path / "a.duckdb") as room:
        assert room.verify()
