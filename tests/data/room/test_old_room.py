"""A room that was made before notes were recorded is opened, played, checked and copied as a new one is."""

import gzip
from pathlib import Path

import pytest

from data import Room
from model import Member

OLD = Path(__file__).parent / "room_before_notes.gz"  # four steps of the story removal-stays-private


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The file of an old room."""
    path = tmp_path / "old.duckdb"
    path.write_bytes(gzip.decompress(OLD.read_bytes()))
    return path


def test_an_old_room_is_whole_and_its_policy_asks_for_no_justification(path: Path) -> None:
    with Room.open(path) as room:
        assert room.verify()
        assert room.policy.justification == "not asked"


def test_an_old_room_goes_on_is_looked_back_at_rewound_and_copied(path: Path, tmp_path: Path) -> None:
    copy, viewer = tmp_path / "copy.duckdb", Member("farah", "fabrikam")
    with Room.open(path) as room:
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
    for again in (path, copy):
        with Room.open(again) as room:
            assert room.verify()
