"""The plain engine: each ticket by itself, one command of the rules after the other.

Nothing here decides. What people would like to do is asked of `decide`, and a refusal means that it does not happen.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from math import ceil

import numpy as np

from model.case import Case, evolve
from model.commands import Approve, CloseTicket, Command, FallDue, OpenTicket, Reject, RequestAccess, Revoke
from model.directory import Actor, Directory, Engineer, Member
from model.lifecycle import Side, Status
from model.policy import Approval, Policy
from model.refusal import Refused
from model.rules import decide
from model.simulation.behaviour import Behaviour
from model.simulation.draws import Block
from model.simulation.hours import NEVER, after_work
from model.simulation.record import KINDS, STATUS, By, Events, Record, Requests, Tickets

DIRECTORY = Directory(
    tenants={"home": "Home", "partner": "Partner", "stranger": "Stranger"},
    people={"hana": "Hana", "pia": "Pia", "stan": "Stan", "both": "Both"},
    engineers={"sam": "Sam"},
    roles={
        (person, tenant): frozenset({"Service Support Administrator"})
        for tenant, people in (("home", ("hana", "both")), ("partner", ("pia", "both")), ("stranger", ("stan",)))
        for person in people
    },
)
"""The world of one ticket: its tenant, one with which it shares an administrator, and one with which it does not."""
_SAM, _HANA, _PIA, _STAN = Engineer("sam"), Member("hana", "home"), Member("pia", "partner"), Member("stan", "stranger")
_EPOCH, _SECOND, _NEVER = datetime(1970, 1, 1), timedelta(seconds=1), int(NEVER)
OPEN = {allowed: OpenTicket("A problem", advanced_diagnostics=allowed, engineer="sam") for allowed in (True, False)}
_CLOSE = CloseTicket("t")
ASK = {True: RequestAccess("t", "partner"), False: RequestAccess("t", "stranger")}  # is somebody in both?
_IDS = ("r1", "r2")
_APPROVE, _REJECT, _REVOKE, _FALL_DUE = ([of(i) for i in _IDS] for of in (Approve, Reject, Revoke, FallDue))
_NUMBER = {None: 0, "r1": 1, "r2": 2}
_KIND = {(kind.action, kind.start, kind.end): code for code, kind in enumerate(KINDS)}
_DUE, _CLOSING, _DECISION, _OTHER_DECISION, _REMOVAL, _ASKING = range(6)  # in one second, in this order

Next = tuple[int, int, int]
"""When, what, and about which of the ticket's access requests, from 0."""


def run(block: Block, policy: Policy, behaviour: Behaviour) -> Record:
    """What comes of a block of tickets."""
    tickets = _Tickets(block, policy, behaviour)
    cases = [tickets.follow(place) for place in range(len(block.opened))]
    asked = [
        (place, n, _second(r.requested_at), _second(r.decided_at), STATUS[r.status], _second(r.changed_at))
        for place, case in enumerate(cases)
        for n, r in enumerate(case.requests, start=1)
    ]
    place, number, requested, decided, status, changed = np.array(asked, np.int64).reshape(-1, 6).T
    at, of, request, kind, by = np.array(tickets.events, np.int64).reshape(-1, 5).T
    common = np.zeros(len(cases), np.bool_)
    common[block.other.ticket] = block.other.common
    closed = np.array([_second(case.closed_at) for case in cases])
    codes = [column.astype(np.int8) for column in (number, status, request, kind, by)]
    return Record(
        Tickets(block.opened, closed, block.elsewhere, block.advanced, common),
        Requests(block.first + place, codes[0], common[place], requested, decided, codes[1], changed),
        Events(at, block.first + of, *codes[2:]),
    )


class _Tickets:
    def __init__(self, block: Block, policy: Policy, behaviour: Behaviour) -> None:
        self.policy, self.behaviour = policy, behaviour
        self.opened, self.ask, self.work = block.opened.tolist(), block.ask.tolist(), block.work.tolist()
        self.advanced = block.advanced.tolist()
        other = block.other
        self.row = {ticket: row for row, ticket in enumerate(other.ticket.tolist())}
        self.common, self.again, self.ask_again = other.common.tolist(), other.again.tolist(), other.ask_again.tolist()
        self.decide = [[work.tolist() for work in wishes.decide] for wishes in other.rounds]
        self.rejects = [[rejects.tolist() for rejects in wishes.rejects] for wishes in other.rounds]
        self.removes = [wishes.removes.tolist() for wishes in other.rounds]
        self.remove = [wishes.remove.tolist() for wishes in other.rounds]
        self.support_sees = policy.sees(Status.PENDING, Side.SUPPORT)
        self.events: list[tuple[int, ...]] = []
        self.place = 0
        self.case: Case

    def follow(self, place: int) -> Case:
        """A ticket from its opening to its closing."""
        self.place = place
        self.case = None  # type: ignore[assignment]  # until it is opened
        self._do(self.opened[place], _HANA, OPEN[self.advanced[place]])
        begun, work = self.opened[place] + self.ask[place], self.work[place]
        if place in self.row:
            self._work(self.row[place], begun, work)
        else:
            slower = 1.0 if self.advanced[place] else self.behaviour.slower_without_access
            self._do(begun + _whole(work * slower), _SAM, _CLOSE)
        return self.case

    def _work(self, row: int, since: int, left: float) -> None:
        """Work that needs another tenant's data: slower until there is access, and again when it has ended."""
        slower = self.behaviour.slower_without_access
        closes = since + _whole(left * slower)
        agenda: list[Next] = [(since, _ASKING, 0)]
        while True:
            at, what, n = upcoming = min([(closes, _CLOSING, 0), *self._due(), *agenda])
            if what == _CLOSING:
                self._do(at, _SAM, _CLOSE)
                return
            if what != _DUE:
                agenda.remove(upcoming)
            before = self._status(n)
            self._do(at, *self._wish(row, what, n))
            status = self._status(n)
            if status is before:  # refused, or the first of two approvals
                continue
            if status is Status.PENDING:
                agenda += self._decisions(row, at, n)
            elif status is Status.APPROVED:
                left -= (at - since) / slower
                since, closes = at, at + _whole(left)
                if self.removes[n][row]:
                    agenda.append((at + self.remove[n][row], _REMOVAL, n))
            else:
                if before is Status.APPROVED:
                    left -= at - since
                    since, closes = at, at + _whole(left * slower)
                if n == 0 and self.again[row]:
                    agenda.append((at + self.ask_again[row], _ASKING, 1))

    def _due(self) -> Iterator[Next]:
        for n, request in enumerate(self.case.requests):
            if request.due_at:
                yield _second(request.due_at), _DUE, n

    def _status(self, n: int) -> Status | None:
        return self.case.requests[n].status if n < len(self.case.requests) else None

    def _decisions(self, row: int, at: int, n: int) -> Iterator[Next]:
        """When the approvers of a request decide: one, or two where each tenant has to approve."""
        hours, two = self.behaviour.approvers_work, self.policy.approval is Approval.EACH
        for what, work in zip((_DECISION, _OTHER_DECISION)[: 1 + two], self.decide[n], strict=False):
            if hours is None:
                yield at + work[row], what, n
            else:
                yield int(after_work(np.array([at]), np.array([work[row]]), hours)[0]), what, n

    def _wish(self, row: int, what: int, n: int) -> tuple[Actor | None, Command]:
        """Who would like to do what."""
        common = self.common[row]
        resource = _PIA if common else _STAN
        match what:
            case _ if what == _DUE:
                return None, _FALL_DUE[n]
            case _ if what == _ASKING:
                return _SAM, ASK[common]
            case _ if what == _REMOVAL:
                return resource, _REVOKE[n]
        command = (_REJECT if self.rejects[n][what - _DECISION][row] else _APPROVE)[n]
        match self.policy.approval:
            case Approval.BOTH:
                tenant = "home" if self.support_sees else resource.tenant
                return (Member("both", tenant) if common else _HANA if self.support_sees else resource), command
            case Approval.EACH if what == _DECISION:
                return _HANA, command
            case _:
                return resource, command

    def _do(self, at: int, actor: Actor | None, command: Command) -> None:
        """Carries out a command, unless it is refused."""
        new_id = _IDS[len(self.case.requests)] if isinstance(command, RequestAccess) else "t"
        try:
            made = decide(
                self.case,
                command,
                actor=actor,
                directory=DIRECTORY,
                policy=self.policy,
                at=_EPOCH + timedelta(seconds=at),
                new_id=new_id,
            )
        except Refused:
            return
        for event in made:
            self.case = evolve(self.case, event)
            kind = _KIND[event.action, event.from_status, event.to_status]
            self.events.append((at, self.place, _NUMBER[event.request_id], kind, _by(event.actor)))


def _by(actor: Actor | None) -> By:
    if isinstance(actor, Member):
        return By.SUPPORT if actor.tenant == "home" else By.RESOURCE
    return By.ENGINEER if actor else By.NOBODY


def _whole(long: float) -> int:
    return max(ceil(long), 1)


def _second(at: datetime | None) -> int:
    return (at - _EPOCH) // _SECOND if at else _NEVER
