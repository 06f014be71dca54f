"""A room: one simulated world in one DuckDB file, or in memory.

Commands go in, one transaction each, behind the room's write lock; each operation has its own cursor. The log is the
truth, and the tables of current state are a cache of it. What anybody sees is read through `data.lens`.

One process owns the file. Others get a snapshot.
"""

import json
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, overload

import duckdb
import pandas as pd

from data.files.toml_reader import LONGEST
from data.generated.background import background
from data.generated.diagnostics import diagnostics
from data.generated.ids import request_id, ticket_id
from data.lens.lens import Desk, Lens, Overview
from data.room.setup import FORMAT, fill, find_policy, find_story, known, read_directory, set_up
from data.scenario.expectations import Played, perform
from data.scenario.policy_format import policy_from
from data.scenario.reader import LATEST, parse_scenario
from data.scenario.scenario import Scenario
from data.store import log
from data.store.duckdb_file import MEMORY, DamagedRoom, Store
from data.store.queries import queries
from model import (
    Action,
    Actor,
    Case,
    Code,
    Command,
    Directory,
    Engineer,
    Event,
    FallDue,
    Member,
    OpenTicket,
    Policy,
    ReadDiagnostics,
    Refused,
    RequestAccess,
    WriteDiagnostics,
    decide,
    evolve,
)

_MOST_KNOWN = 256  # cases

# The last line of what line $1 is a part of: the log up to the next line that begins something.
_END_OF_WHOLE = """
    SELECT coalesce(min(seq) - 1, (SELECT max(seq) FROM log))
    FROM (SELECT seq, action, step, lag(step) OVER (ORDER BY seq) AS step_before FROM log)
    WHERE seq > $1 AND action NOT IN ('cancel', 'complete') AND (step IS NULL OR step IS DISTINCT FROM step_before)
"""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a command, for its actor: no more than the actor may know."""

    action: Action
    at: datetime
    ticket_id: str | None = None
    request_id: str | None = None
    records: pd.DataFrame | None = None  # the diagnostic data that was read


class Room:
    """One simulated world: its tenants, cases, clock, policy and history. Made by `Room.create` or `Room.open`."""

    steps_done: int  # of the story
    _now: datetime

    def __init__(self, store: Store) -> None:
        self.path = store.path
        self._store = store
        self._cursor = store.cursor
        self._lock = threading.RLock()
        self._state = 0, 0  # rewinds, and the last line of the log that is committed
        self._last = 0  # the last line of the log, committed or not
        self._known: dict[str, tuple[Case, list[int]]] = {}  # cases as they stand, by ticket
        self._changed: dict[str, tuple[Case, list[int]]] = {}  # those of this transaction
        self._step: int | None = None  # the step of the story that is being done
        self._read_set_up()

    # Making, opening, closing.

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
        """A new room, at the moment when its story begins.

        `scenario`: the name of a shipped one, the path of a .toml file, or None: then there is a cast, but no story.
        `directory` takes the place of the scenario's cast. `policy` (a Policy, the name of a preset, or a scenario's
        policy table) takes the place of the scenario's. Raises ValueError, and FileExistsError where there is a file.
        """
        story = find_story(scenario)
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
        """A new room with a whole directory, in which happened before the story what the lines of a log say.

        Raises FileExistsError where there is a file.
        """
        if str(path) != MEMORY:
            path = Path(path).resolve()
            if path.exists():
                raise FileExistsError(f"{path} is there already: open it, or choose another name")
            path.parent.mkdir(parents=True, exist_ok=True)
        return cls._in(Store(str(path), lambda db: fill(db, story, seed, policy, directory, lines)))

    @classmethod
    def open(cls, path: str | Path) -> "Room":
        """The room in a file. Raises FileNotFoundError, DamagedRoom, or ValueError where it is no room or in use."""
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
        """Writes everything into the file and lets go of it. Does nothing where that was done."""
        with self._lock:
            self._store.close()

    def __enter__(self) -> "Room":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read_set_up(self) -> None:
        with self._cursor() as cursor:
            row = cursor.execute("SELECT format, scenario, seed, policy, opening FROM room").fetchone()
            if row is None or row[0] != FORMAT:
                raise ValueError(f"{self.path}: a room of format {row and row[0]}; this program reads format {FORMAT}")
            _, text, self.seed, policy, self.opening = row
            self.story = parse_scenario(text)
            self.policy = policy_from(json.loads(policy))
            self.directory = read_directory(cursor)
        self._read_state()
        if (mark := self._store.mark) > self.seq:
            raise DamagedRoom(
                f"{self.path}: the log ends at line {self.seq}, but line {mark} had been acknowledged; "
                "its write-ahead log was cut off. Use a snapshot, or delete the .mark file to go on with what is left"
            )

    def _read_state(self) -> None:
        with self._cursor() as cursor:
            self._last, steps, self._now = cursor.execute(
                "SELECT count(*), coalesce(max(step), 0), (SELECT now FROM clock) FROM log"
            ).fetchone() or (0, 0, self.story.starts)
        self.steps_done = steps
        self._state = self._state[0], self._last

    # Who.

    @property
    def state(self) -> tuple[int, int]:
        """How often the room was wound back since it was opened, and its log's last line: while both stay, all does."""
        return self._state

    @property
    def seq(self) -> int:
        """The last line of the log."""
        return self._state[1]

    @property
    def now(self) -> datetime:
        """The room's own clock, naive UTC."""
        return self._now

    def member(self, person: str, tenant: str) -> Member:
        """The person, signed in to the tenant; by ids. Raises ValueError."""
        known(person, self.directory.people, "person")
        known(tenant, self.directory.tenants, "tenant")
        if not self.directory.knows(person, tenant):
            raise ValueError(f"{person!r} is not a member of {tenant!r}")
        return Member(person, tenant)

    def engineer(self, engineer: str) -> Engineer:
        """The support engineer of this id. Raises ValueError."""
        return Engineer(known(engineer, self.directory.engineers, "engineer"))

    @overload
    def as_seen_by(self, actor: Member, as_of: int | None = None) -> Lens: ...
    @overload
    def as_seen_by(self, actor: Engineer, as_of: int | None = None) -> Desk: ...
    def as_seen_by(self, actor: Actor, as_of: int | None = None) -> Lens | Desk:
        """What the actor sees; `as_of`: as the room was after that line of the log."""
        if isinstance(actor, Engineer):
            return Desk(self._cursor, actor, self._line(as_of))
        return Lens(self._cursor, actor, self.directory, self._line(as_of))

    def overview(self, as_of: int | None = None) -> Overview:
        """What a trainer sees: everything."""
        return Overview(self._cursor, self._line(as_of))

    def _line(self, seq: int | None) -> int | None:
        if seq is not None and not 1 <= seq <= self.seq:
            raise ValueError(f"the log has lines 1 to {self.seq}, not {seq}")
        return seq

    # What happens.

    def do(
        self,
        command: Command,
        actor: Actor,
        *,
        seen: Mapping[str, Any] | None = None,
        seen_at: tuple[int, int] | None = None,
    ) -> Done:
        """Carries out a command, whole or not at all. Raises Refused.

        `seen` is the access request as `lens.request` had shown it to the actor: where it is not that any more, the
        decision is refused with changed-meanwhile. `seen_at` is the room's `state` at that time: there is nothing to
        compare while that has not changed.
        """
        with self._lock:
            return self.carry_out(command, actor, seen=None if seen_at == self.state else seen)

    def carry_out(
        self, command: Command, actor: Actor, *, seen: Mapping[str, Any] | None = None, name: str | None = None
    ) -> Done:
        """`do`, with a name for what the command makes: a story's own. Not for members, whom a name that is taken would
        tell something.
        """
        with self._lock:
            try:
                with self._writing() as cursor:
                    events = self._decide_and_write(cursor, command, actor, name, self._now)
                    if seen is not None and isinstance(actor, Member):
                        self._unchanged(actor, seen)
                    records = self._records(cursor, command) if isinstance(command, ReadDiagnostics) else None
            except Refused as refusal:
                if isinstance(command, ReadDiagnostics | WriteDiagnostics):
                    self._record_try(command, actor, refusal.code)
                raise
            first = events[0]
            return Done(first.action, first.occurred_at, first.ticket_id, first.request_id, records)

    def would_be_refused(self, command: Command, actor: Actor) -> Refused | None:
        """Why the command would be refused now; None: it would be carried out. Changes and records nothing."""
        with self._lock, self._cursor() as cursor:
            try:
                self._decide(cursor, command, actor, None, self._now)
            except Refused as refusal:
                return refusal
        return None

    def _decide(
        self, cursor: duckdb.DuckDBPyConnection, command: Command, actor: Actor | None, name: str | None, at: datetime
    ) -> tuple[Case | None, list[int], tuple[Event, ...]]:
        """The case before, the lines of the log that made its access requests, and what happens to it."""
        case: Case | None = None
        made: list[int] = []
        if not isinstance(command, OpenTicket):
            case, made = self._load(cursor, command)
        elif command.engineer is None:
            command = replace(command, engineer=next(iter(self.directory.engineers), None))
        events = decide(
            case,
            command,
            actor=actor,
            directory=self.directory,
            policy=self.policy,
            at=at,
            new_id=name or self._new_id(cursor, command, actor, len(made)),
        )
        return case, made, events

    def _decide_and_write(
        self, cursor: duckdb.DuckDBPyConnection, command: Command, actor: Actor | None, name: str | None, at: datetime
    ) -> tuple[Event, ...]:
        before, made, events = self._decide(cursor, command, actor, name, at)
        case = before
        lines = []
        for event in events:
            case = evolve(case, event)
            self._last += 1
            lines.append(log.event_line(self._last, event, self._step))
            if event.action is Action.REQUEST:
                made.append(self._last)
        log.append(cursor, lines)
        if case and events[0].action is not Action.READ:
            log.save_case(cursor, before, case, made)
            self._changed[case.ticket_id] = case, made
        return events

    def _load(self, cursor: duckdb.DuckDBPyConnection, command: Command) -> tuple[Case | None, list[int]]:
        """The case that a command is about: as it was left, since nobody else writes here, or else from the tables."""
        ticket = getattr(command, "ticket_id", None)
        if ticket is None:
            # Looked up each time, so that what is hidden is not found faster or slower than what does not exist.
            ticket = log.ticket_of(cursor, str(getattr(command, "request_id", "")))
            if not ticket:
                return None, []
        if ticket in self._changed:
            return self._changed[ticket][0], list(self._changed[ticket][1])
        if ticket not in self._known:
            case, made = log.load_case(cursor, ticket)
            if case is None:
                return None, []
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[ticket] = case, made
        case, made = self._known[ticket]
        return case, list(made)

    def _new_id(self, cursor: duckdb.DuckDBPyConnection, command: Command, actor: Actor | None, requests: int) -> str:
        if isinstance(command, OpenTicket) and isinstance(actor, Member):
            row = cursor.execute("SELECT count(*) FROM tickets WHERE tenant = ?", [actor.tenant]).fetchone()
            return ticket_id(self.seed, actor.tenant, (row[0] if row else 0) + 1)
        if isinstance(command, RequestAccess):
            return request_id(self.seed, command.ticket_id, requests + 1)
        return ""

    def _unchanged(self, actor: Member, seen: Mapping[str, Any]) -> None:
        """Raises Refused where the actor sees the request otherwise than before. Reads the state before the command."""
        if self.as_seen_by(actor).rows("request", request_id=seen["request_id"]) != [dict(seen)]:
            raise Refused(Code.CHANGED_MEANWHILE, "The access request has changed since it was shown.")

    def _record_try(self, command: ReadDiagnostics | WriteDiagnostics, actor: Actor, code: Code) -> None:
        facts = {"ticket_id": command.ticket_id, "tenant": command.tenant, "category": command.category}
        with self._writing() as cursor:
            self._log(cursor, self._now, Action.READ, actor, refusal=str(code), **facts)

    def _records(self, cursor: duckdb.DuckDBPyConnection, command: ReadDiagnostics) -> pd.DataFrame:
        """The tenant's diagnostic data of the category, made by Faker when the tenant is first read."""
        given = [command.tenant, command.category]
        if cursor.execute("SELECT 1 FROM diagnostics WHERE tenant = ? LIMIT 1", given[:1]).fetchone() is None:
            name = self.directory.tenants[command.tenant]
            log.insert(cursor, "diagnostics", diagnostics(command.tenant, name, self.seed, self.story.starts))
        return cursor.execute(
            "SELECT recorded_at, subject, activity, outcome, detail FROM diagnostics "
            "WHERE tenant = ? AND category = ? ORDER BY recorded_at DESC, subject",
            given,
        ).df()

    def may_be_read(self, tenant: str, tickets: Collection[str]) -> bool:
        """May the engineer of any of these tickets read the tenant's diagnostic data now?"""
        with self._cursor() as cursor:
            cases = [log.load_case(cursor, ticket)[0] for ticket in tickets]
        return any(case.may_be_read(tenant) for case in cases if case)

    # Time.

    def advance(self, by: timedelta) -> datetime:
        """Moves the clock; what falls due happens at its own time on the way. Returns the new time.

        Raises ValueError for a jump backwards, one of more than 3,650 days, and one past the year 2199.
        """
        if not timedelta(0) <= by <= LONGEST:
            raise ValueError(f"the clock moves forward by at most {LONGEST.days:,} days, not by {by}")
        with self._lock:
            with self._writing() as cursor:
                if by >= LATEST - self._now:
                    raise ValueError(f"the clock goes no further than the year {LATEST.year - 1}")
                until = self._now + by
                due = cursor.execute(
                    "SELECT due_at, request_id FROM requests WHERE side = 'resource tenant' AND due_at <= ? "
                    "ORDER BY due_at, seq",
                    [until],
                ).fetchall()
                for at, request in due:
                    self._decide_and_write(cursor, FallDue(request), None, None, at)
                self._log(cursor, until, "clock")
                cursor.execute("UPDATE clock SET now = ?", [until])
            self._now = until
        return until

    def next_due(self) -> datetime | None:
        """When something falls due next, whoever sees it: a trainer's knowledge."""
        with self._cursor() as cursor:
            row = cursor.execute("SELECT min(due_at) FROM requests").fetchone()
            return row[0] if row else None

    # The story.

    def next_step(self) -> Played | None:
        """Does the next step of the story; None where it has been told."""
        with self._lock:
            if self.steps_done >= len(self.story.steps):
                return None
            number = self._step = self.steps_done + 1
            try:
                played = perform(self, number, self.story.steps[number - 1])
                with self._writing() as cursor:
                    self._log(cursor, self._now, "step")
            finally:
                self._step = None
                self._read_state()
            return played

    def play(self) -> list[Played]:
        """Does all steps that are left."""
        with self._lock:
            return list(iter(self.next_step, None))

    # The log.

    def events(self) -> pd.DataFrame:
        """The whole log, which is the trainer's and the analyst's, by `seq`."""
        with self._cursor() as cursor:
            return cursor.execute("FROM log ORDER BY seq").df()

    def rewind(self, to: int) -> None:
        """Winds the room back to how it was after line `to` of the log; what came later is gone.

        What happened as one stays whole: a ticket's closing with what it ends, a step of the story.
        """
        with self._lock:
            self._line(to)
            with self._cursor() as cursor:
                row = cursor.execute(_END_OF_WHOLE, [to]).fetchone()
            to = row[0] if row else to
            self._state = self._state[0] + 1, self.seq
            self._store.mark = to  # before the rows go: a mark that is too low is no alarm, one that is too high is
            with self._writing() as cursor:
                cursor.execute("DELETE FROM log WHERE seq > ?", [to])
                log.rebuild(cursor, to)
                self._last = to
                self._known.clear()
            self._read_state()

    def start_over(self) -> None:
        """Winds the room back to where its story begins."""
        self.rewind(self.opening)

    def snapshot(self, path: str | Path) -> None:
        """Writes a copy of the whole room into a file, in place of what was there, while others go on.

        Raises ValueError where the file is the room's own.
        """
        self._store.snapshot(Path(path))

    def verify(self) -> bool:
        """True: the log is whole and legal, and all other tables are what the log and the rules say.

        Raises DamagedRoom that tells all that is wrong.
        """
        wrong = []
        with self._lock, self._cursor() as cursor:
            for what, sql in queries("store/integrity.sql").items():
                ((rows,),) = cursor.execute(sql, {"seq": self.seq} if "$seq" in sql else None).fetchall()
                if rows:
                    wrong.append(f"{what} ({rows} rows)")
            for table, rows in set_up(self.policy, self.directory).items():
                found = cursor.execute(f"FROM {table}").fetchall()
                if sorted(map(repr, found)) != sorted(repr(tuple(row.values())) for row in rows):
                    wrong.append(f"the table {table} is not what the rules and the cast say")
        if wrong:
            raise DamagedRoom(f"{self.path}: {'; '.join(wrong)}")
        return True

    # Writing.

    @contextmanager
    def _writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """One transaction behind the write lock; nothing of it stays where anything in it fails."""
        with self._lock:
            try:
                with self._store.transaction() as cursor:
                    yield cursor
            except BaseException:
                self._last = self.seq
                self._changed.clear()
                raise
            self._known |= self._changed
            self._changed.clear()
            self._state = self._state[0], self._last
            self._store.mark = self.seq

    def _log(
        self, cursor: duckdb.DuckDBPyConnection, at: datetime, action: str, actor: Actor | None = None, **facts: Any
    ) -> None:
        self._last += 1
        log.append(cursor, [log.line(self._last, at, action, actor, step=self._step, **facts)])
