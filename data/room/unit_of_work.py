"""The unit of work: load one case, let the rules decide, write the events and the new state in one transaction."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import duckdb
import pandas as pd

from data.generated.ids import request_id, ticket_id
from data.store import log, undone
from data.store.audit_entries import append_audit_entries
from data.store.duckdb_file import Store
from data.store.trouble import RoomUnavailable
from model import (
    Action,
    Actor,
    Case,
    CloseTicket,
    Command,
    Directory,
    Event,
    Member,
    OpenTicket,
    Policy,
    Refused,
    RequestAccess,
    carry_out,
    decide,
)

_MOST_CACHED = 256  # cases
_UNKNOWN = "the disk gives trouble, and whether this was carried out is not known yet: look before you try it again"


@dataclass(frozen=True, slots=True)
class Done:
    """The result of a command, with no more than its actor may know."""

    action: Action
    at: datetime
    ticket_id: str | None = None
    request_id: str | None = None
    records: pd.DataFrame | None = None  # the diagnostic data that was read


@dataclass(frozen=True, slots=True)
class LoadedCase:
    """The current state of a case (None: there is none), and the lines of the log that created its access requests."""

    case: Case | None
    lines: tuple[int, ...] = ()


class UnitOfWork:
    """Carry out commands on a room's cases, each in one transaction behind the room's write lock.

    Nobody else writes to the file, so cases are kept in memory as they were last written.
    """

    def __init__(
        self, store: Store, directory: Directory, policy: Policy, seed: int, read_state: Callable[[], None]
    ) -> None:
        self.lock = threading.RLock()
        self._read_state = read_state  # from the file; it calls `start_from`
        self._uncertain = False  # whether the last commit is in the file
        self.state = 0, 0  # the number of rewinds, and the last committed line of the log
        self.step: int | None = None  # the step of the story that is being done; each line of the log names it
        self._store = store
        self._directory, self._policy, self._seed = directory, policy, seed
        self._last = 0  # the last line of the log, committed or not
        self._cached: dict[str, LoadedCase] = {}  # committed cases, by ticket
        self._changed: dict[str, LoadedCase] = {}  # those of this transaction

    def start_from(self, seq: int) -> None:
        """Go on after line `seq` of the log, which is committed."""
        self._last = seq
        self.state = self.state[0], seq
        self._cached.clear()
        self._changed.clear()
        self._uncertain = False

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the write lock, and know what the file holds. Raises RoomUnavailable."""
        with self.lock:
            if self._uncertain:
                self._read_state()
            yield

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open one transaction behind the write lock. If anything in it fails, nothing of it stays.

        The file decides: if a commit reports an error but took effect, nothing is raised. Raises RoomUnavailable.
        """
        with self.locked():
            before, is_whole = self.state[1], False
            try:
                with self._store.transaction() as cursor:
                    yield cursor
                    is_whole = True
            except BaseException as error:
                wanted, self._last = self._last, before
                if not (is_whole and isinstance(error, RoomUnavailable) and self._is_in_the_file(wanted, error)):
                    self._changed.clear()
                    raise
                self._last = wanted
            self._cached |= self._changed
            self._changed.clear()
            self.state = self.state[0], self._last
            self._store.mark.raise_to(self._last)

    def _is_in_the_file(self, wanted: int, error: RoomUnavailable) -> bool:
        """Return whether a transaction whose commit reported an error took effect, by the last line in the file."""
        if wanted == self._last:
            return False
        try:
            with self._store.cursor() as cursor:
                return log.last_line(cursor) == wanted
        except RoomUnavailable:
            self._uncertain = True
            raise RoomUnavailable(self._store.path, _UNKNOWN) from error

    def carry_out(
        self, cursor: duckdb.DuckDBPyConnection, command: Command, actor: Actor | None, at: datetime, name: str | None
    ) -> tuple[Event, ...]:
        """Decide and write, within a transaction. `name` is the id of what the command creates. Raises Refused."""
        loaded, events, case = self.decide(cursor, command, actor, at, name)
        made, lines, numbered = list(loaded.lines), [], []
        for event in events:
            self._last += 1
            numbered.append((self._last, event))
            lines.append(log.event_line(self._last, event, self.step))
            if event.action is Action.REQUEST:
                made.append(self._last)
        ended = len(loaded.lines) if isinstance(command, CloseTicket) else 0  # at most; timing must not tell
        log.append(cursor, lines, most=ended and 1 + ended)
        if case and events[0].action is not Action.READ:
            log.save_case(cursor, loaded.case, case, made)
            append_audit_entries(cursor, case, numbered, most=ended)
            self._changed[case.ticket_id] = LoadedCase(case, tuple(made))
        return events

    def decide(
        self, cursor: duckdb.DuckDBPyConnection, command: Command, actor: Actor | None, at: datetime, name: str | None
    ) -> tuple[LoadedCase, tuple[Event, ...], Case | None]:
        """Return the case that a command is about, its events, and the case after them. Writes nothing.

        Raises Refused.
        """
        loaded = LoadedCase(None)
        if not isinstance(command, OpenTicket):
            loaded = self._load(cursor, command)
        elif command.engineer is None:
            command = replace(command, engineer=next(iter(self._directory.engineers), None))
        events, case = carry_out(
            loaded.case,
            command,
            actor=actor,
            directory=self._directory,
            policy=self._policy,
            at=at,
            new_id=name or self._new_id(cursor, command, actor, len(loaded.lines)),
        )
        return loaded, events, case

    def would_be_refused(
        self, cursor: duckdb.DuckDBPyConnection, command: Command, actor: Actor, at: datetime
    ) -> Refused | None:
        """Return why a command would be refused, or None. Writes nothing.

        Closing is decided without loading the requests: they do not affect it, and the timing of the answer must not
        reveal how many of them it would end.
        """
        try:
            if isinstance(command, CloseTicket):
                case = self._load(cursor, command).case
                case = case and replace(case, requests=())
                decide(case, command, actor=actor, directory=self._directory, policy=self._policy, at=at)
            else:
                self.decide(cursor, command, actor, at, None)
        except Refused as refusal:
            return refusal
        return None

    def log(
        self, cursor: duckdb.DuckDBPyConnection, at: datetime, action: str, actor: Actor | None = None, **facts: Any
    ) -> None:
        """Write one line of the log that changes no case."""
        self._last += 1
        log.append(cursor, [log.line(self._last, at, action, actor, step=self.step, **facts)])

    def rewind(self, to: int) -> None:
        """Undo the log after line `to`, keep it for `bring_back`, and rebuild the tables of current state."""
        self._store.mark.lower_to(to)  # first: a mark that is too low is harmless, one too high is not
        with self.transaction() as cursor:
            undone.cut(cursor, to)
            self._go_on_from(cursor, to)

    def bring_back(self, to: int) -> None:
        """Restore what was undone after line `to`, in place of what was done since."""
        self._store.mark.lower_to(to)
        try:
            with self.transaction() as cursor:
                self._go_on_from(cursor, undone.bring_back(cursor, to))
        except RoomUnavailable:
            self._uncertain = True  # the log may have the same length and other lines
            raise

    def _go_on_from(self, cursor: duckdb.DuckDBPyConnection, seq: int) -> None:
        """Rebuild the tables of current state from the changed log, which ends at line `seq`."""
        self.state = self.state[0] + 1, self.state[1]
        log.rebuild(cursor, seq)
        self._last = seq
        self._cached.clear()

    def _load(self, cursor: duckdb.DuckDBPyConnection, command: Command) -> LoadedCase:
        ticket = getattr(command, "ticket_id", None)
        if ticket is None:
            # Looked up each time, so that hidden and missing requests take the same time.
            ticket = log.ticket_of(cursor, str(getattr(command, "request_id", "")))
            if not ticket:
                return LoadedCase(None)
        if ticket in self._changed:
            return self._changed[ticket]
        if ticket not in self._cached:
            case, lines = log.load_case(cursor, ticket)
            if case is None:
                return LoadedCase(None)
            if len(self._cached) >= _MOST_CACHED:
                self._cached.clear()
            self._cached[ticket] = LoadedCase(case, tuple(lines))
        return self._cached[ticket]

    def _new_id(self, cursor: duckdb.DuckDBPyConnection, command: Command, actor: Actor | None, requests: int) -> str:
        if isinstance(command, OpenTicket) and isinstance(actor, Member):
            row = cursor.execute("SELECT count(*) FROM tickets WHERE tenant = ?", [actor.tenant]).fetchone()
            return ticket_id(self._seed, actor.tenant, (row[0] if row else 0) + 1)
        if isinstance(command, RequestAccess):
            return request_id(self._seed, command.ticket_id, requests + 1)
        return ""
