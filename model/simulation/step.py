"""The reference engine: each ticket by itself, one command of the rules after the other.

Tickets affect each other only in the queue for a few administrators of both tenants.

Nothing here decides: what people would like to do is passed to the rules, and refused commands have no effect.
"""

from collections.abc import Generator, Iterator
from datetime import datetime, timedelta
from heapq import heappop, heappush
from math import ceil

import numpy as np

from model.case import Case
from model.commands import CloseTicket, Command, FallDue, OpenTicket, RequestAccess
from model.decisions import decisions
from model.directory import Actor, Directory, Engineer, Member
from model.lifecycle import Side, Status
from model.limits import EPOCH
from model.policy import Approval, Policy
from model.refusal import Refused
from model.rules import carry_out
from model.simulation.behaviour import Behaviour
from model.simulation.common_queue import queues
from model.simulation.draws import Block
from model.simulation.hours import DAY, NEVER, after_work
from model.simulation.trace import KINDS, STATUS, By, Events, Requests, Tickets, Trace

DIRECTORY = Directory.small(
    {"home": "Home", "partner": "Partner", "stranger": "Stranger"},
    {
        "hana": ("Hana", ["home"]),
        "pia": ("Pia", ["partner"]),
        "stan": ("Stan", ["stranger"]),
        "both": ("Both", ["home", "partner"]),
    },
    {"sam": "Sam"},
)
"""The world of one ticket: its tenant, one with which it shares an administrator, and one with which it does not."""
_SAM, _HANA, _STAN = Engineer("sam"), Member("hana", "home"), Member("stan", "stranger")
_IN_RESOURCE = {True: Member("pia", "partner"), False: _STAN}  # is somebody in both?
_SECOND, _NEVER = timedelta(seconds=1), int(NEVER)
OPEN = {allowed: OpenTicket("A problem", advanced_diagnostics=allowed, engineer="sam") for allowed in (True, False)}
_CLOSE = CloseTicket("t")
ASK = {True: RequestAccess("t", "partner"), False: RequestAccess("t", "stranger")}  # is somebody in both?
_IDS = ("r1", "r2")
_FALL_DUE = [FallDue(i) for i in _IDS]
_NUMBER = {None: 0, "r1": 1, "r2": 2}
_NOBODY, _ENGINEER, _SUPPORT, _RESOURCE = map(int, By)
_STATUS = {status: int(code) for status, code in STATUS.items()}
_KIND = {(kind.action, kind.start, kind.end): code for code, kind in enumerate(KINDS)}
_DUE, _CLOSING, _DECISION, _OTHER_DECISION, _REMOVAL, _ASKING = range(6)  # in one second, in this order

Next = tuple[int, int, int, Actor | None, Command]
"""When, what kind, which of the ticket's access requests (from 0), who would act, and by which command."""
_NOTHING_DUE: Next = (_NEVER, _DUE, 0, None, _FALL_DUE[0])


def run(block: Block, policy: Policy, behaviour: Behaviour) -> Trace:
    """Simulate a block of tickets, one ticket after the other."""
    simulation = _StepSimulation(block, policy, behaviour)
    simulation.run()
    place, number, requested, decided, status, changed = np.array(simulation.requests, np.int64).reshape(-1, 6).T
    at, of, about, kind, by = np.array(simulation.events, np.int64).reshape(-1, 5).T
    common = np.zeros(len(block.opened), np.bool_)
    common[block.other.ticket] = block.other.common
    codes = [column.astype(np.int8) for column in (number, status, about, kind, by)]
    return Trace(
        Tickets(block.opened, np.array(simulation.closed, np.int64), block.elsewhere, block.advanced, common),
        Requests(block.first + place, codes[0], common[place], requested, decided, codes[1], changed),
        Events(at, block.first + of, *codes[2:]),
    )


class _StepSimulation:
    """Simulate a block of tickets by one command after the other."""

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
        self.deciders = {common: list(_deciders(common, policy)) for common in (True, False)}
        self.approve, self.reject, self.revoke = zip(*(decisions(i, policy) for i in _IDS), strict=True)
        self.closed = [0] * len(self.opened)
        seen = any(policy.sees(Status.PENDING, side) for side in Side)
        self.queue = _Queue(behaviour.common_administrators or 0) if seen and queues(policy, behaviour) else None
        self.requests: list[tuple[int, ...]] = []
        self.events: list[tuple[int, ...]] = []
        self.agendas: dict[int, list[Next]] = {}  # by ticket; the queue adds decisions to them
        self.place = 0
        self.case: Case

    def run(self) -> None:
        """Follow every ticket: one after the other, or all together if they meet in a queue."""
        if self.queue:
            self._together(self.queue)
            return
        for place in range(len(self.opened)):
            for _ in self.follow(place):
                pass

    def _together(self, queue: "_Queue") -> None:
        """Follow all tickets, one event after the other: by second, by what happens, by ticket."""
        lives = [self.follow(place) for place in range(len(self.opened))]
        cases: list[Case | None] = [None] * len(lives)
        coming: list[tuple[int, int, int]] = []  # when something happens, what, and to which ticket
        upcoming: dict[int, tuple[int, int]] = {}  # ticket -> when, and what; anything else in `coming` is stale

        def go_on(place: int) -> None:
            self.place, self.case = place, cases[place]  # type: ignore[assignment]  # it is open then
            if following := next(lives[place], None):
                expect(place, following)
            cases[place] = self.case

        def expect(place: int, following: tuple[int, int]) -> None:
            upcoming[place] = following
            heappush(coming, (*following, place))

        for place in range(len(lives)):
            go_on(place)
        while coming:
            at, what, place = heappop(coming)
            if upcoming.get(place) != (at, what):
                continue
            del upcoming[place]
            go_on(place)
            case = cases[place]
            if case and not any(request.status is Status.PENDING for request in case.requests):
                queue.leave(place)
            for other, n in queue.taken_up():
                decision = self._decision(self.row[other], at, n, 0, self.deciders[True][0])
                self.agendas[other].append(decision)
                expect(other, min(upcoming[other], decision[:2]))
        self.events.sort(key=lambda event: event[1])  # by ticket, as they are if each is followed by itself

    def follow(self, place: int) -> Iterator[tuple[int, int]]:
        """Follow a ticket from its opening to its closing; before each event, yield when it comes, and what it is."""
        self.place = place
        self.case = None  # type: ignore[assignment]  # until it is opened
        self._do(self.opened[place], _HANA, OPEN[self.advanced[place]])
        begun, work = self.opened[place] + self.ask[place], self.work[place]
        if place in self.row:
            closed = yield from self._work(self.row[place], begun, work)
        else:
            slower = 1.0 if self.advanced[place] else self.behaviour.slower_without_access
            closed = begun + _whole(work * slower)
            self._do(closed, _SAM, _CLOSE)
        assert self.case.closed_at, "the engineer may always close the ticket"
        self.closed[place] = closed
        for number, r in enumerate(self.case.requests, start=1):
            times = _second(r.requested_at), _second(r.decided_at), _STATUS[r.status], _second(r.changed_at)
            self.requests.append((place, number, *times))

    def _work(self, row: int, since: int, left: float) -> Generator[tuple[int, int], None, int]:
        """Follow work that needs another tenant's data until the ticket is closed, and return that second.

        Work is slower until there is access, and again when access has ended.
        """
        slower, common = self.behaviour.slower_without_access, self.common[row]
        closing: Next = (since + _whole(left * slower), _CLOSING, 0, _SAM, _CLOSE)
        due = _NOTHING_DUE
        agenda: list[Next] = [(since, _ASKING, 0, _SAM, ASK[common])]
        self.agendas[self.place] = agenda
        stands: list[Status | None] = [None, None]
        while True:
            yield min(closing, due, *agenda)[:2]
            at, what, n, actor, command = upcoming = min(closing, due, *agenda)  # the queue may have added a decision
            self._do(at, actor, command, _IDS[n])
            if what == _CLOSING:
                return at
            if what != _DUE:
                agenda.remove(upcoming)
            request = self.case.requests[n] if n < len(self.case.requests) else None
            if request is None or request.status is stands[n]:  # refused, or the first of two approvals
                continue
            before, stands[n] = stands[n], request.status
            due = (_second(request.due_at), _DUE, n, None, _FALL_DUE[n]) if request.due_at else _NOTHING_DUE
            if request.status is Status.PENDING:
                if self.queue and common:
                    self.queue.join(self.place, n)
                else:
                    agenda += self._decisions(row, at, n)
            elif request.status is Status.APPROVED:
                left -= (at - since) / slower
                since, closing = at, (at + _whole(left), _CLOSING, 0, _SAM, _CLOSE)
                if self.removes[n][row]:
                    agenda.append((at + self.remove[n][row], _REMOVAL, n, _IN_RESOURCE[common], self.revoke[n]))
            else:
                if before is Status.APPROVED:
                    left -= at - since
                    since, closing = at, (at + _whole(left * slower), _CLOSING, 0, _SAM, _CLOSE)
                if n == 0 and self.again[row]:
                    agenda.append((at + self.ask_again[row], _ASKING, 1, _SAM, ASK[common]))

    def _decisions(self, row: int, at: int, n: int) -> Iterator[Next]:
        """Yield when the approvers of a request decide, and how."""
        for approver, who in enumerate(self.deciders[self.common[row]]):
            yield self._decision(row, at, n, approver, who)

    def _decision(self, row: int, at: int, n: int, approver: int, who: Member) -> Next:
        """Return when and how an approver who begins `at` decides."""
        hours = self.behaviour.approvers_work
        work, rejects = self.decide[n][approver][row], self.rejects[n][approver][row]
        done = at + work if hours is None else int(after_work(np.array([at]), np.array([work]), hours)[0])
        return done, _DECISION + approver, n, who, (self.reject if rejects else self.approve)[n]

    def _do(self, at: int, actor: Actor | None, command: Command, new_id: str = "t") -> None:
        """Carry out a command, unless it is refused, and keep its events."""
        moment = EPOCH + at * _SECOND
        try:
            events, self.case = carry_out(  # type: ignore[assignment]  # it is open then
                self.case, command, actor=actor, directory=DIRECTORY, policy=self.policy, at=moment, new_id=new_id
            )
        except Refused:
            return
        for event in events:
            kind = _KIND[event.action, event.from_status, event.to_status]
            self.events.append((at, self.place, _NUMBER[event.request_id], kind, _by(event.actor)))


class _Queue:
    """Tickets whose request waits for one of a few administrators, first come, first served, or is being decided."""

    def __init__(self, administrators: int) -> None:
        self.free = administrators
        self.waiting: dict[int, int] = {}  # ticket -> which of its requests, in order of arrival
        self.taken: set[int] = set()

    def join(self, ticket: int, request: int) -> None:
        """Put a request at the end of the queue."""
        self.waiting[ticket] = request

    def leave(self, ticket: int) -> None:
        """Remove a ticket whose request is no longer pending; an administrator who worked on it is free."""
        self.waiting.pop(ticket, None)
        if ticket in self.taken:
            self.taken.remove(ticket)
            self.free += 1

    def taken_up(self) -> Iterator[tuple[int, int]]:
        """Yield the tickets, and which of their requests, that free administrators take up now."""
        while self.free and self.waiting:
            ticket = next(iter(self.waiting))
            request = self.waiting.pop(ticket)
            self.free -= 1
            self.taken.add(ticket)
            yield ticket, request


def _deciders(common: bool, policy: Policy) -> Iterator[Member]:
    """Yield who would decide on a request that they see: one person, or two if each tenant has to approve."""
    match policy.approval:
        case Approval.BOTH:
            tenant = "home" if policy.sees(Status.PENDING, Side.SUPPORT) else _IN_RESOURCE[common].tenant
            yield Member("both", tenant) if common else _HANA if tenant == "home" else _STAN
        case Approval.EACH:
            yield from (_HANA, _IN_RESOURCE[common])
        case Approval.RESOURCE:
            yield _IN_RESOURCE[common]


def _by(actor: Actor | None) -> int:
    if isinstance(actor, Member):
        return _SUPPORT if actor.tenant == "home" else _RESOURCE
    return _ENGINEER if actor else _NOBODY


def _whole(long: float) -> int:
    return max(ceil(long), 1)


def _second(at: datetime | None) -> int:
    if at is None:
        return _NEVER
    since = at - EPOCH
    return since.days * DAY + since.seconds
