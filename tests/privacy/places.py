"""Places to play a history: the plain rules, which are fast, or a real room with SQL. Both can rehearse commands."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import duckdb
import pytest

from data import Done, Room
from data.generated.ids import request_id, ticket_id
from model import Actor, Command, Event, Member, OpenTicket, Policy, Refused, RequestAccess, decide, visibility
from model.refusal import no_permission, not_found
from tests.model.world import DIRECTORY, World

SEED = 1
_ticket_id, _request_id = lru_cache(ticket_id), lru_cache(request_id)  # a rehearsal needs the same ones again


class PlainLens:
    """The reads of `data.Lens`, answered by `model.visibility`."""

    def __init__(self, room: "PlainRoom", member: Member) -> None:
        self._room, self._member = room, member
        self.pending: Callable[[], list[Any]] = lambda: room.pending(member)
        self.approved_access: Callable[[], list[Any]] = lambda: room.approved_access(member)
        self.tickets: Callable[[], list[Any]] = lambda: room.tickets(member)
        self.audit_log: Callable[[], list[Any]] = lambda: room.audit_log(member)

    def request(self, request_id: str) -> visibility.SeenRequest:
        found = next((seen for seen in self._seen() if seen.request_id == request_id), None)
        if not found:
            raise self.refusal or not_found("access request")
        return found

    def who_can_decide(self, request_id: str) -> dict[str, str]:
        """Return nobody, as the rules name no deciders; a test of rooms compares the names with accepted approvals."""
        return {}

    def statuses(self) -> dict[str, str]:
        return {row.request_id: str(row.status) for row in (*self.pending(), *self.approved_access())}

    def next_due(self) -> datetime | None:
        due = [at for seen in self._seen() for at in (seen.due_at, seen.leaves_at) if at and at > self._room.now]
        return min(due, default=None)

    @property
    def refusal(self) -> Refused | None:
        may = DIRECTORY.administers(self._member.person, self._member.tenant)
        return None if may else no_permission()

    @property
    def audit_refusal(self) -> Refused | None:
        may = DIRECTORY.reads_audit_log(self._member.person, self._member.tenant)
        return None if may else no_permission("may read the audit log")

    def _seen(self) -> Iterable[visibility.SeenRequest]:
        for case in self._room.cases.values():
            for request in case.requests:
                seen = visibility.request_as_seen(case, request, self._member, DIRECTORY, self._room.policy)
                if seen:
                    yield seen


class PlainRoom(World):
    """A room without storage, with a room's ids and answers."""

    def ask(self, command: Command, actor: Actor | None) -> tuple[Event, ...]:
        case, new_id = self._case(command), ""
        if isinstance(command, OpenTicket) and isinstance(actor, Member):
            new_id = _ticket_id(SEED, actor.tenant, sum(c.tenant == actor.tenant for c in self.cases.values()) + 1)
        elif isinstance(command, RequestAccess):
            new_id = _request_id(SEED, command.ticket_id, len(case.requests) + 1 if case else 1)
        return decide(
            case,
            command,
            actor=actor,
            directory=self.directory,
            policy=self.policy,
            at=self.now,
            new_id=new_id,
        )

    def carry_out_command(self, command: Command, actor: Actor | None) -> Done:
        return _done(self.do(command, actor))

    def rehearse(self, command: Command, actor: Actor | None) -> Done:
        return _done(self.ask(command, actor))

    def advance(self, by: timedelta) -> None:
        self.wait(by)

    def as_seen_by(self, member: Member) -> PlainLens:
        return PlainLens(self, member)

    def close(self) -> None:
        """Do nothing: there is nothing to release."""


def _done(events: tuple[Event, ...]) -> Done:
    return Done(events[0].action, events[0].occurred_at, events[0].ticket_id, events[0].request_id)


class _NotMeant(Exception):
    """Ends a rehearsal."""


class RehearsingRoom(Room):
    """A real room. A rehearsal is `Room.do` without the commit."""

    def carry_out_command(self, command: Command, actor: Actor) -> Done:
        return self.do(command, actor)

    def rehearse(self, command: Command, actor: Actor, **more: Any) -> Done:
        transaction = self._work.transaction

        @contextmanager
        def without_a_commit() -> Iterator[duckdb.DuckDBPyConnection]:
            with suppress(_NotMeant), transaction() as cursor:
                yield cursor
                raise _NotMeant

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(self._work, "transaction", without_a_commit)
            return self.do(command, actor, **more)


Place = PlainRoom | RehearsingRoom


def in_duckdb(policy: Policy) -> RehearsingRoom:
    """Return a real room in memory, with the people of the plain one and no story."""
    room = RehearsingRoom.create(scenario=None, seed=SEED, policy=policy, directory=DIRECTORY)
    assert isinstance(room, RehearsingRoom)
    room._store.db.execute("SET threads = 1")  # faster for a few rows
    return room
