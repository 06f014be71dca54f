"""The folder of rooms: its contents and limits, atomic creation, and removal of old rooms."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from data import Room, RoomUnavailable
from data.room_folder.earlier import swap
from data.room_folder.expiry import DAY, UNVISITED, overdue, remove_if_too_old, remove_left_overs
from data.room_folder.facts import RoomInUse, look_into
from data.room_folder.folder import HOUR, KeptRoom, RoomFolder
from data.room_folder.limits import FolderLimits, RoomsFull
from tests.data.room.rooms import told_file

ID, OTHER = "a-room-of-sixteen-letters", "another-room-of-sixteen"
NOW = 2_000_000_000.0  # seconds since the epoch
STORY = "rejection"
LONG_PART = f".{'x' * 60}.77-0a1b2c3d.part"  # left by the store if it is killed while it writes a room with a long id


@pytest.fixture
def folder(tmp_path: Path) -> RoomFolder:
    return RoomFolder(tmp_path / "rooms", tmp_path / "old")


def make(folder: RoomFolder, room_id: str = ID, steps: int = 0, ago: float = 0, stamped: bool = False) -> Path:
    """Make a room last visited so many seconds before NOW; without a stamp, as by earlier versions."""
    with folder.new_file(room_id) as path:
        shutil.copyfile(told_file(STORY, steps), path)
    made = folder.file(room_id)
    assert made
    if not stamped:
        Path(f"{made}.visit").unlink()
    age(made, ago)
    return made


def age(made: Path, ago: float) -> None:
    for file in made.parent.glob(f"{made.name}*"):
        os.utime(file, (NOW - ago, NOW - ago))


def names(folder: RoomFolder) -> set[str]:
    return {path.name for path in folder.folders[0].iterdir()}


# Creating a room.


def test_a_new_room_replaces_the_old_one(folder: RoomFolder):
    """Nothing of the old one is left: no log line and no mark that is too high."""
    make(folder, steps=3)
    with folder.new_file(ID) as path:
        Room.create(path, "cross-tenant-approval").close()
    assert names(folder) == {f"{ID}.duckdb", f"{ID}.duckdb.earlier", f"{ID}.duckdb.visit"}
    with Room.open(folder.folders[0] / f"{ID}.duckdb.earlier") as room:
        assert room.steps_done == 3 and room.verify()
    with Room.open(folder.folders[0] / f"{ID}.duckdb") as room:
        assert room.story.title != STORY and room.steps_done == 0 and room.verify()


def write_and_raise(folder: RoomFolder, error: BaseException) -> None:
    with folder.new_file(ID) as path:
        Room.create(path, STORY).close()
        raise error


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["disk", "stop"])
def test_a_room_that_cannot_be_written_changes_nothing(folder: RoomFolder, error: BaseException):
    """There is no partial file, and the old room is still there."""
    make(folder, steps=2)
    before = names(folder)
    with pytest.raises(RoomUnavailable if isinstance(error, OSError) else KeyboardInterrupt):
        write_and_raise(folder, error)
    assert names(folder) == before
    with Room.open(folder.folders[0] / f"{ID}.duckdb") as room:
        assert room.steps_done == 2


def test_an_open_room_is_not_replaced(folder: RoomFolder):
    """Its users would continue in a deleted file."""
    path = make(folder, steps=1)
    with Room.open(path) as room, pytest.raises(RoomInUse):  # noqa: SIM117
        with folder.new_file(ID) as fresh:
            Room.create(fresh, STORY).close()
    with Room.open(path) as room:
        assert room.steps_done == 1


def test_a_file_that_is_no_room_can_be_replaced_explicitly(folder: RoomFolder):
    """Nobody can be using an unreadable file."""
    folder.folders[0].mkdir()
    (folder.folders[0] / f"{ID}.duckdb").write_text("a diary")
    make(folder)
    with Room.open(folder.folders[0] / f"{ID}.duckdb") as room:
        assert room.verify()


@pytest.mark.parametrize("place", ["a file", "below a file", "nowhere to write"])
def test_an_unwritable_folder_is_detected_before_anything_is_written(
    tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch
):
    """The check itself creates nothing."""
    (tmp_path / "file").touch()
    path = {"a file": "file", "below a file": "file/rooms", "nowhere to write": "rooms"}[place]
    if place == "nowhere to write":  # the tests may run as root, who can write everything
        monkeypatch.setattr(os, "access", lambda *_, **__: False)
    folder = RoomFolder(tmp_path / path)
    why = folder.trouble() or ""
    assert str(tmp_path) in why
    with (
        pytest.raises(RoomUnavailable, match=r"a file where its folder should be|cannot be written"),
        folder.new_file(ID),
    ):
        raise AssertionError("nothing was to be written")
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_a_full_disk_is_detected_before_anything_is_written(folder: RoomFolder, monkeypatch: pytest.MonkeyPatch):
    """A room that barely fits would fail at its first act."""
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1_000_000}))
    assert "is full" in (folder.trouble() or "")
    assert not folder.folders[0].exists()


def test_a_missing_folder_is_no_problem(folder: RoomFolder):
    """It is created with the first room."""
    assert folder.trouble() is None and not folder.folders[0].exists()
    assert list(folder) == [] and folder.file(ID) is None


# Limits.


def test_the_number_of_rooms_is_limited(tmp_path: Path):
    """An excess room is refused before it is written; existing ones can be replaced."""
    folder = RoomFolder(tmp_path, limits=FolderLimits(rooms=1))
    make(folder)
    with pytest.raises(RoomsFull, match="at most 1 room,"), folder.new_file(OTHER):
        raise AssertionError("nothing was to be written")
    make(folder, steps=1)
    assert names(folder) == {f"{ID}.duckdb", f"{ID}.duckdb.earlier"}


def test_the_number_of_bytes_is_limited(tmp_path: Path):
    """A room that would exceed the limit is not kept, not even in part."""
    path = make(RoomFolder(tmp_path))
    folder = RoomFolder(tmp_path, limits=FolderLimits(bytes=path.stat().st_size + 1000))
    with pytest.raises(RoomsFull, match="bytes of rooms"):
        make(folder, OTHER)
    assert names(folder) == {path.name}


def test_the_message_about_a_full_folder_contains_no_path(tmp_path: Path):
    """It reveals nothing else about the machine."""
    for limits in (FolderLimits(rooms=1), FolderLimits(bytes=1)):
        with pytest.raises(RoomsFull) as told:
            limits.check(2, 2)
        assert "/" not in str(told.value) and str(tmp_path) not in str(told.value)


@pytest.mark.parametrize("bad", ["0", "-1", "many", "1.5", "1e3", "١٢", "9" * 19, "5 GB"])
def test_an_invalid_limit_is_reported_and_the_default_is_used(bad: str):
    """The message names the variable; the server starts anyway."""
    told: list[str] = []
    found = FolderLimits.from_environment({"SUPPORT_ACCESS_LAB_MAX_ROOMS": bad}, told.append)
    assert found == FolderLimits()
    assert len(told) == 1 and "SUPPORT_ACCESS_LAB_MAX_ROOMS" in told[0] and "1000" in told[0]


def test_limits_are_read_from_the_environment():
    """Valid or missing values give no message."""
    told: list[str] = []
    given = {"SUPPORT_ACCESS_LAB_MAX_ROOMS": "7", "SUPPORT_ACCESS_LAB_MAX_BYTES": " 12345 "}
    assert FolderLimits.from_environment(given, told.append) == FolderLimits(7, 12345)
    assert FolderLimits.from_environment({"SUPPORT_ACCESS_LAB_MAX_BYTES": ""}, told.append) == FolderLimits()
    assert told == []


# Inspecting without opening.


@pytest.mark.slow
def test_a_file_is_inspected_without_changing_it(folder: RoomFolder):
    """No byte and no timestamp changes, even with lines in the write-ahead log after a crash."""
    path = folder.folders[0] / f"{ID}.duckdb"
    code = (
        f"import os; from data import Room\nroom = Room.create({str(path)!r}, {STORY!r}); room.next_step(); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert Path(f"{path}.wal").stat().st_size

    def found() -> dict[str, tuple[bytes, int]]:
        return {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in path.parent.iterdir()}

    before = found()
    with look_into(path) as facts:
        assert facts.changed and facts.title == "Rejection"
    assert found() == before


@pytest.mark.slow
def test_an_open_room_is_reported_as_in_use_and_stays_locked(folder: RoomFolder):
    """It may be open in any process; inspecting does not release its lock."""
    path = make(folder)
    imports = "from pathlib import Path; from data.room_folder.facts import look_into"
    look = f"{imports}\nwith look_into(Path({str(path)!r})): 1"
    with Room.open(path):
        with pytest.raises(RoomInUse, match="open already"), look_into(path):
            pass
        there = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True)
        assert "RoomInUse" in there.stderr and "open in another process" in there.stderr
    with look_into(path) as facts:
        assert not facts.changed


@pytest.mark.parametrize("content", [b"a diary", b"", b"\0" * 8192])
def test_a_file_that_is_no_room_is_reported_and_left_alone(tmp_path: Path, content: bytes):
    """It may be somebody's."""
    path = tmp_path / f"{ID}.duckdb"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="room"), look_into(path):
        pass
    assert path.read_bytes() == content and [file.name for file in tmp_path.iterdir()] == [path.name]


# Retention.


def removed(folder: RoomFolder) -> set[str]:
    ids = [room.id for room in overdue(folder, NOW)]
    return {room_id for room_id in ids if remove_if_too_old(folder, room_id, NOW)}


@pytest.mark.parametrize(
    ("steps", "days", "stamped", "gone"),
    [
        (0, 0.9, False, False),  # never changed
        (0, 1.1, False, True),
        (0, 1.1, True, False),  # its story was chosen
        (1, 1.1, False, False),
        (1, 89, False, False),
        (1, 91, False, True),
        (0, 89, True, False),
        (0, 91, True, True),
        (0, -400, False, False),  # a system clock that was set back
    ],
)
def test_a_room_is_kept_for_a_day_or_for_ninety_if_it_was_changed(
    folder: RoomFolder, steps: int, days: float, stamped: bool, gone: bool
):
    """Days count from the last visit; a removed room leaves nothing."""
    make(folder, steps=steps, ago=days * DAY, stamped=stamped)
    assert removed(folder) == ({ID} if gone else set())
    assert (names(folder) == set()) == gone


def test_a_visit_counts_although_it_does_not_write_to_the_room(folder: RoomFolder):
    """A room that is only viewed is in use."""
    path = make(folder, steps=1, ago=100 * DAY)
    before = path.read_bytes()
    folder.visited(ID, NOW)
    os.utime(f"{path}.visit", (NOW - 2 * HOUR, NOW - 2 * HOUR))
    assert removed(folder) == set() and path.read_bytes() == before
    assert KeptRoom.of(path).visited_at == NOW - 2 * HOUR


def test_a_visit_is_stamped_once_an_hour(folder: RoomFolder):
    """Drawing a page often then costs nothing."""
    stamp = Path(f"{make(folder, stamped=True)}.visit")
    for ago, again in ((0, False), (0.9, False), (1.1, True), (-5, True)):
        os.utime(stamp, (NOW - ago * HOUR, NOW - ago * HOUR))
        folder.visited(ID, NOW)
        assert (stamp.stat().st_mtime != NOW - ago * HOUR) == again


def test_a_room_is_inspected_for_changes_once(folder: RoomFolder):
    """The change is stamped, with the time of the last visit and not as a visit."""
    path = make(folder, steps=1, ago=2 * DAY)
    assert removed(folder) == set()
    kept = KeptRoom.of(path)
    assert kept.known_as_changed and kept.visited_at == NOW - 2 * DAY
    assert list(overdue(folder, NOW)) == []


def test_an_open_room_is_never_removed(folder: RoomFolder):
    """The age of its files does not matter, nor which process has it open."""
    path = make(folder, ago=400 * DAY)
    with Room.open(path):
        age(path, 400 * DAY)
        assert removed(folder) == set()
    age(path, 400 * DAY)
    assert removed(folder) == {ID}


def test_an_unreadable_file_is_never_removed_automatically(folder: RoomFolder):
    """It may be somebody's, or a room that can be salvaged."""
    path = make(folder, ago=0)
    path.write_bytes(path.read_bytes()[:5000])
    age(path, 400 * DAY)
    assert removed(folder) == set() and path.exists()


def test_rooms_in_the_old_place_are_kept_for_the_same_time(folder: RoomFolder, tmp_path: Path):
    """The rules are the same."""
    path = make(folder, ago=2 * DAY)
    (tmp_path / "old").mkdir()
    path.rename(tmp_path / "old" / path.name)
    assert [room.id for room in folder] == [ID]
    assert removed(folder) == {ID} and list(folder) == []


def test_leftovers_are_removed_by_their_own_age(folder: RoomFolder):
    """Unfinished files go after a day, orphaned logs and copies of damaged rooms after ninety, and nothing else."""
    path = make(folder, steps=1, stamped=True)
    ends = {".fresh": 1, ".fresh.wal": 1, ".part": 1, ".wal": 90, ".mark": 90, ".gone": 90, ".damaged-20260302": 90}
    for days in (0.5, 2, 91):
        for end in ends:
            Path(f"{path.with_name(OTHER)}.duckdb{end}").write_text("left over")
        (path.parent / LONG_PART).touch()
        Path(f"{path}.damaged-20260302").touch()
        for other in ("notes.txt", "links.key", "short.duckdb.wal", f"{OTHER}.txt"):
            (path.parent / other).touch()
        for file in path.parent.iterdir():
            os.utime(file, (NOW - days * DAY, NOW - days * DAY))
        remove_left_overs(folder, NOW)
        left = {f"{OTHER}.duckdb{end}" for end, most in ends.items() if days < most}
        left |= {LONG_PART} if days < 1 else set()
        left |= {f"{path.name}.damaged-20260302"} if days < UNVISITED / DAY else set()
        always = {path.name, f"{path.name}.visit", "notes.txt", "links.key"}
        assert names(folder) == left | always | {"short.duckdb.wal", f"{OTHER}.txt"}


def test_a_replaced_room_can_be_swapped_back_and_the_other_is_kept(folder: RoomFolder):
    """This works any number of times; no other files are left, and both are removed with the room."""
    path = make(folder, steps=3)
    with folder.new_file(ID) as new:
        Room.create(new, "cross-tenant-approval").close()
    for steps in (3, 0, 3):
        swap(path)
        with Room.open(path) as room:
            assert room.steps_done == steps and room.verify()
        assert names(folder) - {f"{ID}.duckdb.mark"} == {f"{ID}.duckdb", f"{ID}.duckdb.earlier", f"{ID}.duckdb.visit"}
    folder.remove(ID)
    assert names(folder) == set()


def test_an_open_room_is_not_swapped(folder: RoomFolder):
    """Neither file changes."""
    path = make(folder, steps=3)
    with folder.new_file(ID) as new:
        Room.create(new, "cross-tenant-approval").close()
    with Room.open(path) as room:
        with pytest.raises(RoomUnavailable, match="another program has it open"):
            swap(path)
        assert room.verify()
