"""Create a room from what is left of a damaged one: the longest prefix of its log that verifies."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from data.room.file.fixed_tables import read_directory
from data.room.file.integrity import faults
from data.room.file.opening import copy_beside
from data.room.file.setup import read_room, write_tables
from data.scenario.scenario import Scenario
from data.store import log
from data.store.duckdb_file import refuse_if_open, write_file
from data.store.mark import Mark
from data.store.placing import mark_beside, part_beside, wal_beside
from data.store.remains import longest, open_remains, sound_lines
from data.store.trouble import DamagedRoom, translated_errors
from model import Directory, Policy


@dataclass(frozen=True, slots=True)
class Salvaged:
    """The result of a salvage: how many lines of the log were saved, how many at least are lost, and the copy."""

    saved: int
    lost: int
    copy: Path


@dataclass(frozen=True, slots=True)
class Remains:
    """What was read of a room: enough to create it again."""

    story: Scenario
    seed: int
    policy: Policy
    opening: int
    directory: Directory
    lines: pd.DataFrame

    def fill(self, lines: int) -> Callable[[duckdb.DuckDBPyConnection], None]:
        """Return a function that writes a room with so many lines of the log into an empty database."""

        def fill(db: duckdb.DuckDBPyConnection) -> None:
            with db.cursor() as cursor:
                cursor.begin()
                write_tables(cursor, self.story, self.seed, self.policy, self.directory, self.opening)
                log.insert(cursor, "log", self.lines.iloc[:lines])
                log.rebuild(cursor, lines)
                cursor.commit()

        return fill

    def verifies(self, lines: int) -> bool:
        """Return whether a room with so many lines of the log is whole and legal."""
        with duckdb.connect(":memory:") as db:
            self.fill(lines)(db)
            return not any(faults(db, lines, self.policy, self.directory))


def salvage(path: Path) -> Salvaged:
    """Replace a damaged room with a sound one, and keep a copy of the damaged one beside it.

    Raises FileNotFoundError, ValueError if the room is in use, RoomUnavailable, and DamagedRoom if nothing of it can be
    read. The damaged file is then unchanged.
    """
    refuse_if_open(path)
    copy = copy_beside(path, time.strftime("damaged-%Y%m%dT%H%M%SZ", time.gmtime()))
    try:
        remains, acknowledged = _read(copy, path)
        saved = _lines_that_verify(remains, path)
        write_file(str(path), remains.fill(saved), replace=True)
    except BaseException:
        for beside in (Path, wal_beside, mark_beside):
            beside(copy).unlink(missing_ok=True)
        raise
    return Salvaged(saved, max(acknowledged, len(remains.lines)) - saved, copy)


def _lines_that_verify(remains: Remains, path: Path) -> int:
    """Return how many lines of the log make a whole and legal room. Raises DamagedRoom."""
    lines = longest(len(remains.lines), lambda lines: lines < remains.opening or remains.verifies(lines))
    while lines > remains.opening and not remains.verifies(lines):  # the cut is in the middle of an act
        lines -= 1
    if lines < remains.opening:
        reason = f"its log is damaged from line {lines + 1} on, before its story begins"
        raise DamagedRoom(path, reason, "use a snapshot, or start a new room")
    return lines


def _read(copy: Path, path: Path) -> tuple[Remains, int]:
    """Return what can be read of a damaged room, and the last acknowledged line, 0 if that is unknown."""
    with translated_errors(path), part_beside(copy) as scratch:
        for beside in (Path, wal_beside):
            if beside(copy).exists():
                shutil.copyfile(beside(copy), beside(scratch))
        with open_remains(scratch) as cursor:
            story, seed, policy, opening = read_room(cursor, str(path))
            remains = Remains(story, seed, policy, opening, read_directory(cursor), sound_lines(cursor))
    try:
        return remains, Mark(str(copy)).read()
    except DamagedRoom:
        return remains, 0
