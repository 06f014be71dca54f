"""The registry of rooms: issued ids, looks that create nothing, the first act, and retention."""

import logging
import os
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from dashboard.background import rooms as registry
from dashboard.background.room_ids import LASTS, RoomIds
from dashboard.background.rooms import DEFAULT, NoSuchRoom, RoomNotOpened, Rooms
from data import Room, RoomUnavailable, scenarios
from data.room_folder.limits import FolderLimits, RoomsFull
from model import OpenTicket

pytestmark = pytest.mark.slow

ID = "a-room-of-sixteen-letters"
DAY = 86_400.0
NOW = 2_000_000_000.0  # seconds since the epoch


@pytest.fixture
def rooms(folder: Path) -> Rooms:
    return Rooms(folder)


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use a small default scenario: its content does not matter here."""
    monkeypatch.setattr(registry, "DEFAULT", "removal-stays-private")


def act(room: Room) -> None:
    room.do(OpenTicket("Sign-ins fail"), room.member("ben", "contoso"))


def files(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()} if folder.exists() else set()


# Ids.


def test_an_id_is_recognised_by_its_issuer_for_thirty_days(tmp_path: Path):
    """Also after a restart, once the key is kept; and by nobody with another key."""
    ids = RoomIds(tmp_path / "key")
    given = ids.new(NOW)
    ids.keep_key()
    again = RoomIds(tmp_path / "key")
    for days, known in ((0, True), (LASTS, True), (LASTS + 1, False), (-1, False)):
        assert again.gave_out(given, NOW + days * DAY) == known
    assert not RoomIds(tmp_path / "another").gave_out(given, NOW)


def test_no_invented_text_is_an_id(tmp_path: Path):
    """Not by a letter: no id can be made from another one, or chosen."""
    ids = RoomIds(tmp_path / "key")
    given = ids.new(NOW)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for place in range(len(given)):
        for letter in letters.replace(given[place], ""):
            assert not ids.gave_out(given[:place] + letter + given[place + 1 :], NOW)
    for text in ("", given + "A", given[:-1], given + "=", "é" * 22, "A" * 22, given[::-1], f" {given}"):
        assert not ids.gave_out(text, NOW)


def test_ids_differ_and_reveal_nothing_about_their_day(tmp_path: Path):
    """Ids of one day have no more letters in common than ids of two days."""
    ids = RoomIds(tmp_path / "key")
    made = [ids.new(NOW) for _ in range(1000)]
    assert len(set(made)) == 1000 and all(len(given) == 22 and given[0] != "-" for given in made)
    for place in range(21):
        assert len({given[place] for given in made}) > 50


@pytest.mark.parametrize("content", ["", "zz", "00" * 31, "é"])
def test_an_unreadable_key_is_reported_and_replaced(tmp_path: Path, content: str, caplog: pytest.LogCaptureFixture):
    """Only links in which nobody acted are lost by it."""
    (tmp_path / "key").write_text(content, encoding="utf-8")
    ids = RoomIds(tmp_path / "key")
    assert ids.gave_out(ids.new(NOW), NOW)
    assert "cannot be read" in caplog.text


def test_the_key_is_its_owners_only(rooms: Rooms, folder: Path):
    """Who reads it could choose ids."""
    rooms.to_act_in(rooms.new_id())
    assert (folder / "links.key").stat().st_mode & 0o077 == 0


# Looking creates nothing.


def test_looking_at_new_links_creates_no_file_and_one_room(rooms: Rooms, folder: Path):
    """The number of links does not matter."""
    seen = {rooms.get(rooms.new_id()) for _ in range(500)}
    assert len(seen) == 1 and not folder.exists() and not rooms._open


def test_an_id_that_was_not_issued_names_no_room(rooms: Rooms, folder: Path):
    """It can be neither viewed nor acted in."""
    for name in (ID, "A" * 22, "x", "", "../../etc/passwd", "é" * 20):
        for way in (rooms.get, rooms.to_act_in):
            with pytest.raises(NoSuchRoom, match="names no room"):
                way(name)
    assert not folder.exists()


def test_a_file_that_somebody_puts_there_is_a_room(rooms: Rooms, folder: Path):
    """By any id: old links, and rooms that a trainer made."""
    Room.create(folder / f"{ID}.duckdb", "rejection").close()
    assert rooms.get(ID).story.title == "Rejection"


# The first act.


def test_the_first_act_in_a_link_makes_its_file_and_changes_no_other_link(rooms: Rooms, folder: Path):
    """From then on the link has a room of its own, also after a restart; the others show what they showed."""
    one, other = rooms.new_id(), rooms.new_id()
    shown = rooms.get(one)
    act(rooms.to_act_in(one))
    assert rooms.get(one) is rooms.to_act_in(one) is not shown
    assert rooms.get(other) is shown and shown.state == (0, shown.opening)
    assert {f"{one}.duckdb", f"{one}.duckdb.visit", "links.key"} <= files(folder)
    assert not [name for name in files(folder) if name.startswith(other)]
    rooms.close()
    again = Rooms(folder)
    assert again.get(one).seq == shown.seq + 1 and again.get(one).verify()
    assert again.get(other).seq == shown.seq
    again.close()


def test_a_links_own_room_continues_the_one_that_was_shown(rooms: Rooms):
    """So that a page keeps what was read and said on it. What takes its place does not."""
    one, other = rooms.new_id(), rooms.new_id()
    shown = rooms.get(one)
    own = rooms.to_act_in(one)
    assert own.events().equals(shown.events()) and own.state == shown.state
    assert rooms.continues(shown, own) and rooms.continues(own, own)
    assert not rooms.continues(own, shown)
    assert not rooms.continues(own, rooms.to_act_in(other))
    assert not rooms.continues(own, rooms.start(one, "rejection"))
    assert not rooms.continues(shown, rooms.get(one))


def test_concurrent_first_acts_in_one_link_are_in_one_room(rooms: Rooms):
    """None is lost in a copy that another one replaced."""
    room_id = rooms.new_id()
    opening = rooms.get(room_id).seq
    together = threading.Barrier(8)

    def first(_: int) -> None:
        together.wait()
        act(rooms.to_act_in(room_id))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(first, range(8)))
    assert rooms.get(room_id).seq == opening + 8 and rooms.get(room_id).verify()
    rooms.close()


def test_if_something_changed_the_room_of_new_links_they_get_another(rooms: Rooms, caplog: pytest.LogCaptureFixture):
    """No program's fault may show one visitor's acts to all."""
    spoilt = rooms.get(rooms.new_id())
    act(spoilt)
    fresh = rooms.get(rooms.new_id())
    assert fresh is not spoilt and fresh.state == (0, fresh.opening)
    assert "changed" in caplog.text


def test_rooms_of_new_links_differ_in_nothing_but_what_was_done_in_them(rooms: Rooms):
    """When and after whom a room was made is in none of its tables."""
    first = rooms.to_act_in(rooms.new_id())
    act(rooms.to_act_in(rooms.new_id()))
    second = rooms.to_act_in(rooms.new_id())
    assert first.events().equals(second.events())
    tables = [[room.as_seen_by(m).audit_log() for m in room.directory.members()] for room in (first, second)]
    assert all(one.equals(two) for one, two in zip(*tables, strict=True))
    rooms.close()


# What cannot be kept.


@pytest.fixture
def nowhere(tmp_path: Path) -> Rooms:
    """A registry whose folder is a file."""
    (tmp_path / "file").touch()
    return Rooms(tmp_path / "file")


def test_where_no_file_can_be_written_rooms_are_in_memory_and_the_log_says_so_at_the_start(
    nowhere: Rooms, caplog: pytest.LogCaptureFixture, tmp_path: Path
):
    """With the path and the reason, once; every link's room is its own all the same."""
    told = "".join(record.getMessage() for record in caplog.get_records("setup"))
    assert told.count("rooms are kept in memory only") == 1 and str(tmp_path / "file") in told
    one, other = nowhere.new_id(), nowhere.new_id()
    assert nowhere.only_in_memory(one)
    shown = nowhere.get(one)
    act(nowhere.to_act_in(one))
    assert nowhere.get(one).seq == shown.seq + 1 and nowhere.get(other) is shown
    assert nowhere.continues(shown, nowhere.get(one))
    assert nowhere.start(other, "rejection").story.title == "Rejection"
    assert nowhere.only_in_memory(one) and nowhere.only_in_memory(other)
    assert caplog.text == ""
    assert (tmp_path / "file").read_bytes() == b""


def test_a_disk_that_becomes_full_loses_no_act(
    rooms: Rooms, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """New rooms are in memory until it has space again; those in files stay where they are."""
    kept, late, later = (rooms.new_id() for _ in range(3))
    act(rooms.to_act_in(kept))

    def full(self: Room, path: Path) -> None:
        Path(path).write_text("half")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Room, "snapshot", full)
        act(rooms.to_act_in(late))
        assert rooms.only_in_memory(late) and rooms.only_in_memory(later) and not rooms.only_in_memory(kept)
        assert not [name for name in files(folder) if name.startswith(late)]
    act(rooms.to_act_in(later))
    assert f"{later}.duckdb" in files(folder) and not rooms.only_in_memory(later)
    assert rooms.only_in_memory(late) and rooms.get(late).seq == rooms.get(later).seq
    assert "the disk is full" in caplog.text
    rooms.close()


def test_a_scenario_that_cannot_be_written_leaves_the_room_that_was_there(
    rooms: Rooms, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    """It is not started in memory: after a restart the old room would be back."""
    room_id = rooms.new_id()
    act(rooms.to_act_in(room_id))
    before = rooms.get(room_id).seq
    monkeypatch.setattr(shutil, "disk_usage", lambda _: type("Usage", (), {"free": 0}))
    with pytest.raises(RoomUnavailable):
        rooms.start(room_id, "rejection")
    assert rooms.get(room_id).seq == before
    act(rooms.get(room_id))
    rooms.close()


def test_the_number_of_rooms_in_memory_is_limited_and_none_is_evicted(nowhere: Rooms, monkeypatch: pytest.MonkeyPatch):
    """The one too many is refused."""
    monkeypatch.setattr(registry, "_MOST_IN_MEMORY", 2)
    ids = [nowhere.new_id() for _ in range(3)]
    made = [nowhere.to_act_in(room_id) for room_id in ids[:2]]
    for way in (lambda: nowhere.to_act_in(ids[2]), lambda: nowhere.start(ids[2], "rejection")):
        with pytest.raises(RoomsFull, match="Nothing was changed"):
            way()
    assert [nowhere.get(room_id) for room_id in ids[:2]] == made
    assert nowhere.start(ids[0], "rejection").story.title == "Rejection"


# Retention.


def test_when_no_more_rooms_fit_looking_goes_on_and_nothing_is_half_made(folder: Path):
    """Those who have a room can go on in it; a first act is refused in words, and so is a start."""
    rooms = Rooms(folder, limits=FolderLimits(rooms=1))
    one, other = rooms.new_id(), rooms.new_id()
    act(rooms.to_act_in(one))
    before = files(folder)
    for way in (lambda: rooms.to_act_in(other), lambda: rooms.start(other, "rejection")):
        with pytest.raises(RoomsFull, match=r"at most 1 room,.* Nothing was changed"):
            way()
    assert files(folder) == before and not rooms.only_in_memory(other)
    rooms.get(other)
    act(rooms.to_act_in(one))
    rooms.start(one, "rejection")
    rooms.close()


def test_the_room_that_was_not_looked_at_for_longest_is_closed_and_opened_again(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
):
    """Looking at new links closes none."""
    monkeypatch.setattr(registry, "_MOST_OPEN", 2)
    ids = [rooms.new_id() for _ in range(3)]
    for room_id in ids:
        act(rooms.to_act_in(room_id))
    assert list(rooms._open) == ids[1:]
    for _ in range(10):
        rooms.get(rooms.new_id())
    assert list(rooms._open) == ids[1:]
    assert rooms.get(ids[0]).verify() and list(rooms._open) == [ids[2], ids[0]]
    rooms.close()


def test_old_rooms_are_removed_but_not_those_that_are_open(rooms: Rooms, folder: Path):
    """A room that was acted in, after ninety days; its link then names no room."""
    made = [rooms.new_id() for _ in range(2)]
    for room_id in made:
        act(rooms.to_act_in(room_id))
    rooms.close()
    rooms.get(made[0])
    old = time.time() - 91 * DAY
    for file in folder.glob("*.duckdb*"):
        os.utime(file, (old, old))
    rooms.tidy()
    assert (folder / f"{made[0]}.duckdb").exists() and not (folder / f"{made[1]}.duckdb").exists()
    with pytest.raises(NoSuchRoom):
        Rooms(folder.with_name("elsewhere")).get(made[1])
    rooms.close()


def test_a_room_that_nobody_looked_at_for_an_hour_is_closed(rooms: Rooms, monkeypatch: pytest.MonkeyPatch):
    """Else a server that runs for long would never remove it; the next look opens it."""
    room_id = rooms.new_id()
    act(rooms.to_act_in(room_id))
    rooms.tidy()
    assert room_id in rooms._open
    later = time.monotonic() + 3601
    monkeypatch.setattr(time, "monotonic", lambda: later)
    rooms.tidy()
    assert room_id not in rooms._open and rooms.get(room_id).verify()
    rooms.close()


def test_the_folder_is_tidied_now_and_then_and_not_at_each_look(rooms: Rooms, monkeypatch: pytest.MonkeyPatch):
    """It is tidied once an hour."""
    times: list[None] = []
    monkeypatch.setattr(Rooms, "tidy", lambda self, most=None: times.append(None))
    now = time.monotonic()
    room_id = rooms.new_id()
    for later, expected in ((0, 0), (3599, 0), (3700, 1), (3800, 1), (7400, 2)):
        monkeypatch.setattr(time, "monotonic", lambda later=later: now + later)
        rooms.get(room_id)
        for thread in threading.enumerate():
            if thread.name == "tidy the rooms":
                thread.join()
        assert len(times) == expected


def test_the_link_of_a_room_that_somebody_removed_names_no_room(rooms: Rooms, folder: Path):
    """And does not begin again at the story's beginning, as if nothing had been there."""
    room_id = rooms.new_id()
    act(rooms.to_act_in(room_id))
    rooms.close()
    rooms._folder.remove(room_id, requested=True)
    with pytest.raises(NoSuchRoom):
        rooms.get(room_id)


def test_a_room_that_is_open_elsewhere_is_reported_without_its_path(
    rooms: Rooms, folder: Path, caplog: pytest.LogCaptureFixture
):
    """The path is for the log."""
    caplog.set_level(logging.ERROR)
    with Room.create(folder / f"{ID}.duckdb", "rejection") as room:
        room.advance(timedelta(days=1))
        for way in (rooms.get, rooms.to_act_in, lambda name: rooms.start(name, "rejection")):
            with pytest.raises(RoomNotOpened) as told:
                way(ID)
            assert str(folder) not in str(told.value) and str(folder) in caplog.text
            caplog.clear()
        assert room.verify()


def test_the_default_scenario_is_shipped():
    """It is what every new link shows."""
    assert DEFAULT in scenarios()
