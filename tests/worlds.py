"""Random worlds for the tests of rooms: a small cast, any policy, acts that mostly make sense, and a plain room.

The plain room is the model beside the real thing: `decide` and `evolve` over a dict of cases, a list for a log, the
functions of `model.visibility` for what is seen. It stores nothing and asks no database.
"""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from itertools import product
from typing import Any, NamedTuple

import pandas as pd
import pytest
from hypothesis import strategies as st

from data import Desk, Lens, Room
from model import (
    CATEGORIES,
    SOURCE_VISIBILITY,
    Action,
    Actor,
    Approval,
    Approve,
    Case,
    CloseTicket,
    Command,
    Directory,
    Engineer,
    Event,
    FallDue,
    HistoryFrom,
    Justification,
    Member,
    OpenTicket,
    Policy,
    ReadDiagnostics,
    Refused,
    Reject,
    Request,
    RequestAccess,
    Revoke,
    Side,
    Status,
    WriteDiagnostics,
    decide,
    evolve,
    visibility,
)
from model.refusal import no_permission

START = datetime(2026, 3, 2, 9)
DIRECTORY = Directory(
    tenants={"north": "North", "south": "South", "west": "West"},
    people={name: f"{name.title()} Example" for name in ("ann", "bea", "eve", "nil", "rex", "sol")},
    engineers={"kim": "Kim Akers", "lee": "Lee Oduya"},
    roles={
        ("ann", "north"): frozenset({"Service Support Administrator"}),
        ("ann", "south"): frozenset({"Global Administrator"}),  # administers both, as eve does south and west
        ("bea", "north"): frozenset({"Global Administrator"}),
        ("eve", "south"): frozenset({"Security Administrator"}),
        ("eve", "west"): frozenset({"Helpdesk Administrator"}),
        ("nil", "north"): frozenset(),
        ("rex", "north"): frozenset({"Security Reader"}),
        ("sol", "south"): frozenset({"Security Reader", "License Administrator"}),
    },
)
STRANGER = Member("eve", "north")  # where she is unknown
ACTORS: list[Actor] = [*DIRECTORY.members(), STRANGER, *map(Engineer, DIRECTORY.engineers)]

LIMITS = st.sampled_from([None, timedelta(seconds=1), timedelta(hours=8), timedelta(days=4), timedelta(days=40)])
POLICIES = st.builds(
    Policy,
    approval=st.sampled_from(Approval),
    pending_expires_after=LIMITS,
    grant_lasts=LIMITS,
    history_days=st.sampled_from([1, 2, 30]),
    history_from=st.sampled_from(HistoryFrom),
    visibility=st.just(SOURCE_VISIBILITY) | st.frozensets(st.tuples(st.sampled_from(Status), st.sampled_from(Side))),
    ask_again_after_grant=st.booleans(),
    justification=st.sampled_from(Justification),
)
"""Every setting."""

WAITS = st.sampled_from(
    [
        *(timedelta(0), timedelta(microseconds=1), timedelta(seconds=1), timedelta(hours=8)),
        *(timedelta(days=n) for n in (1, 4, 30, 41)),
        timedelta(days=30) - timedelta(microseconds=1),
    ]
)


class Act(NamedTuple):
    """The choice of one of all possible commands; if sensible, of one that would be carried out."""

    command: type
    n: int
    sensible: bool


COMMANDS = (OpenTicket, RequestAccess, Approve, Reject, Revoke, CloseTicket, ReadDiagnostics, WriteDiagnostics)
ACTS = st.builds(
    Act,
    st.sampled_from([Approve, Approve, Approve, RequestAccess, Revoke, *COMMANDS]),
    st.integers(0, 2000),
    st.sampled_from([True, True, True, False]),
)


@dataclass(frozen=True)
class Moved:
    """A line of the log: the clock moved."""

    occurred_at: datetime


@dataclass(frozen=True)
class Tried:
    """A line of the log: a refused attempt to read or change diagnostic data."""

    occurred_at: datetime
    actor: Actor
    command: ReadDiagnostics | WriteDiagnostics
    code: str


Line = Event | Moved | Tried


class PlainRoom:
    """A room without storage: `lines` is its log, `ends` are the line numbers at which an act was complete."""

    def __init__(self, policy: Policy, lines: Iterable[Line], directory: Directory = DIRECTORY) -> None:
        self.policy, self.directory = policy, directory
        self.lines: list[Line] = []
        self.ends: list[int] = []
        self.cases: dict[str, Case] = {}
        self.now = START
        for line in lines:
            self.log(line)

    def log(self, *lines: Line) -> None:
        """Add the lines of one act."""
        for line in lines:
            self.now = line.occurred_at
            if isinstance(line, Event):
                self.cases[line.ticket_id] = evolve(self.cases.get(line.ticket_id), line)
        self.lines += lines
        self.ends.append(len(self.lines))

    def as_of(self, n: int) -> "PlainRoom":
        return PlainRoom(self.policy, self.lines[:n], self.directory)

    def rewind(self, n: int) -> None:
        ends = [end for end in self.ends if end <= min(end for end in self.ends if end >= n)]
        self.__init__(self.policy, self.lines[: ends[-1]], self.directory)  # type: ignore[misc]
        self.ends = ends

    def decide(self, command: Command, actor: Actor | None, new_id: str = "new") -> tuple[Event, ...]:
        here = {"directory": self.directory, "policy": self.policy, "at": self.now, "new_id": new_id}
        return decide(self._case(command), command, actor=actor, **here)

    def refusal(self, command: Command, actor: Actor | None) -> Refused | None:
        try:
            self.decide(command, actor)
        except Refused as refused:
            return refused
        return None

    def advance(self, by: timedelta) -> None:
        until = self.now + by
        due = [(request.due_at, n, request.id) for n, request in enumerate(self.requests()) if request.due_at]
        for at, _, request_id in sorted(entry for entry in due if entry[0] <= until):
            self.now = at
            self.log(*self.decide(FallDue(request_id), None))
        self.log(Moved(until))

    def requests(self) -> list[Request]:
        """Return all access requests in the order of their creation."""
        asked = [line for line in self.events() if line.action is Action.REQUEST]
        found = (self.cases[line.ticket_id].request(line.request_id or "") for line in asked)
        return [request for request in found if request]

    def events(self) -> list[Event]:
        return [line for line in self.lines if isinstance(line, Event)]

    def _case(self, command: Command) -> Case | None:
        if isinstance(command, Approve | Reject | Revoke | FallDue):
            return next((case for case in self.cases.values() if case.request(command.request_id)), None)
        return None if isinstance(command, OpenTicket) else self.cases.get(command.ticket_id)

    def options(self, kind: type) -> list[tuple[Command, Actor]]:
        """Return all possible commands and actors, including commands on what does not exist."""
        tickets, tenants = [*self.cases, "t-none"], [*DIRECTORY.tenants, "nowhere"]
        requests = [*(request.id for request in self.requests()), "r-none"]
        made: list[Command]
        if kind is OpenTicket:
            made = [OpenTicket("Fails", "A", *given) for given in product((True, False), (*DIRECTORY.engineers, None))]
        elif kind is RequestAccess:
            made = [RequestAccess(*given) for given in product(tickets, tenants)]
        elif kind in (ReadDiagnostics, WriteDiagnostics):
            made = [kind(*given) for given in product(tickets, tenants, CATEGORIES[:2])]
        elif kind is CloseTicket:
            made = [CloseTicket(ticket) for ticket in tickets]
        else:
            made = [kind(*given) for given in product(requests, ("Because it is needed", ""))]
        return list(product(made, ACTORS))

    def chosen(self, act: Act) -> tuple[Command, Actor]:
        """Return the command and the actor that the act stands for here."""
        options = self.options(act.command)
        for command in (act.command, RequestAccess, OpenTicket) if act.sensible else ():
            found = [option for option in self.options(command) if not self.refusal(_assigned(option[0]), option[1])]
            if found:
                options = found
                break
        return options[act.n * 7919 % len(options)]

    def seen_by(self, viewer: Member) -> dict[str, Any]:
        """Return all that a member sees, in the form of `shown_to`."""
        cases, rest = list(self.cases.values()), (viewer, self.directory, self.policy)
        seen: dict[str, Any] = {
            "pending": visibility.pending(cases, *rest),
            "approved_access": visibility.approved_access(cases, *rest, self.now),
            "tickets": visibility.tickets(cases, viewer, self.directory),
            "audit_log": visibility.audit_log(self.events(), self.cases, viewer, self.directory),
        }
        found: dict[str, Any] = {name: [asdict(one) for one in rows] for name, rows in seen.items()}
        found["refusal"] = None if self.directory.administers(viewer.person, viewer.tenant) else str(no_permission())
        found["who can decide"] = [self._who_can_decide(viewer, row.request_id) for row in seen["pending"]]
        return found

    def _who_can_decide(self, viewer: Member, request_id: str) -> list[tuple[str, str]]:
        """Return everybody known to the viewer's tenant whose approval would be accepted; two approvals need two
        people.
        """
        case = self._case(Approve(request_id))
        request = case.request(request_id) if case else None
        assert case and request
        may = {
            person
            for person, tenant in product(self.directory.people, (case.tenant, request.resource_tenant))
            if self.refusal(Approve(request_id, "Because"), Member(person, tenant)) is None
        } - {request.first_approval.person if request.first_approval else None}
        known = {person: self.directory.people[person] for person in may if self.directory.knows(person, viewer.tenant)}
        return sorted(known.items(), key=lambda entry: entry[::-1])

    def request_seen_by(self, viewer: Member, request_id: str) -> dict[str, Any] | None:
        """Return one access request as the member sees it."""
        case = self._case(Approve(request_id))
        request = case.request(request_id) if case else None
        if case is None or request is None:
            return None
        seen = visibility.request_as_seen(case, request, viewer, self.directory, self.policy)
        return asdict(seen) if seen else None

    def desk_of(self, engineer: Engineer) -> dict[str, Any]:
        """Return all that an engineer sees, in any order."""
        own = [case for case in self.cases.values() if case.engineer == engineer.id]
        return {
            "tickets": {(c.ticket_id, c.tenant, str(c.status), c.advanced_diagnostics, c.closed_at) for c in own},
            "requests": {
                (r.id, c.ticket_id, r.resource_tenant, str(r.status), r.requested_at, r.changed_at, r.due_at)
                for c in own
                for r in c.requests
            },
            "reads": [tried for line in self.lines[::-1] if (tried := _try(line, engineer))],
        }


def _assigned(command: Command) -> Command:
    """Return the command as a room completes it: a ticket without an engineer goes to the first one."""
    if isinstance(command, OpenTicket) and command.engineer is None:
        return replace(command, engineer=next(iter(DIRECTORY.engineers)))
    return command


def _try(line: Line, engineer: Engineer) -> tuple[Any, ...] | None:
    if isinstance(line, Tried) and line.actor == engineer:
        return line.occurred_at, line.command.ticket_id, line.command.tenant, line.command.category, line.code
    if isinstance(line, Event) and line.action is Action.READ and line.actor == engineer:
        return line.occurred_at, line.ticket_id, line.tenant, line.category, "granted"
    return None


def do_both(room: Room, plain: PlainRoom, command: Command, actor: Actor) -> Refused | None:
    """Do the same in a room and in the plain one, and compare the results."""
    expected = plain.refusal(_assigned(command), actor)
    assert repr(room.would_be_refused(command, actor)) == repr(expected)
    if expected:
        with pytest.raises(Refused, match=f"^{re.escape(expected.sentence)}$") as refused:
            room.do(command, actor)
        if isinstance(command, ReadDiagnostics | WriteDiagnostics):
            plain.log(Tried(plain.now, actor, command, refused.value.code))
        return expected
    done = room.do(command, actor)
    new_id = (done.ticket_id if isinstance(command, OpenTicket) else done.request_id) or ""
    events = plain.decide(_assigned(command), actor, new_id)
    plain.log(*events)
    first = events[0]
    assert (done.action, done.at, done.ticket_id, done.request_id) == (
        *(first.action, first.occurred_at, first.ticket_id, first.request_id),
    )
    assert (done.records is not None) == isinstance(command, ReadDiagnostics)
    return None


def shown_to(lens: Lens, *, frames: bool = True) -> dict[str, Any]:
    """Return all that a lens shows, by its frames or, in half the time, by the rows that pages read."""
    names = ("pending", "approved_access", "tickets", "audit_log")
    shown: dict[str, Any] = {name: records(getattr(lens, name)()) if frames else lens.rows(name) for name in names}
    shown["refusal"] = str(lens.refusal) if lens.refusal else None
    shown["who can decide"] = [list(lens.who_can_decide(row["request_id"]).items()) for row in shown["pending"]]
    return shown


def shown_at(desk: Desk) -> dict[str, Any]:
    """Return all that an engineer's desk shows, in the form of `PlainRoom.desk_of`."""
    tickets = ["ticket_id", "support_request_tenant", "status", "advanced_diagnostics", "closed_at"]
    requests = ["request_id", "ticket_id", "resource_tenant", "status", "requested_at", "changed_at", "due_at"]
    return {
        "tickets": {tuple(row[name] for name in tickets) for row in records(desk.tickets())},
        "requests": {tuple(row[name] for name in requests) for row in records(desk.requests())},
        "reads": [tuple(row.values()) for row in records(desk.reads())],
    }


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as plain values."""
    return [{str(k): None if pd.isna(v) else v for k, v in row.items()} for row in frame.to_dict("records")]


def lines_of(room: Room) -> list[Line]:
    """Return the log of a room as values of `model`."""
    return [_line(row) for row in records(room.events())]


def _line(row: dict[str, Any]) -> Line:
    actor: Actor | None = Engineer(row["engineer"]) if row["engineer"] else None
    if row["person"]:
        actor = Member(row["person"], row["signed_in_to"])
    if row["action"] in ("clock", "step"):
        return Moved(row["occurred_at"])
    if row["refusal"]:
        assert actor
        return Tried(
            row["occurred_at"], actor, ReadDiagnostics(row["ticket_id"], row["tenant"], row["category"]), row["refusal"]
        )
    same = (
        "ticket_id",
        "request_id",
        "due_at",
        "tenant",
        "title",
        "severity",
        "advanced_diagnostics",
        "reason",
        "note",
    )
    return Event(
        row["occurred_at"],
        Action(row["action"]),
        actor=actor,
        from_status=Status(row["from_status"]) if row["from_status"] else None,
        to_status=Status(row["to_status"]) if row["to_status"] else None,
        engineer=row["assigned_engineer"],
        category=row["category"],
        **{name: row[name] for name in same},
    )
