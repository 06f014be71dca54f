"""A damaged room is reported and left unchanged, and its remains can be salvaged as a new room."""

import errno
import hashlib
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from data import DamagedRoom, Room, RoomUnavailable
from data.store import placing
from data.store.mark import Mark
from data.store.placing import wal_beside
from data.store.trouble import translated_errors
from model import Approve, CloseTicket, OpenTicket
from tests.data.room.rooms import asked_room, empty_room

pytestmark = pytest.mark.slow

SMALL_MARK = b"%019d" % 2


def digests(folder: Path) -> dict[str, str]:
    """Return a digest of each file in a folder."""
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


@pytest.fixture(scope="module")
def crash(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a room's files after a crash: four tickets in the file, four in its write-ahead log."""
    here = tmp_path_factory.mktemp("crash")
    with empty_room(here / "running" / "a.duckdb") as room:
        bea = room.member("bea", "north")
        for number in range(4):
            room.do(OpenTicket(f"In the file {number}"), bea)
        room.close()
    with Room.open(here / "running" / "a.duckdb") as room:
        for number in range(4):
            room.do(OpenTicket(f"In the log {number}"), bea)
        shutil.copytree(here / "running", here / "crashed")
    return here / "crashed"


@pytest.fixture
def crashed(crash: Path, tmp_path: Path) -> Path:
    """Return a copy of that folder, for the test to damage."""
    return Path(shutil.copytree(crash, tmp_path / "crashed"))


def flip(file: Path, part: float) -> None:
    """Flip one bit of a file, at a fraction of its length."""
    content = bytearray(file.read_bytes())
    content[int(part * len(content))] ^= 0x10
    file.write_bytes(content)


def opened_and_read(path: Path) -> None:
    """Read all of a room."""
    with Room.open(path) as room:
        room.events()
        room.verify()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"9" * 6000, "٣".encode(), b"-1", b"%019d 00000000\n" % 9])
def test_an_invalid_mark_is_damage(crashed: Path, content: bytes) -> None:
    """So is one with other digits, an overlong one, and one with a wrong checksum."""
    (crashed / "a.duckdb.mark").write_bytes(content)
    before = digests(crashed)
    with pytest.raises(DamagedRoom, match="mark file is damaged"):
        opened_and_read(crashed / "a.duckdb")
    assert digests(crashed) == before


@pytest.mark.parametrize("name", ["a.duckdb", "a.duckdb.wal", "a.duckdb.mark"])
@pytest.mark.parametrize("part", [0.001, 0.02, 0.3, 0.5, 0.7, 0.99])
def test_a_flipped_bit_is_damage_or_harmless(crashed: Path, name: str, part: float) -> None:
    """A refused room's files are unchanged."""
    flip(crashed / name, part)
    before = digests(crashed)
    with suppress(DamagedRoom):
        opened_and_read(crashed / "a.duckdb")
        return
    assert digests(crashed) == before


@pytest.mark.parametrize("kind", [duckdb.IOException, duckdb.InternalException, PermissionError])
def test_the_reason_contains_no_path(kind: type[Exception]) -> None:
    """A page's visitor must not see a path; the full message has it."""
    with pytest.raises((DamagedRoom, RoomUnavailable)) as told, translated_errors("/var/rooms/a.duckdb"):
        raise kind("cannot read /var/rooms/a.duckdb.wal")
    assert isinstance(told.value, DamagedRoom | RoomUnavailable)
    assert "a.duckdb.wal" in told.value.reason
    assert "/var" not in told.value.reason and "/var" in str(told.value)


def test_a_cut_log_is_refused_and_nothing_more_is_cut(crashed: Path) -> None:
    """The rest of the log is kept."""
    wal = crashed / "a.duckdb.wal"
    wal.write_bytes(wal.read_bytes()[:-9])
    before = digests(crashed)
    with pytest.raises(DamagedRoom, match="the log ends at line 8, but line 9 had been acknowledged"):
        Room.open(crashed / "a.duckdb")
    assert digests(crashed) == before


def of_a_cut_log(folder: Path) -> None:
    wal = folder / "a.duckdb.wal"
    wal.write_bytes(wal.read_bytes()[:-9])


def of_a_log_with_a_flipped_bit(folder: Path) -> None:
    flip(folder / "a.duckdb.wal", 0.6)


def of_a_mark(folder: Path) -> None:
    (folder / "a.duckdb.mark").write_bytes(b"no number")


def of_the_tables(folder: Path) -> None:
    with duckdb.connect(str(folder / "a.duckdb")) as db:
        db.execute("DELETE FROM tickets")


def of_a_line(folder: Path) -> None:
    with duckdb.connect(str(folder / "a.duckdb")) as db:
        db.execute("UPDATE log SET occurred_at = occurred_at - INTERVAL 1 DAY WHERE seq = 6")


@pytest.mark.parametrize(
    ("damage", "saved", "lost"),
    [
        (of_a_cut_log, 8, 1),
        (of_a_log_with_a_flipped_bit, 7, 2),
        (of_a_mark, 9, 0),
        (of_the_tables, 9, 0),
        (of_a_line, 5, 4),
    ],
)
def test_the_remains_make_a_room(crashed: Path, damage: Callable[[Path], None], saved: int, lost: int) -> None:
    """It has the longest prefix of the log that verifies; the damaged files are kept beside it, and the room works."""
    damage(crashed)
    before = digests(crashed)
    with pytest.raises(DamagedRoom):
        opened_and_read(crashed / "a.duckdb")
    with Room.salvage(crashed / "a.duckdb") as room:
        assert room.salvaged
        assert (room.salvaged.saved, room.salvaged.lost, room.seq) == (saved, lost, saved)
        assert room.verify()
        room.do(OpenTicket("Goes on"), room.member("bea", "north"))
    opened_and_read(crashed / "a.duckdb")
    kept = {name.replace(room.salvaged.copy.name, "a.duckdb"): digest for name, digest in digests(crashed).items()}
    copied = digests(crashed)
    aside = room.salvaged.copy.name
    assert {name: copied[name.replace("a.duckdb", aside)] for name in before} == before
    assert not [name for name in kept if name.endswith(".part")]


@pytest.mark.parametrize("torn", ["zeros", "noise", "its beginning"])
def test_a_torn_end_that_was_never_acknowledged_is_dropped(tmp_path: Path, torn: str) -> None:
    """A power cut leaves such a log: the mark says what was acknowledged. A copy of the log is kept."""
    (tmp_path / "running").mkdir()
    with empty_room(tmp_path / "running" / "a.duckdb") as room:
        room.do(OpenTicket("Acknowledged"), room.member("bea", "north"))
        wal, mark = (tmp_path / "running" / f"a.duckdb.{kind}" for kind in ("wal", "mark"))
        acknowledged, mark_then = wal.read_bytes(), mark.read_bytes()
        room.do(OpenTicket("Under way"), room.member("bea", "north"))
        shutil.copytree(tmp_path / "running", tmp_path / "cut")
    wal, whole = tmp_path / "cut" / "a.duckdb.wal", (tmp_path / "cut" / "a.duckdb.wal").read_bytes()
    (tmp_path / "cut" / "a.duckdb.mark").write_bytes(mark_then)
    middle = (len(acknowledged) + len(whole)) // 2
    tails = {"zeros": bytes(len(whole) - middle), "noise": whole[middle:][::-1], "its beginning": b""}
    wal.write_bytes(whole[:middle] + tails[torn])
    left = wal.read_bytes()
    with Room.open(tmp_path / "cut" / "a.duckdb") as room:
        assert (room.seq, room.verify()) == (2, True)
        room.do(OpenTicket("Goes on"), room.member("bea", "north"))
    opened_and_read(tmp_path / "cut" / "a.duckdb")
    kept = [file.read_bytes() for file in (tmp_path / "cut").glob("*.torn-*")]
    assert kept == ([] if torn == "its beginning" else [left])


def test_the_log_of_an_earlier_file_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Closing replaces the file by a copy with all lines; then the disk fails before the log is removed."""
    room = empty_room(tmp_path / "a.duckdb")
    room.do(OpenTicket("Acknowledged"), room.member("bea", "north"))

    def fail(_: Path) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as disk:
        disk.setattr(placing, "sync_folder", fail)
        room.close()
    assert (tmp_path / "a.duckdb.wal").exists()
    with Room.open(tmp_path / "a.duckdb") as room:
        assert (room.seq, room.verify()) == (2, True)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.duckdb", "a.duckdb.mark"]


def test_lines_removed_by_a_rewind_do_not_pass_for_later_ones(tmp_path: Path) -> None:
    """The file ends at the last acknowledged line number, but has the old lines; the log's end is torn."""
    (tmp_path / "running").mkdir()
    file = tmp_path / "running" / "a.duckdb"
    with empty_room(file) as room:
        bea = room.member("bea", "north")
        for title in ("Old 2", "Old 3"):
            room.do(OpenTicket(title), bea)
    with Room.open(file) as room:
        room.rewind(1)
        for title in ("New 2", "New 3"):
            room.do(OpenTicket(title), bea)
        shutil.copytree(tmp_path / "running", tmp_path / "cut")
        room.do(OpenTicket("Under way"), bea)
        under_way = wal_beside(file).read_bytes()
    cut = tmp_path / "cut" / file.name
    acknowledged = wal_beside(cut).read_bytes()
    wal_beside(cut).write_bytes(under_way[: len(acknowledged) + 20].ljust(len(under_way), b"\0"))
    with Room.open(cut) as room:
        assert list(room.events()["title"])[1:] == ["New 2", "New 3"]
        assert room.verify()


def test_a_closing_is_salvaged_whole_or_not_at_all(tmp_path: Path) -> None:
    """A ticket closed without ending its grants would keep access that nobody can remove."""
    room, ticket, request = asked_room(tmp_path / "a.duckdb")
    with room:
        room.do(Approve(request), room.member("ann", "south"))
        room.do(CloseTicket(ticket), room.member("bea", "north"))
        closed = room.seq
    with duckdb.connect(str(tmp_path / "a.duckdb")) as db:
        db.execute("DELETE FROM log WHERE seq = ?", [closed])
    with Room.salvage(tmp_path / "a.duckdb") as room:
        assert (room.seq, room.salvaged and room.salvaged.lost) == (closed - 2, 2)
        assert room.overview().frame("all_requests")["status"].tolist() == ["Approved"]


def test_a_file_that_is_no_room_is_not_salvaged(tmp_path: Path) -> None:
    """Nothing is left beside it."""
    (tmp_path / "a.duckdb").write_bytes(b"no room at all " * 9999)
    before = digests(tmp_path)
    with pytest.raises(DamagedRoom, match="is not a room"):
        Room.salvage(tmp_path / "a.duckdb")
    assert digests(tmp_path) == before
    with pytest.raises(FileNotFoundError):
        Room.salvage(tmp_path / "b.duckdb")


def test_an_open_room_is_not_salvaged(tmp_path: Path) -> None:
    """This includes another name of its file."""
    with empty_room(tmp_path / "a.duckdb"):
        (tmp_path / "other name.duckdb").hardlink_to(tmp_path / "a.duckdb")
        for name in ("a.duckdb", "other name.duckdb"):
            with pytest.raises(ValueError, match="open already"):
                Room.salvage(tmp_path / name)
            with pytest.raises(ValueError, match="open already"):
                Room.open(tmp_path / name)


def test_the_mark_of_an_earlier_version_is_read(crashed: Path) -> None:
    """It was a plain number."""
    (crashed / "a.duckdb.mark").write_text("9")
    assert Mark(str(crashed / "a.duckdb")).read() == 9
    opened_and_read(crashed / "a.duckdb")
    assert RoomUnavailable("a", "b").reason == "b"
