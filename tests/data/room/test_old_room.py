"""A room of an earlier format works like a new one, and a copy of the old file is kept."""

import gzip
import hashlib
import shutil
from pathlib import Path

import duckdb
import pytest

from data import Room, RoomUnavailable
from data.store.formats import FORMAT, OLDEST
from model import Member

FORMATS = range(OLDEST, FORMAT + 1)


def room_of(number: int, path: Path) -> Path:
    """Write a format's fixture into a file: four steps of the story removal-stays-private."""
    fixture = Path(__file__).parent / f"room_of_format_{number}.gz"
    assert fixture.exists(), f"a room of format {number} is wanted in {fixture.name}"
    path.write_bytes(gzip.decompress(fixture.read_bytes()))
    return path


def digest(path: Path) -> str:
    """Return a file's digest."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Return the file of a room from before notes were recorded."""
    return room_of(2, tmp_path / "old.duckdb")


@pytest.mark.parametrize("number", FORMATS)
def test_a_room_of_each_format_verifies(number: int, tmp_path: Path) -> None:
    """A change of the format needs a fixture of the previous one."""
    with Room.open(room_of(number, tmp_path / "a.duckdb")) as room:
        assert room.verify()
        assert (room.steps_done, room.policy.justification) == (4, "not asked")
    with duckdb.connect(str(tmp_path / "a.duckdb")) as db:
        assert db.execute("SELECT format FROM room").fetchall() == [(FORMAT,)]


def test_a_migrated_room_leaves_a_copy_of_the_old_file(old: Path) -> None:
    """It is made once; a room of the current format is not copied."""
    before = digest(old)
    for _ in range(2):
        Room.open(old).close()
    assert digest(old) != before
    assert {file.name: digest(file) == before for file in old.parent.iterdir()} == {
        "old.duckdb": False,
        "old.duckdb.format-2": True,
    }


def test_a_room_that_cannot_be_copied_is_not_migrated(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It opens once there is space."""
    before = digest(old)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", full)
        with pytest.raises(RoomUnavailable, match="the disk is full"):
            Room.open(old)
    assert {file.name: digest(file) for file in old.parent.iterdir()} == {"old.duckdb": before}
    Room.open(old).close()


@pytest.mark.parametrize(("number", "says"), [(99, "open it with the newer version"), (1, "older rooms cannot be")])
def test_a_room_of_an_unknown_format_is_refused_and_not_changed(old: Path, number: int, says: str) -> None:
    """The error lists the supported formats."""
    with duckdb.connect(str(old)) as db:
        db.execute("UPDATE room SET format = ?", [number])
    before = digest(old)
    with pytest.raises(ValueError, match=f"format {number}; this program reads the formats 2 to 4.*{says}"):
        Room.open(old)
    assert {file.name: digest(file) for file in old.parent.iterdir()} == {"old.duckdb": before}


def test_an_old_room_can_be_continued_viewed_rewound_and_copied(old: Path, tmp_path: Path) -> None:
    copy, viewer = tmp_path / "copy.duckdb", Member("farah", "fabrikam")
    with Room.open(old) as room:
        before = room.seq
        then = room.as_seen_by(viewer).approved_access()
        while room.next_step():
            pass
        assert room.verify() and room.seq > before
        assert room.as_seen_by(viewer).approved_access()["removal_note"].isna().all()
        assert room.as_seen_by(viewer, before).approved_access().equals(then)
        room.snapshot(copy)
        room.rewind(before)
        assert room.verify()
    for again in (old, copy):
        with Room.open(again) as room:
            assert room.verify()
