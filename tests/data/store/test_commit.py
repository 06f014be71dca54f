"""A room's state is what is committed: not earlier, and no less if the disk fails."""

from pathlib import Path

import duckdb
import pytest

from data import Room
from data.store import duckdb_file, log
from model import Approve, Refused, Revoke


def test_a_change_is_in_the_rooms_state_once_it_is_committed(monkeypatch: pytest.MonkeyPatch):
    """Otherwise a page that reads in between would take old data for the newest, and never refresh."""
    with Room.create() as room:
        room.next_step(), room.next_step()
        before, said = room.state, []
        save = log.save_case
        monkeypatch.setattr(log, "save_case", lambda *given: (save(*given), said.append((room.state, room.seq))))
        room.do(Approve("r1"), room.member("adele", "contoso"))
        assert said == [(before, before[1])]
        assert room.state == (before[0], before[1] + 1)


def test_a_long_log_is_merged_into_the_file_while_the_room_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """DuckDB's checkpoint, which overwrites parts of the file, is not used: a copy replaces the file."""
    monkeypatch.setattr(duckdb_file, "_COMMITS_TO_A_LOOK", 3)
    monkeypatch.setattr(duckdb_file, "_LONGEST_LOG", 0)
    path = tmp_path / "room.duckdb"
    inodes = set()
    with Room.create(path) as room:
        while room.next_step():
            inodes.add(path.stat().st_ino)
            with pytest.raises(ValueError, match="open already"):
                Room.open(path)
        assert room.verify()
    assert len(inodes) > 2
    assert sorted(file.name for file in tmp_path.iterdir()) == ["room.duckdb", "room.duckdb.mark"]
    with Room.open(path) as again:
        assert again.verify() and again.steps_done == len(again.story.steps)


def test_a_failed_copy_reverts_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The commit stands, the next line gets the next number, and the room closes."""
    monkeypatch.setattr(duckdb_file, "_COMMITS_TO_A_LOOK", 1)
    monkeypatch.setattr(duckdb_file, "_LONGEST_LOG", 0)
    path = tmp_path / "room.duckdb"

    def full(*_: object) -> None:
        raise duckdb.IOException("no space left")

    with monkeypatch.context() as patch, Room.create(path) as room:
        patch.setattr(duckdb_file, "_copy", full)
        room.play()
        assert room.verify()
    assert (tmp_path / "room.duckdb.wal").exists()
    with Room.open(path) as again:
        assert again.verify() and again.steps_done == len(again.story.steps)


def test_closing_a_closed_room_does_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    """It must not affect another user of the file."""
    first = Room.create(tmp_path / "room.duckdb")
    first.next_step()
    first.close()
    with Room.open(tmp_path / "room.duckdb") as room:
        room.next_step()
        first.close()
        with pytest.raises(ValueError, match="open already"):
            Room.open(tmp_path / "room.duckdb")
        assert room.verify()
    memory = Room.create()
    memory.close()
    memory.close()
    assert not caplog.records


@pytest.mark.parametrize("other", [None, b"somebody else's"])
def test_a_file_that_was_removed_or_replaced_is_not_overwritten(tmp_path: Path, other: bytes | None):
    """The file there now is not this room's."""
    path = tmp_path / "room.duckdb"
    with Room.create(path) as room:
        room.next_step()
        path.unlink()
        if other:
            path.write_bytes(other)
    assert (path.read_bytes() if path.exists() else None) == other


def test_a_refusal_leaves_the_case_unchanged():
    """Cached cases have no refused and no rewound changes."""
    with Room.create() as room:
        room.next_step(), room.next_step()
        adele, pending = room.member("adele", "fabrikam"), room.seq
        with pytest.raises(Refused, match="only an approved one"):
            room.do(Revoke("r1"), adele)
        room.do(Approve("r1"), adele)
        room.rewind(pending)
        assert room.would_be_refused(Approve("r1"), adele) is None
        room.do(Approve("r1"), adele)
        assert room.do(Revoke("r1"), adele) and room.verify()
