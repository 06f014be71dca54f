"""What a room says of itself is what is committed: not sooner, and not less where the disk gives trouble."""

from pathlib import Path

import duckdb
import pytest

from data import Room
from data.store import log
from data.store.duckdb_file import Store
from model import Approve, Refused, Revoke


def test_a_change_shows_in_the_rooms_state_when_it_is_committed(monkeypatch: pytest.MonkeyPatch):
    """A page that reads in between would else take what it sees for the newest, and never look again."""
    with Room.create() as room:
        room.next_step(), room.next_step()
        before, said = room.state, []
        save = log.save_case
        monkeypatch.setattr(log, "save_case", lambda *given: (save(*given), said.append((room.state, room.seq))))
        room.do(Approve("r1"), room.member("adele", "contoso"))
        assert said == [(before, before[1])]
        assert room.state == (before[0], before[1] + 1)


def test_a_checkpoint_that_fails_takes_nothing_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The commit stands, the next line gets the next number, and closing closes."""
    monkeypatch.setattr("data.store.duckdb_file._COMMITS_TO_A_CHECKPOINT", 1)
    path = tmp_path / "room.duckdb"
    with Room.create(path) as room:
        cursor = Store.cursor

        class Full:
            """A cursor that finds the disk full when it comes to a checkpoint."""

            def __init__(self, real: duckdb.DuckDBPyConnection) -> None:
                self.real = real

            def execute(self, sql: str, *given: object) -> object:
                if sql == "CHECKPOINT":
                    raise duckdb.IOException("no space left")
                return self.real.execute(sql, *given)

            def __getattr__(self, name: str) -> object:
                return getattr(self.real, name)

            def __enter__(self) -> "Full":
                return self

            def __exit__(self, *_: object) -> None:
                self.real.close()

        monkeypatch.setattr(Store, "cursor", lambda self: Full(self.db.cursor()))
        room.play()
        assert room.verify()
        monkeypatch.setattr(Store, "cursor", cursor)
    with Room.open(path) as again:
        assert again.verify() and again.steps_done == len(again.story.steps)


def test_a_refusal_leaves_the_case_as_it_stood():
    """Cases are kept as they stand; what was refused, or was wound back, is not among them."""
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
