"""An uploaded room file is read as data, and only a legal history is accepted."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from data import Room
from data.room.taking_in import NotTakenIn, take_in
from model import Revoke


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    """Return a room's file with some steps of a story, an act by hand and an undone act."""
    with Room.create(scenario="removal-stays-private") as room:
        for _ in range(3):
            room.next_step()
        room.do(Revoke("r1"), room.member("farah", "fabrikam"))
        room.undo()
        room.rename("Monday's class")
        room.snapshot(tmp_path / "given.duckdb")
    return tmp_path / "given.duckdb"


def test_a_snapshot_becomes_a_room_with_the_same_history_and_name(snapshot: Path, tmp_path: Path):
    take_in(snapshot, tmp_path / "new.duckdb")
    with Room.open(tmp_path / "new.duckdb") as new, Room.open(snapshot) as given:
        assert new.events().equals(given.events()) and new.verify()
        assert (new.title, new.story, new.policy, new.seed) == (given.title, given.story, given.policy, given.seed)
        assert new.directory == given.directory and new.steps_done == 3


def changed(sql: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with duckdb.connect(str(path)) as db:
            db.execute(sql)

    return change


def written(content: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(content)

    return write


UNDONE = "CREATE TABLE old AS FROM log; DROP TABLE log"
WRONG: dict[str, tuple[Callable[[Path], None], str]] = {
    "no database": (written(b"PK\x03\x04" * 5_000), "not a room"),
    "an empty file": (written(b""), "not a room"),
    "another database": (changed("DROP TABLE room"), "not a room"),
    "a view in place of the log": (changed(f"{UNDONE}; CREATE VIEW log AS FROM old"), "not a room"),
    "a view that reads files": (
        changed(
            "DROP TABLE people; CREATE VIEW people AS SELECT filename AS person, content AS name FROM read_text('*')"
        ),
        "not a room",
    ),
    "no line": (changed("DELETE FROM log"), "no history"),
    "a line too few": (changed("DELETE FROM log WHERE seq = 2"), "no history"),
    "an act that the rules refuse": (
        changed("UPDATE log SET action = 'reject' WHERE action = 'approve'"),
        "no history",
    ),
    "another format": (changed("UPDATE room SET format = 99"), "Another version"),
    "no story": (changed("UPDATE room SET scenario = 'title = 1'"), "not a room"),
    "a policy that is none": (changed("UPDATE room SET policy = '[]'"), "not a room"),
    "a title that cannot be seen": (changed("UPDATE room SET title = chr(8238)"), "not a room"),
    "roles that are none": (changed("UPDATE memberships SET roles = NULL"), "not a room"),
    "too many lines": (changed("INSERT INTO log BY NAME SELECT range AS seq FROM range(600_000)"), "600,008 lines"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_file_that_is_no_room_is_refused_and_nothing_is_made(snapshot: Path, tmp_path: Path, wrong: str):
    change, told = WRONG[wrong]
    change(snapshot)
    before = {file.name for file in tmp_path.iterdir()}
    with pytest.raises(NotTakenIn, match=told) as refused:
        take_in(snapshot, tmp_path / "new.duckdb")
    assert str(tmp_path) not in str(refused.value)
    assert {file.name for file in tmp_path.iterdir()} == before


def test_macros_and_cached_tables_of_the_file_are_not_copied(snapshot: Path, tmp_path: Path):
    """They are rebuilt from the log."""
    for table in ("requests", "tickets"):
        changed(f"DELETE FROM {table}")(snapshot)
    changed("CREATE OR REPLACE MACRO clock_at(n) AS TABLE SELECT TIMESTAMP '2000-01-01' AS now")(snapshot)
    changed("CREATE TABLE more AS SELECT 1 AS one")(snapshot)
    take_in(snapshot, tmp_path / "new.duckdb")
    with Room.open(tmp_path / "new.duckdb") as new:
        assert new.verify() and new.now.year == 2026
        new.do(Revoke("r1"), new.member("farah", "fabrikam"))
    with duckdb.connect(str(tmp_path / "new.duckdb")) as db:
        assert not db.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'more'").fetchall()


@pytest.mark.parametrize("title", ["", "  ", "x" * 101, "\u202eroom", "\u2800"])
def test_an_unreadable_name_is_refused(title: str):
    room = Room.create(scenario="rejection")
    with pytest.raises(ValueError, match=r"characters|an invisible character"):
        room.rename(title)
    assert room.title == room.story.title


def test_a_name_stays_with_the_room_and_its_copies(tmp_path: Path):
    with Room.create(tmp_path / "room.duckdb", "rejection") as room:
        room.rename("  Monday's \n class ")
        room.snapshot(tmp_path / "copy.duckdb")
    for name in ("room", "copy"):
        with Room.open(tmp_path / f"{name}.duckdb") as room:
            assert room.title == "Monday's class" and room.story.title != room.title and room.verify()
