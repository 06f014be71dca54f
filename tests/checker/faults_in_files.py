"""Faults in the files of a room: commits and their mark, damage, snapshots, formats, and a file opened twice."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from data import Room, RoomUnavailable
from data.room.file import opening, salvage
from data.room.unit_of_work import UnitOfWork
from data.room_folder import folder as folders
from data.store import duckdb_file
from data.store.duckdb_file import Store
from data.store.mark import Mark
from data.store.placing import mark_beside, swap
from tests.checker.catchers_of_files import (
    a_damaged_room_is_left_as_it_is,
    a_room_after_trouble,
    a_room_in_place_of_another,
    a_snapshot_while_somebody_acts,
    an_open_file_under_another_name,
    opening_a_room_of_an_older_format,
    salvaging_a_damaged_room,
)
from tests.checker.faults import Fault


def the_mark_is_written_before_the_commit(patch: pytest.MonkeyPatch) -> None:
    """A commit that fails leaves a mark of lines that never were: after a crash a sound room is refused as damaged."""
    transaction = UnitOfWork.transaction

    @contextmanager
    def early(self: UnitOfWork) -> Iterator[duckdb.DuckDBPyConnection]:
        with transaction(self) as cursor:
            yield cursor
            self._store.mark.raise_to(self._last)

    patch.setattr(UnitOfWork, "transaction", early)


def the_number_of_a_failed_line_is_not_taken_back(patch: pytest.MonkeyPatch) -> None:
    """The log has a gap after a commit that failed, and does not verify any more."""
    transaction = UnitOfWork.transaction

    @contextmanager
    def kept(self: UnitOfWork) -> Iterator[duckdb.DuckDBPyConnection]:
        wanted = 0
        try:
            with transaction(self) as cursor:
                yield cursor
                wanted = self._last
        except RoomUnavailable:
            self._last = max(wanted, self._last)
            raise

    patch.setattr(UnitOfWork, "transaction", kept)


def the_clock_is_left_behind_after_trouble(patch: pytest.MonkeyPatch) -> None:
    """A jump that was carried out though the disk gave trouble is in the log, and the next line is before it."""
    read = Room._read_state

    def reads(self: Room) -> None:
        then = getattr(self, "_now", None)
        read(self)
        self._now = then or self._now

    patch.setattr(Room, "_read_state", reads)


def what_is_not_known_is_not_looked_up(patch: pytest.MonkeyPatch) -> None:
    """After a commit of which nobody knows whether it was carried out, the room goes on as if it was not."""

    @contextmanager
    def locked(self: UnitOfWork) -> Iterator[None]:
        with self.lock:
            yield

    patch.setattr(UnitOfWork, "locked", locked)


def a_commit_that_reports_trouble_is_taken_as_not_done(patch: pytest.MonkeyPatch) -> None:
    """What is in the file is told as not done, and who tries it again does it twice."""
    patch.setattr(UnitOfWork, "_is_in_the_file", lambda *_: False)


def a_mark_that_fails_is_told_as_a_failure(patch: pytest.MonkeyPatch) -> None:
    """The same, after the commit: what is done is told as not done because the file beside it cannot be written."""
    patch.setattr(Mark, "raise_to", Mark.lower_to)


def a_mark_that_failed_is_not_kept_in_mind(patch: pytest.MonkeyPatch) -> None:
    """Once it failed, no mark is written any more: acknowledged lines can go missing, and nobody notices."""
    write = Mark.raise_to

    def written(self: Mark, seq: int) -> None:
        if not self._behind:
            write(self, seq)

    patch.setattr(Mark, "raise_to", written)


def damage_is_closed_with_a_checkpoint(patch: pytest.MonkeyPatch) -> None:
    """Closing a room that was found damaged writes over what could still have been saved of it."""
    patch.setattr(Store, "_is_sound", property(lambda self: not self._invalid))


def a_torn_end_is_dropped_without_a_look_at_the_mark(patch: pytest.MonkeyPatch) -> None:
    """The end of a write-ahead log that was acknowledged, and is damaged, is cut off for good."""
    drop = opening._drop_torn_end

    def dropped(path: Path) -> None:
        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(Mark, "read", lambda self: 0)
            drop(path)

    patch.setattr(opening, "_drop_torn_end", dropped)


def salvage_keeps_a_line_beyond_the_first_bad_one(patch: pytest.MonkeyPatch) -> None:
    """The room that is made of what is left is not sound."""
    verify = salvage._lines_that_verify

    def one_more(remains: salvage.Remains, path: Path) -> int:
        return min(verify(remains, path) + 1, len(remains.lines))

    patch.setattr(salvage, "_lines_that_verify", one_more)


def salvage_keeps_no_copy(patch: pytest.MonkeyPatch) -> None:
    """What the program could not read is gone, also for somebody who could."""
    made = salvage.salvage

    def cleared(path: Path) -> salvage.Salvaged:
        saved = made(path)
        saved.copy.unlink()
        return saved

    patch.setattr("data.room.room_file.salvage", cleared)


def a_snapshot_takes_the_mark_along(patch: pytest.MonkeyPatch) -> None:
    """A mark of lines that were written during the copying: the sound copy is refused as damaged."""
    snapshot = Store.snapshot

    def taken(self: Store, path: Path) -> None:
        snapshot(self, path)
        shutil.copyfile(mark_beside(Path(self.path)), mark_beside(path))

    patch.setattr(Store, "snapshot", taken)


def replacing_keeps_the_old_mark(patch: pytest.MonkeyPatch) -> None:
    """A new room beside the mark of the one before, whose log was longer, is refused as damaged."""
    for place in (duckdb_file, folders):
        patch.setattr(place, "put_in_place_of", swap)


def a_migrated_room_keeps_no_copy(patch: pytest.MonkeyPatch) -> None:
    """Who goes back to the version before has no room any more that it can read."""
    patch.setattr(opening, "copy_beside", lambda path, suffix: path)


def an_open_file_is_known_by_its_path(patch: pytest.MonkeyPatch) -> None:
    """Under a second name it is opened again, and two write to one file."""
    patch.setattr(duckdb_file, "_key", lambda path: (0, hash(str(path))))


IN_FILES = (
    Fault(the_mark_is_written_before_the_commit, a_room_after_trouble),
    Fault(the_number_of_a_failed_line_is_not_taken_back, a_room_after_trouble),
    Fault(the_clock_is_left_behind_after_trouble, a_room_after_trouble),
    Fault(what_is_not_known_is_not_looked_up, a_room_after_trouble),
    Fault(a_commit_that_reports_trouble_is_taken_as_not_done, a_room_after_trouble),
    Fault(a_mark_that_fails_is_told_as_a_failure, a_room_after_trouble),
    Fault(a_mark_that_failed_is_not_kept_in_mind, a_room_after_trouble),
    Fault(damage_is_closed_with_a_checkpoint, a_damaged_room_is_left_as_it_is),
    Fault(a_torn_end_is_dropped_without_a_look_at_the_mark, a_damaged_room_is_left_as_it_is),
    Fault(salvage_keeps_a_line_beyond_the_first_bad_one, salvaging_a_damaged_room),
    Fault(salvage_keeps_no_copy, salvaging_a_damaged_room),
    Fault(a_snapshot_takes_the_mark_along, a_snapshot_while_somebody_acts),
    Fault(replacing_keeps_the_old_mark, a_room_in_place_of_another),
    Fault(a_migrated_room_keeps_no_copy, opening_a_room_of_an_older_format),
    Fault(an_open_file_is_known_by_its_path, an_open_file_under_another_name),
)
