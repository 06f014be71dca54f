"""A room: one simulated world in one DuckDB file, or in memory.

Commands go in, one transaction each, behind the room's write lock; each operation has its own cursor. The log is the
truth, and the tables of current state are a cache of it. What anybody sees is read through `data.lens`.

One process owns the file. Others get a snapshot.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, overload

import duckdb
import pandas as pd

from data.generated.background import background
from data.lens.lens import Desk, Lens, Overview
from data.room import clock
from data.room.fixed_tables import read_directory
from data.room.integrity import end_of_whole, faults
from data.room.reading import read_records, record_refused_try
from data.room.setup import fill, new_path, read_room
from data.room.story import readable
from data.room.unit_of_work import Done, UnitOfWork
from data.scenario.expectations import Played, compare_expectations
from data.scenario.find import find_policy, find_scenario, known
from data.scenario.scenario import Scenario, Step
from data.store import log
from data.store.duckdb_file import MEMORY, DamagedRoom, Store
from model import (
    Actor,
    Code,
    Command,
    Directory,
    Engineer,
    Member,
    Policy,
    ReadDiagnostics,
    Refused,
    WriteDiagnostics,
)


class Room:
    """One simulated world: its tenants, cases, clock, policy and history. Made by `Room.create` or `Room.open`."""

    steps_done: int  # of the story
    _now: datetime

    def __init__(self, store: Store) -> None:
        self.path = store.path
        self._store = store
        self._cursor = store.cursor
        with self._cursor() as cursor:
            self.story, self.seed, self.policy, self.opening = read_room(cursor, self.path)
            self.directory = read_directory(cursor)
        self._work = UnitOfWork(store, self.directory, self.policy, self.seed)
        self._lock = self._work.lock
        self._read_state()
        if store.mark > self.seq:
            raise DamagedRoom(
                f"{self.path}: the log ends at line {self.seq}, but line {store.mark} had been acknowledged; "
                "its write-ahead log was cut off. Use a snapshot, or delete the .mark file to go on with what is left"
            )

    # Create, open, close.

    @classmethod
    def create(
        cls,
        path: str | Path = MEMORY,
        scenario: str | Path | Scenario | None = "cross-tenant-approval",
        seed: int = 1,
        policy: Policy | str | Mapping[str, Any] | None = None,
        *,
        directory: Directory | None = None,
    ) -> "Room":
        """Create a room, at the moment when its story begins.

        `scenario`: the name of a shipped one, the path of a .toml file, or None for a room with people and no story.
        `directory` takes the place of the scenario's. `policy` (a Policy, the name of a preset, or a scenario's
        policy table) takes the place of the scenario's. Raises ValueError, and FileExistsError if the file exists.
        """
        story = find_scenario(scenario)
        chosen = story.policy if policy is None else find_policy(policy)
        people = directory if directory is not None else story.directory
        lines = None
        if story.background:
            people, lines = background(story.background, people, chosen, story.starts, seed)
        return cls.filled(path, story, seed, chosen, people, lines)

    @classmethod
    def filled(
        cls,
        path: str | Path,
        story: Scenario,
        seed: int,
        policy: Policy,
        directory: Directory,
        lines: pd.DataFrame | None,
    ) -> "Room":
        """Create a room from a whole directory and, in `lines` of a log, what happened before the story.

        Raises FileExistsError if the file exists.
        """
        return cls._in(Store(new_path(path), lambda db: fill(db, story, seed, policy, directory, lines)))

    @classmethod
    def open(cls, path: str | Path) -> "Room":
        """Open the room in a file.

        Raises FileNotFoundError, DamagedRoom, or ValueError if the file is not a room or is in use.
        """
        path = Path(path).resolve()
        if not path.exists():
            raise FileNotFoundError(f"there is no room {path}")
        try:
            return cls._in(Store(str(path)))
        except (duckdb.CatalogException, duckdb.BinderException):
            raise ValueError(f"{path} is a DuckDB file, but not a room") from None

    @classmethod
    def _in(cls, store: Store) -> "Room":
        try:
            return cls(store)
        except BaseException:
            store.close()
            raise

    def close(self) -> None:
        """Write everything into the file and let go of it. A room that is closed already stays so."""
        with self._lock:
            self._store.close()

    def __enter__(self) -> "Room":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read_state(self) -> None:
        with self._cursor() as cursor:
            last, self.steps_done, self._now = cursor.execute(
                "SELECT count(*), coalesce(max(step), 0), (SELECT now FROM clock) FROM log"
            ).fetchone() or (0, 0, self.story.starts)
        self._work.start_from(last)

    # Where the room stands, who is in it, what they see.

    @property
    def state(self) -> tuple[int, int]:
        """How often the room was rewound since it was opened, and its log's last line: the same, as long as all is."""
        return self._work.state

    @property
    def seq(self) -> int:
        """The last line of the log."""
        return self.state[1]

    @property
    def now(self) -> datetime:
        """The room's own clock, naive UTC."""
        return self._now

    def next_due(self) -> datetime | None:
        """Return when the next request expires or lapses, whoever sees it: a trainer's knowledge."""
        with self._cursor() as cursor:
            return clock.next_due(cursor)

    def member(self, person: str, tenant: str) -> Member:
        """Return the person, signed in to the tenant; both by id. Raises ValueError."""
        known(person, self.directory.people, "person")
        known(tenant, self.directory.tenants, "tenant")
        if not self.directory.knows(person, tenant):
            raise ValueError(f"{person!r} is not a member of {tenant!r}")
        return Member(person, tenant)

    def engineer(self, engineer: str) -> Engineer:
        """Return the support engineer of this id. Raises ValueError."""
        return Engineer(known(engineer, self.directory.engineers, "engineer"))

    @overload
    def as_seen_by(self, actor: Member, as_of: int | None = None) -> Lens: ...
    @overload
    def as_seen_by(self, actor: Engineer, as_of: int | None = None) -> Desk: ...
    def as_seen_by(self, actor: Actor, as_of: int | None = None) -> Lens | Desk:
        """Return what the actor sees, now or as the room was after line `as_of` of the log."""
        if isinstance(actor, Engineer):
            return Desk(self._cursor, actor, self._line(as_of))
        return Lens(self._cursor, actor, self.directory, self._line(as_of))

    def overview(self, as_of: int | None = None) -> Overview:
        """Return what a trainer sees, which is everything, now or as it was after line `as_of` of the log."""
        return Overview(self._cursor, self._line(as_of))

    def _line(self, seq: int | None) -> int | None:
        if seq is not None and not 1 <= seq <= self.seq:
            raise ValueError(f"the log has lines 1 to {self.seq}, not {seq}")
        return seq

    # Act, wait, tell the story.

    def do(
        self,
        command: Command,
        actor: Actor,
        *,
        seen: Mapping[str, Any] | None = None,
        seen_at: tuple[int, int] | None = None,
    ) -> Done:
        """Carry out a command, whole or not at all. Raises Refused.

        `seen` is the access request as `lens.request` had shown it to the actor: if it has changed since, the decision
        is refused with changed-meanwhile. `seen_at` is the room's `state` at that time: while that is the same, there
        is nothing to compare.
        """
        with self._lock:
            return self.carry_out(command, actor, seen=None if seen_at == self.state else seen)

    def carry_out(
        self, command: Command, actor: Actor, *, seen: Mapping[str, Any] | None = None, name: str | None = None
    ) -> Done:
        """Do the same, and give what the command makes the id `name`, as a story does.

        Not for members: that a name is taken would tell them something.
        """
        with self._lock:
            try:
                with self._work.transaction() as cursor:
                    first = self._work.carry_out(cursor, command, actor, self._now, name)[0]
                    if seen is not None and isinstance(actor, Member):
                        self._check_unchanged(actor, seen)
                    records = None
                    if isinstance(command, ReadDiagnostics):
                        tenant_name = self.directory.tenants[command.tenant]
                        records = read_records(cursor, command, tenant_name, self.seed, self.story.starts)
            except Refused as refusal:
                if isinstance(command, ReadDiagnostics | WriteDiagnostics):
                    record_refused_try(self._work, command, actor, self._now, refusal.code)
                raise
            return Done(first.action, first.occurred_at, first.ticket_id, first.request_id, records)

    def would_be_refused(self, command: Command, actor: Actor) -> Refused | None:
        """Return why the command would be refused now, or None. Changes and records nothing."""
        with self._lock, self._cursor() as cursor:
            try:
                self._work.decide(cursor, command, actor, self._now, None)
            except Refused as refusal:
                return refusal
        return None

    def _check_unchanged(self, actor: Member, seen: Mapping[str, Any]) -> None:
        """Raise Refused if the actor saw the request otherwise. Reads the state before the command."""
        if self.as_seen_by(actor).rows("request", request_id=seen["request_id"]) != [dict(seen)]:
            raise Refused(Code.CHANGED_MEANWHILE, "The access request has changed since it was shown.")

    def advance(self, by: timedelta) -> datetime:
        """Move the clock and return the new time; what falls due happens at its own time on the way.

        Raises ValueError for a jump backwards, one of more than 3,650 days, and one past the year 2199.
        """
        with self._lock:
            self._now = clock.advance(self._work, self._now, by)
            return self._now

    def next_step(self) -> Played | None:
        """Do the next step of the story and compare what it expects with what is seen; None after the last step."""
        with self._lock:
            if self.steps_done >= len(self.story.steps):
                return None
            number = self._work.step = self.steps_done + 1
            step = self.story.steps[number - 1]
            refusal = None
            try:
                if step.wait:
                    self.advance(step.wait)
                if step.command and step.by:
                    try:
                        self.carry_out(step.command, step.by, name=step.name)
                    except Refused as refused:
                        refusal = refused
                failures = compare_expectations(step, refusal, *self._found(step))
                with self._work.transaction() as cursor:
                    self._work.log(cursor, self._now, "step")
            finally:
                self._work.step = None
                self._read_state()
            return Played(number, step, refusal, failures)

    def play(self) -> list[Played]:
        """Do all steps of the story that are left."""
        with self._lock:
            return list(iter(self.next_step, None))

    def _found(self, step: Step) -> tuple[dict[str, dict[str, str]], set[str]]:
        """Return the statuses that the step's tenants find, and which of its tenants may be read."""
        found = {tenant: self._statuses(tenant) for tenant in step.expect}
        with self._cursor() as cursor:
            return found, readable(cursor, self.story, step.access)

    def _statuses(self, tenant: str) -> dict[str, str]:
        """Return the status of each access request that the tenant's administrators find in a list, by its id."""
        administrators = self.directory.administrators(tenant)
        return self.as_seen_by(administrators[0]).statuses() if administrators else {}

    # The log.

    def events(self) -> pd.DataFrame:
        """Return the whole log, for a trainer or an analyst: not for a member.

        Columns: seq (the line's number, from 1), occurred_at (naive UTC), action, ticket_id, request_id, person and
        signed_in_to (the member who acted, and the tenant), engineer (who acted), from_status, to_status, due_at (when
        the request then expires or lapses, naive UTC), tenant, title, severity, advanced_diagnostics,
        assigned_engineer, reason, category, refusal (of an attempt to read), step (of the story, from 1).
        """
        with self._cursor() as cursor:
            return log.read(cursor)

    def rewind(self, to: int) -> None:
        """Take the room back to how it was after line `to` of the log, and delete what came later.

        What happened as one stays whole: a ticket's closing with what it ends, a step of the story.
        """
        with self._lock:
            self._line(to)
            with self._cursor() as cursor:
                to = end_of_whole(cursor, to)
            self._work.rewind(to)
            self._read_state()

    def start_over(self) -> None:
        """Take the room back to where its story begins."""
        self.rewind(self.opening)

    def snapshot(self, path: str | Path) -> None:
        """Write a copy of the whole room into a file, in place of what was there, while others go on.

        Raises ValueError if the file is the room's own.
        """
        self._store.snapshot(Path(path))

    def verify(self) -> bool:
        """Return True if the log is whole and legal, and all other tables are what the log and the rules say.

        Raises DamagedRoom with all that is wrong.
        """
        with self._lock, self._cursor() as cursor:
            if wrong := list(faults(cursor, self.seq, self.policy, self.directory)):
                raise DamagedRoom(f"{self.path}: {'; '.join(wrong)}")
        return True
