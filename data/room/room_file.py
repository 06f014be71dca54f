"""The file of a room, with its log: create, open, close, copy and check it.

One process owns the file. Others get a snapshot.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import duckdb
import pandas as pd

from data.generated.background import background
from data.room.arguments import check_seed, check_title
from data.room.file.fixed_tables import read_directory
from data.room.file.generated_names import new_title, with_generated_names
from data.room.file.integrity import faults
from data.room.file.opening import open_store
from data.room.file.salvage import Remains, Salvaged, salvage
from data.room.file.setup import fill, new_path, read_room
from data.room.story import read_progress
from data.room.unit_of_work import UnitOfWork
from data.scenario.find import find_policy, find_scenario
from data.scenario.progress import Progress
from data.scenario.reader import parse_scenario
from data.scenario.scenario import Scenario
from data.scenario.starting import starting
from data.store import log
from data.store.duckdb_file import Store, write_file
from data.store.placing import MEMORY
from data.store.trouble import DamagedRoom
from model import Directory, Policy


class RoomFile:
    """The storage of a room: a DuckDB file, or memory."""

    progress: Progress  # of the story
    salvaged: Salvaged | None = None  # what was saved, if `salvage` created it
    _now: datetime

    def __init__(self, store: Store) -> None:
        self.path = store.path
        self._store = store
        self._cursor = store.cursor
        with self._cursor() as cursor:
            self.story, self.seed, self.policy, self.opening = read_room(cursor, self.path)
            self.title: str = cursor.execute("SELECT title FROM room").fetchall()[0][0]
            self.directory = read_directory(cursor)
        self._work = UnitOfWork(store, self.directory, self.policy, self.seed, self._read_state)
        self._lock = self._work.lock
        self._read_state()

    @classmethod
    def create(
        cls,
        path: str | Path = MEMORY,
        scenario: str | Path | Scenario | None = "cross-tenant-approval",
        seed: int = 1,
        policy: Policy | str | Mapping[str, Any] | None = None,
        *,
        directory: Directory | None = None,
        starts: datetime | None = None,
        replace: bool = False,
    ) -> Self:
        """Create a room, atomically, at the moment when its story begins.

        `scenario`: the name of a shipped one, the path of a .toml file, or None for a room with people and no story.
        `directory` and `policy` (a Policy, the name of a preset, or a policy table as in a scenario) override the
        scenario's. `starts` (naive UTC) moves the start of the story, and everything in it. With `replace` the room
        replaces the one in the file, which must not be open. Raises ValueError, RoomUnavailable, and FileExistsError if
        the file exists.

        >>> Room.create(scenario="cross-tenant-approval", policy="okta").now
        datetime.datetime(2026, 3, 2, 9, 0)
        """
        story = find_scenario(scenario)
        if starts is not None:
            story = starting(story, starts)
        chosen = story.policy if policy is None else find_policy(policy)
        people = directory if directory is not None else story.directory
        lines = None
        if story.background:
            people, lines = background(story.background, people, chosen, story.starts, seed)
        return cls.filled(path, story, seed, chosen, people, lines, replace=replace)

    @classmethod
    def filled(
        cls,
        path: str | Path,
        story: Scenario,
        seed: int,
        policy: Policy,
        directory: Directory,
        lines: pd.DataFrame | None,
        *,
        replace: bool = False,
    ) -> Self:
        """Create a room from a whole directory and, in `lines` of a log, what happened before the story.

        Raises FileExistsError if the file exists and is not to be replaced, ValueError, and RoomUnavailable.
        """
        check_seed(seed)
        place = new_path(path, replace=replace)
        if place == MEMORY:
            store = Store(MEMORY)
            fill(store.db, story, seed, policy, directory, lines)
            return cls._in(store)
        parse_scenario(story.text)  # fail before writing what could not be read again
        write_file(place, lambda db: fill(db, story, seed, policy, directory, lines), replace=replace)
        return cls._in(Store(place))

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Open the room in a file.

        Raises FileNotFoundError, DamagedRoom, RoomUnavailable, or ValueError if the file is not a room, of a newer
        format, or in use. A room that is refused stays as it is on the disk.

        >>> Room.create("mine.duckdb").close()
        >>> with Room.open("mine.duckdb") as room:
        ...     room.verify()
        True
        """
        path = Path(path).resolve()
        if not path.exists():
            raise FileNotFoundError(f"there is no room {path}")
        return cls._in(open_store(str(path)))

    @classmethod
    def salvage(cls, path: str | Path) -> Self:
        """Replace a damaged room with what is left of it, and open it; `salvaged` says what was saved.

        The longest prefix of the log that verifies is kept. The damaged files are kept beside it, under the name in
        `salvaged.copy`. Raises FileNotFoundError, ValueError if the room is in use, RoomUnavailable, and DamagedRoom if
        nothing of it can be read.

        >>> Room.create("hurt.duckdb").close()
        >>> room = Room.salvage("hurt.duckdb")
        >>> room.salvaged.saved, room.salvaged.lost
        (1, 0)
        """
        path = Path(path).resolve()
        if not path.exists():
            raise FileNotFoundError(f"there is no room {path}")
        salvaged = salvage(path)
        room = cls._in(open_store(str(path)))
        room.salvaged = salvaged
        return room

    @classmethod
    def _in(cls, store: Store) -> Self:
        try:
            return cls(store)
        except BaseException:
            store.close()
            raise

    def close(self) -> None:
        """Write everything to the file and release it. Closing a closed room has no effect."""
        with self._lock:
            self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read_state(self) -> None:
        with self._cursor() as cursor:
            last, self._now = cursor.execute("SELECT count(*), (SELECT now FROM clock) FROM log").fetchall()[0]
            self.progress = read_progress(cursor, self.story, last)
        self._work.start_from(last)

    @property
    def steps_done(self) -> int:
        """How many steps of the story are done, from the first one on."""
        return self.progress.steps_done

    @contextmanager
    def uninterrupted(self) -> Iterator[None]:
        """Keep others from acting in the room, or undoing anything, within the block."""
        with self._lock:
            yield

    def rename(self, title: str) -> None:
        """Give the room its own title. Raises ValueError if it is empty, too long or invisible.

        >>> room = Room.create(scenario="rejection")
        >>> room.rename("Monday's class")
        >>> room.title
        "Monday's class"
        """
        title = check_title(title)
        with self._work.transaction() as cursor:
            cursor.execute("UPDATE room SET title = ?", [title])
        self.title = title

    @property
    def state(self) -> tuple[int, int]:
        """How often the room was rewound since it was opened, and its log's last line; equal states mean no change."""
        return self._work.state

    @property
    def seq(self) -> int:
        """The last line of the log."""
        return self.state[1]

    @property
    def now(self) -> datetime:
        """The room's own clock, naive UTC."""
        return self._now

    def events(self) -> pd.DataFrame:
        """Return the whole log, a row for each line: for trainers and analysts, not for members.

        Columns (missing where they do not apply):

        - seq int64: the number of the line; occurred_at datetime64[us]: naive UTC
        - action str: an `Action`, or "clock" (time passed) or "step" (a step of the story was done)
        - ticket_id, request_id str
        - person, signed_in_to str: the member who acted and the member's tenant; engineer str: the engineer who acted
        - from_status, to_status str: of the access request; due_at datetime64[us]: when it then expires or lapses
        - tenant str: of a new ticket, the resource tenant of a new request, or the tenant that was read
        - title, severity str; advanced_diagnostics boolean; assigned_engineer str: of a new ticket
        - reason str: of a new request; category str: of what was read; refusal str: the code of a refused try to read
        - step Int32: the step of the story

        >>> Room.create(scenario="rejection").events()["action"].tolist()
        ['clock']
        """
        with self._cursor() as cursor:
            return log.read(cursor)

    def snapshot(self, path: str | Path, *, generated_names: bool = False) -> None:
        """Write a copy of the whole room to a file, replacing what was there, without blocking others.

        With `generated_names` every tenant, person and engineer gets a new name and id, the same throughout. Texts that
        people typed, or that came from a file, are replaced, and undone acts are left out; see
        `data.room.file.generated_names`. Raises ValueError if the file is the room's own.

        >>> Room.create().snapshot("copy.duckdb")
        >>> Room.open("copy.duckdb").verify()
        True
        """
        if generated_names:
            self._write_with_generated_names(Path(path).resolve())
        else:
            self._store.snapshot(Path(path))

    def _write_with_generated_names(self, path: Path) -> None:
        with self._lock:
            lines = self.events()
        own = Remains(self.story, self.seed, self.policy, self.opening, self.directory, lines)
        renamed = with_generated_names(own)
        fill, title = renamed.fill(len(lines)), new_title(self.title, own, renamed)

        def fill_and_name(db: duckdb.DuckDBPyConnection) -> None:
            fill(db)
            db.execute("UPDATE room SET title = ?", [title])

        write_file(str(path), fill_and_name, replace=True)

    def verify(self) -> bool:
        """Return True if the log is complete and legal, and all other tables agree with the log and the rules.

        Raises DamagedRoom with all that is wrong.

        >>> Room.create().verify()
        True
        """
        with self._work.locked(), self._cursor() as cursor:
            if wrong := list(faults(cursor, self.seq, self.policy, self.directory)):
                raise DamagedRoom(self.path, "; ".join(wrong))
        return True
