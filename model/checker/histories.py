"""Every history of a small world: one ticket, its access requests, everybody who could act, and time.

Time goes in the steps that matter. The real rules are asked; nothing here is a copy of them.

A state is a case as it stands *now*: its times are moved so that the present is always the same moment, and histories
that differ only in how long ago they began lead to one state. Members who administer the same of the two tenants and
are signed in to the same one are alike, since the rules know a person by permissions only: one of them acts for all. So
does one of those whose acts have the same outcome.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from model.case import Case, Event, Request
from model.checker.small_world import (
    DIRECTORY,
    ENGINEER,
    FEW,
    MEMBERS,
    NOW,
    RESOURCE,
    SECOND,
    SUPPORT,
    TICK,
    Bounds,
    stranger,
)
from model.commands import (
    Approve,
    CloseTicket,
    Command,
    Decision,
    FallDue,
    OpenTicket,
    RequestAccess,
)
from model.decisions import decisions
from model.directory import Actor, Member
from model.lifecycle import FINAL, Action
from model.policy import Approval, HistoryFrom, Policy
from model.refusal import Refused
from model.rules import carry_out, decide


class Consent(NamedTuple):
    """The checker's own record of consent, kept so that it need not trust the rules."""

    approvals: frozenset[tuple[str, str]] = frozenset()  # (request, tenant signed in to), by people who may
    rejected: frozenset[str] = frozenset()  # requests: no approval counts any more
    valid: tuple[tuple[str, datetime], ...] = ()  # requests with all approvals, and since when
    removed: bool = False  # was the last consent removed by somebody?


class State(NamedTuple):
    """A case as it stands now, the checker's record of consent, and the ticks that are left."""

    case: Case | None
    consent: Consent
    ticks: int


class Act(NamedTuple):
    """A step of a history: somebody asks for something, or time passes."""

    command: Command | timedelta
    actor: Actor | None = None


Label = tuple[Actor | None, Command]


class Move(NamedTuple):
    """What an act leads to: the next state, what happened, and how many members' acts it stands for."""

    to: State
    events: tuple[Event, ...]
    members: int = 1


class World:
    """The small world under one policy: what can happen in it. States go in and come out; none is kept."""

    def __init__(self, policy: Policy, bounds: Bounds) -> None:
        self.policy, self.bounds = policy, bounds
        self._created, self._history = policy.history_from is HistoryFrom.CREATED, policy.history
        self.start = State(None, Consent(), bounds.ticks)
        everybody = [m for m in MEMBERS if bounds.everybody or m.person in FEW]
        alike = [(m.tenant, *(DIRECTORY.administers(m.person, t) for t in (SUPPORT, RESOURCE))) for m in everybody]
        stands_for = {kind: (everybody[alike.index(kind)], alike.count(kind)) for kind in alike}
        self.members = [member for member, _ in stands_for.values() if not stranger(member)]
        self._alike: dict[Actor | None, int] = dict(stands_for.values())
        self._labels: dict[object, list[tuple[Label, int]]] = {}

    def case_key(self, state: State) -> object:
        """Return the case's part of the canonical key, without consent and ticks."""
        canonical_key = self.canonical_key(state)
        return canonical_key and canonical_key[:2]

    def canonical_key(self, state: State) -> tuple[object, ...] | None:
        """Return the part of a state that later moves depend on: what stands, and how far off each limit is."""
        case, consent, ticks = state
        if case is None:
            return None
        lasts = self.policy.grant_lasts
        valid = tuple((r, lasts and since + lasts - NOW) for r, since in consent.valid)
        requests = tuple(
            (
                request.status,
                request.first_approval and request.first_approval.tenant,
                request.due_at and request.due_at - NOW,
                (self._created or request.status in FINAL) and max(self.leaves(request) - NOW, -SECOND),
            )
            for request in case.requests
        )
        return case.closed_at is None, requests, consent[:2], valid, consent.removed, ticks

    def leaves(self, request: Request) -> datetime:
        """When a request that has ended is no longer in the history."""
        return (request.requested_at if self._created else request.changed_at) + self._history

    # What people can do.

    def ask(self, state: State, actor: Actor | None, command: Command, at: datetime = NOW) -> tuple[Event, ...]:
        """Return the events that the rules decide on. Raises Refused."""
        new_id = _new_id(state, command)
        return decide(state.case, command, actor=actor, directory=DIRECTORY, policy=self.policy, at=at, new_id=new_id)

    def commands(self, state: State) -> Iterator[Label]:
        """Everything that anybody could ask for and that could change something."""
        if state.case is None:
            opening = OpenTicket("Guests cannot sign in", engineer=ENGINEER.id)
            yield from ((member, opening) for member in self.members if member.tenant == SUPPORT)
            return
        yield ENGINEER, CloseTicket("t1")
        if len(state.case.requests) < self.bounds.requests:
            yield ENGINEER, RequestAccess("t1", RESOURCE)
        for command in (CloseTicket("t1"), *self.decisions(state)):
            yield from ((member, command) for member in self.members)
        yield from ((None, FallDue(request.id)) for request in state.case.requests)

    def decisions(self, state: State) -> list[Decision]:
        """Return every decision on every access request."""
        requests = state.case.requests if state.case else ()
        return [decision for request in requests for decision in decisions(request.id, self.policy)]

    def labels(self, state: State) -> list[tuple[Label, int]]:
        """Who can carry out what now; of members with the same outcome the first, and how many they are."""
        canonical_key = self.canonical_key(state)
        if canonical_key not in self._labels:
            self._labels[canonical_key] = self._found(state)
        return self._labels[canonical_key]

    def visible_shape(self, state: State) -> object:
        """Return what can be seen of a case apart from time: statuses, and which requests are in the history."""
        case = state.case
        return case and (
            case.closed_at is None,
            tuple(
                (r.status, r.first_approval and r.first_approval.tenant, self.leaves(r) > NOW) for r in case.requests
            ),
        )

    def _found(self, state: State) -> list[tuple[Label, int]]:
        alike: dict[object, Label] = {}
        members: Counter[Label] = Counter()
        for actor, command in self.commands(state):
            try:
                events = self.ask(state, actor, command)
            except Refused:
                continue
            outcome = tuple((event.action, event.request_id, event.to_status, event.due_at) for event in events)
            key: tuple[object, ...] = command, outcome, type(actor)
            if isinstance(command, Approve):  # of which the consent that was given is remembered
                tenant = actor.tenant if isinstance(actor, Member) and self.policy.approval is Approval.EACH else None
                key = (*key, tenant, self.may_approve(actor))
            members[alike.setdefault(key, (actor, command))] += self._alike.get(actor, 1)
        return list(members.items())

    def act(self, state: State, actor: Actor | None, command: Command) -> Move:
        """Somebody asks for something. Raises Refused."""
        events, after = self._carry_out(state, actor, command, NOW)
        return Move(after, events)

    def _carry_out(
        self, state: State, actor: Actor | None, command: Command, at: datetime
    ) -> tuple[tuple[Event, ...], State]:
        """Return the events of a command and the state after them. Raises Refused."""
        new_id, consent = _new_id(state, command), state.consent
        events, case = carry_out(
            state.case, command, actor=actor, directory=DIRECTORY, policy=self.policy, at=at, new_id=new_id
        )
        for event in events:
            consent = self._noted(consent, event, self.may_approve(actor))
        return events, State(case, consent, state.ticks)

    def may_approve(self, actor: Actor | None) -> bool:
        """May the person approve, in the words of the policy? Source: "An administrator of both tenants approves"."""
        if not isinstance(actor, Member):
            return False
        needed = {
            Approval.BOTH: (SUPPORT, RESOURCE),
            Approval.EACH: (actor.tenant,),
            Approval.RESOURCE: (RESOURCE,),
        }[self.policy.approval]
        return all(DIRECTORY.administers(actor.person, tenant) for tenant in (*needed, actor.tenant))

    def _noted(self, consent: Consent, event: Event, may: bool) -> Consent:
        """Return the record of consent after an event."""
        match event.action:
            case Action.REJECT if event.request_id:
                return consent._replace(rejected=consent.rejected | {event.request_id})
            case Action.APPROVE if event.request_id in consent.rejected:
                return consent
            case Action.APPROVE if may and event.request_id and isinstance(event.actor, Member):
                given = consent.approvals | {(event.request_id, event.actor.tenant)}
                each = self.policy.approval is Approval.EACH
                if each and not {(event.request_id, SUPPORT), (event.request_id, RESOURCE)} <= given:
                    return consent._replace(approvals=given)
                valid = (*consent.valid, (event.request_id, event.occurred_at))
                return consent._replace(approvals=given, valid=valid, removed=False)
            case Action.REVOKE:
                valid = tuple((r, since) for r, since in consent.valid if r != event.request_id)
                return consent._replace(valid=valid, removed=True)
            case Action.CLOSE:
                return consent._replace(valid=())
        return consent

    # Time.

    def steps(self, state: State) -> list[timedelta]:
        """How far the clock can go: to the next moment that matters, or by a tick."""
        ahead = self.next_moment(state)
        ticks = [TICK] if state.ticks and state.case and state.case.closed_at is None else []
        return ticks if ahead is None else sorted({ahead, *ticks})

    def next_moment(self, state: State) -> timedelta | None:
        """To the next limit of the policy, or the second just before or just after it."""
        lasts = self.policy.grant_lasts
        limits = [since + lasts for _, since in state.consent.valid] if lasts else []
        for request in state.case.requests if state.case else ():
            if request.due_at:
                limits.append(request.due_at)
            if request.status in FINAL:
                limits.append(self.leaves(request))
        around = (-1, 0, 1) if self.bounds.around else (0,)
        moments = (limit + SECOND * n - NOW for limit in limits for n in around)
        return min((moment for moment in moments if moment > timedelta()), default=None)

    def wait(self, state: State, length: timedelta) -> Move:
        """Time passes, and what falls due happens at its own moment."""
        ticks = state.ticks - (length == TICK != self.next_moment(state))
        events: list[Event] = []
        asked: set[tuple[datetime, str]] = set()
        while state.case:
            due = {(r.due_at, r.id) for r in state.case.requests if r.due_at and r.due_at <= NOW + length} - asked
            if not due:
                break
            at, request = min(due)
            asked.add((at, request))
            with suppress(Refused):  # rules that let nothing end are the checker's to judge
                made, state = self._carry_out(state, None, FallDue(request), at)
                events += made
        return Move(self._later(state, length)._replace(ticks=max(ticks, 0)), tuple(events))

    def _later(self, state: State, length: timedelta) -> State:
        """Return the state seen from a later moment."""
        if state.case is None:
            return state
        lasts = self.policy.grant_lasts
        valid = tuple(
            (r, since - length) for r, since in state.consent.valid if not lasts or since + lasts > NOW + length
        )
        return State(_moved(state.case, length), state.consent._replace(valid=valid), state.ticks)


def _new_id(state: State, command: Command) -> str:
    made = len(state.case.requests) + 1 if state.case else 1
    return f"r{made}" if isinstance(command, RequestAccess) else "t1"


def _moved(case: Case, length: timedelta) -> Case:
    """Return the case with all its times moved so much earlier."""

    def earlier(time: datetime | None) -> datetime | None:
        return time and time - length

    requests = tuple(
        Request(  # written out because `dataclasses.replace` takes several times as long
            id=r.id,
            resource_tenant=r.resource_tenant,
            reason=r.reason,
            status=r.status,
            requested_at=r.requested_at - length,
            changed_at=r.changed_at - length,
            due_at=earlier(r.due_at),
            first_approval=r.first_approval,
            decided_by=r.decided_by,
            decided_at=earlier(r.decided_at),
            changed_by=r.changed_by,
            first_approval_note=r.first_approval_note,
            decision_note=r.decision_note,
            removal_note=r.removal_note,
        )
        for r in case.requests
    )
    return replace(case, opened_at=case.opened_at - length, closed_at=earlier(case.closed_at), requests=requests)


@dataclass(frozen=True, slots=True)
class Reached:
    """How a state was first reached: the way, its number of steps, and how many choices of members it stands for."""

    state: State
    before: "Reached | None" = None
    act: Act | None = None
    events: tuple[Event, ...] = ()  # of the act
    depth: int = 0
    weight: int = 1

    @property
    def history(self) -> tuple[Act, ...]:
        """The acts that lead here."""
        return (*self.before.history, self.act) if self.before and self.act else ()

    @property
    def log(self) -> tuple[Event, ...]:
        """What happened on the way here."""
        return (*self.before.log, *self.events) if self.before else ()


@dataclass(slots=True)
class Graph:
    """All states that can be reached, the nearest first, and how many moves there are between them."""

    reached: list[Reached]
    transitions: int


def explore(world: World, look: Callable[[Reached, Act, Move], None]) -> Graph:
    """Walk through every history, and show `look` each move once."""
    first = Reached(world.start)
    graph, known, queue = Graph([first], 0), {world.canonical_key(first.state)}, deque([first])
    while queue:
        here = queue.popleft()
        for act, move in every(world, here.state):
            graph.transitions += 1
            look(here, act, move)
            canonical_key = world.canonical_key(move.to)
            if canonical_key not in known:
                known.add(canonical_key)
                weight = here.weight * move.members
                graph.reached.append(Reached(move.to, here, act, move.events, here.depth + 1, weight))
                queue.append(graph.reached[-1])
    return graph


def every(world: World, state: State) -> Iterator[tuple[Act, Move]]:
    """Every act that changes something, and every step of time."""
    for (actor, command), members in world.labels(state):
        yield Act(command, actor), world.act(state, actor, command)._replace(members=members)
    for length in world.steps(state):
        yield Act(length), world.wait(state, length)
