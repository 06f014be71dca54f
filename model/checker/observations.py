"""What can be observed in a state of the small world: pages, audit logs, and the answers to commands."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, NamedTuple

from model import visibility
from model.case import Case, Event
from model.checker.small_world import AUDITOR, DIRECTORY, ENGINEER, NOW, RESOURCES, SUPPORT
from model.checker.state import Move, State
from model.checker.world import World
from model.commands import CloseTicket, Command, RequestAccess
from model.decisions import decisions
from model.directory import Actor, Member
from model.refusal import Refused

CLOSE = CloseTicket("t1")
ASK, _ = ASKS = tuple(RequestAccess("t1", tenant) for tenant in RESOURCES)
_READERS = tuple(Member(person, SUPPORT) for person in ("carla", "adele"))
"""Administrators of the support request tenant alone, and of both tenants."""
AUDIT_READER = Member(AUDITOR, SUPPORT)


class Observation(NamedTuple):
    """What a viewer finds in one place; `asked` is the command, if the finding is its answer."""

    viewer: Actor
    what: str  # the place
    found: object
    asked: Command | None = None


class Observer:
    """Observe the states of a world, mostly as members of the support request tenant."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._members = [member for member in world.members if member.tenant == SUPPORT]
        self._requests = [f"r{n}" for n in range(1, world.bounds.requests + 1)]  # the ids of all possible requests
        self._answers: dict[object, tuple[Observation, ...]] = {}

    @staticmethod
    def new_audit_lines(move: Move, reader: Member = AUDIT_READER) -> list[visibility.AuditEntry]:
        """Return the lines that a move adds to the reader's audit log; none if the reader may not read it."""
        assert move.to.case
        events: tuple[Event, ...] = move.events
        return visibility.audit_log(events, {"t1": move.to.case}, reader, DIRECTORY)

    def audit_log(self, state: State, log: tuple[Event, ...]) -> list[Observation]:
        """Return the whole audit log of the support request tenant: earlier lines must not change either."""
        assert state.case
        lines = visibility.audit_log(log, {"t1": state.case}, AUDIT_READER, DIRECTORY)
        return [Observation(AUDIT_READER, "the audit log", lines)]

    def pages(self, state: State, other_ticket: Case) -> Iterator[Observation]:
        """Yield what members of the support request tenant find on their pages when it has another ticket as well."""
        assert state.case
        policy, cases = self.world.policy, [state.case, other_ticket]
        for reader in _READERS:
            for what, rows in (
                ("Pending requests", visibility.pending(cases, reader, DIRECTORY, policy)),
                ("Approved access", visibility.approved_access(cases, reader, DIRECTORY, policy, NOW)),
                ("Support requests", visibility.tickets(cases, reader, DIRECTORY)),
            ):
                yield Observation(reader, what, [row for row in rows if row.ticket_id == "t1"])
                yield Observation(reader, f"{what}, beside another ticket", rows)
            for name in self._requests:
                yield Observation(reader, f"the details of {name}", self.details(state, name, reader))

    def details(self, state: State, name: str, reader: Member) -> visibility.SeenRequest | None:
        """Return an access request as the reader sees it; None if it is hidden."""
        request = state.case.request(name) if state.case else None
        if state.case is None or request is None:
            return None
        return visibility.request_as_seen(state.case, request, reader, DIRECTORY, self.world.policy)

    def answers(self, state: State) -> tuple[Observation, ...]:
        """Return the answers to every command of a member, and to the engineer's closing and requests for access."""
        key = self.world.answer_key(state)
        if key not in self._answers:
            self._answers[key] = tuple(self._ask_everything(state))
        return self._answers[key]

    def _ask_everything(self, state: State) -> Iterator[Observation]:
        commands = [command for name in self._requests for command in decisions(name, self.world.policy)]
        asked: list[tuple[Actor, Command]] = [(m, command) for command in (CLOSE, *commands) for m in self._members]
        asks = ASKS[: self.world.bounds.resource_tenants]
        for actor, command in (*asked, (ENGINEER, CLOSE), *((ENGINEER, ask) for ask in asks)):
            target = getattr(command, "request_id", getattr(command, "resource_tenant", ""))
            what = f"{type(command).__name__} {target}".strip()
            yield Observation(actor, what, self.answer(state, actor, command), command)

    def answer(self, state: State, actor: Actor, command: Command) -> str:
        """Return the answer as the actor reads it: what happened, or the refusal."""
        try:
            first = self.world.ask(state, actor, command)[0]
        except Refused as refused:
            return f"{refused.code}: {refused.sentence}"
        return f"carried out: {first.action} {first.request_id or first.ticket_id}"


def describe_difference(one: object, other: object) -> tuple[str, str]:
    """Describe how two findings differ: each in brief, or by the first column that differs."""
    rows = _rows(one), _rows(other)
    summaries = tuple(", ".join(map(row_summary, found)) or "nothing" for found in rows)
    if summaries[0] != summaries[1]:
        return summaries[0], summaries[1]
    for pair in zip(*rows, strict=True):
        for field in fields(pair[0]):
            values = [getattr(row, field.name) for row in pair]
            if values[0] != values[1]:
                differing = [f"{row_summary(pair[0])}, {field.name.replace('_', ' ')} {value}" for value in values]
                return differing[0], differing[1]
    return str(one), str(other)


def _rows(found: object) -> list[Any]:
    return found if isinstance(found, list) else [] if found is None else [found]


def row_summary(row: object) -> str:
    """Return a row of a list in a few words, such as "r1 Pending"."""
    match row:
        case visibility.SeenRequest():
            return f"{row.request_id} {row.status}"
        case visibility.SeenTicket():
            return f"{row.ticket_id} {row.status}"
        case visibility.AuditEntry():
            return f"{row.activity} ({row.request_id}, {row.actor})"
        case _:
            return str(row)
