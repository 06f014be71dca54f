"""What can happen in the small world: one ticket, its access requests, everybody who could act, and time.

It calls the real rules and copies none of them. It need not try everything that could happen:

- The first access request is for the first resource tenant. The rules know a tenant only by its part in a request, so
  swapping the two resource tenants and their administrators in a history gives an equivalent history.
- Members who administer the same tenants and are signed in to the same one are interchangeable, since the rules know a
  person only by permissions: one of them acts for all. The same goes for members whose acts have the same outcome.
  Where each tenant approves, the rules also know who approved first, so people who could give either approval are told
  apart as long as that matters.
- Time moves only to each limit, and to the second before and after it. Between these moments no answer and no list
  changes.
- Leaving the history is such a limit only for the first ended request that the support request tenant sees. Requests
  leave independently of each other, so what holds for one holds for each; and no promise is about ended requests in the
  resource tenant.
- Answers depend on time only through what is due, so each is computed once for all states that differ in nothing else
  (`answer_key`).
- Who approved first, and the consent before a rejection or an end, is told apart only while the request is pending:
  afterwards no rule depends on it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice

from model.case import Case, Event, Request
from model.checker.consent import Consent, may_approve
from model.checker.small_world import (
    DIRECTORY,
    ENGINEER,
    FEW,
    MEMBERS,
    NOW,
    OTHER_RESOURCE,
    RESOURCE,
    RESOURCES,
    SECOND,
    SUPPORT,
    TICK,
    Bounds,
    in_both,
    is_uninvolved,
)
from model.checker.state import Attempt, Move, State, aged
from model.commands import Approve, CloseTicket, Command, Decision, FallDue, OpenTicket, RequestAccess
from model.decisions import decisions
from model.directory import Actor, Member
from model.lifecycle import FINAL, Side, Status
from model.policy import Approval, HistoryFrom, Policy
from model.refusal import Refused
from model.rules import carry_out, decide


class World:
    """The small world under one policy. It is stateless: each method takes the state that it starts from."""

    def __init__(self, policy: Policy, bounds: Bounds) -> None:
        self.policy, self.bounds = policy, bounds
        self._created, self._history = policy.history_from is HistoryFrom.CREATED, policy.history
        self.start = State(None, Consent(), bounds.ticks)
        self.resource_tenants = RESOURCES[: bounds.resource_tenants]
        everybody = [m for m in MEMBERS if (bounds.everybody or m.person in FEW) and not self._is_left_out(m)]
        involved = (SUPPORT, *self.resource_tenants)
        alike = [
            (m.tenant, *(DIRECTORY.administers(m.person, t) for t in involved), self._is_told_apart(m))
            for m in everybody
        ]
        stands_for = {kind: (everybody[alike.index(kind)], alike.count(kind)) for kind in alike}
        self.members = [member for member, _ in stands_for.values() if not is_uninvolved(member)]
        self._members_alike: dict[Actor | None, int] = dict(stands_for.values())
        self._possible: dict[object, list[tuple[Attempt, int]]] = {}

    def _is_left_out(self, member: Member) -> bool:
        """Return whether the member belongs to, or administers, a resource tenant that the bounds leave out."""
        if self.bounds.resource_tenants == len(RESOURCES):
            return False
        return member.tenant == OTHER_RESOURCE or DIRECTORY.administers(member.person, OTHER_RESOURCE)

    def _is_told_apart(self, member: Member) -> str:
        """Return the person where the rules might depend on who it is: one who could give either of two approvals."""
        told_apart = self.policy.approval is Approval.EACH and in_both(member)
        return member.person if told_apart else ""

    def case_key(self, state: State) -> object:
        """Return the case's part of the canonical key, without consent and ticks."""
        canonical_key = self.canonical_key(state)
        return canonical_key and canonical_key[:2]

    def canonical_key(self, state: State) -> tuple[object, ...] | None:
        """Return the part of a state that later moves depend on: statuses, consent, and the time to each limit."""
        case, consent, ticks = state
        if case is None:
            return None
        lasts = self.policy.grant_lasts
        valid = tuple((r, lasts and since + lasts - NOW) for r, since in consent.valid)
        watched = self._watched(case)
        requests = tuple(
            (
                request.resource_tenant,
                request.status,
                request.status is Status.PENDING and self._first_approver(case, request),
                request.due_at and request.due_at - NOW,
                (request in watched or (self._created and request.status not in FINAL))
                and max(self.leaves(request) - NOW, -SECOND),
            )
            for request in case.requests
        )
        pending = {request.id for request in case.requests if request.status is Status.PENDING}
        approvals = frozenset(given for given in consent.approvals if given[0] in pending)
        rejected = consent.rejected - {r.id for r in case.requests if r.status is Status.REJECTED}
        return case.closed_at is None, requests, approvals, rejected, valid, consent.removed, ticks

    @staticmethod
    def _first_approver(case: Case, request: Request) -> object:
        """Return what matters about the first approver: their tenant, and whether they administer the other one too."""
        first = request.first_approval
        return first and (first.tenant, _administers(first.person, (case.tenant, request.resource_tenant)))

    def _watched(self, case: Case) -> tuple[Request, ...]:
        """Return the ended request that is watched until it leaves the history, if there is one."""
        ended = (r for r in case.requests if r.status in FINAL and self.policy.sees(r.status, Side.SUPPORT))
        return tuple(islice(ended, 1))

    def leaves(self, request: Request) -> datetime:
        """Return when a request that has ended leaves the history."""
        return (request.requested_at if self._created else request.changed_at) + self._history

    # What people do.

    def ask(self, state: State, actor: Actor | None, command: Command, at: datetime = NOW) -> tuple[Event, ...]:
        """Return the events of the actor's command. Raises Refused."""
        new_id = _new_id(state, command)
        return decide(state.case, command, actor=actor, directory=DIRECTORY, policy=self.policy, at=at, new_id=new_id)

    def attempts(self, state: State) -> Iterator[Attempt]:
        """Yield every command that might change something, from everybody, refused or not."""
        if state.case is None:
            opening = OpenTicket("Guests cannot sign in", engineer=ENGINEER.id)
            yield from ((member, opening) for member in self.members if member.tenant == SUPPORT)
            return
        yield ENGINEER, CloseTicket("t1")
        if len(state.case.requests) < self.bounds.requests:
            tenants = self.resource_tenants if state.case.requests else (RESOURCE,)
            yield from ((ENGINEER, RequestAccess("t1", tenant)) for tenant in tenants)
        for command in (CloseTicket("t1"), *self.decisions(state)):
            yield from ((member, command) for member in self.members)
        yield from ((None, FallDue(request.id)) for request in state.case.requests)

    def decisions(self, state: State) -> list[Decision]:
        """Return every decision on every access request."""
        requests = state.case.requests if state.case else ()
        return [decision for request in requests for decision in decisions(request.id, self.policy)]

    def possible_attempts(self, state: State) -> list[tuple[Attempt, int]]:
        """Return the attempts that are not refused, each with the number of members that it stands for.

        Of several members whose attempts have the same outcome only the first is listed.
        """
        key = self.answer_key(state), state.consent.rejected
        if key not in self._possible:
            self._possible[key] = self._find_possible_attempts(state)
        return self._possible[key]

    def answer_key(self, state: State) -> object:
        """Return what answers to commands depend on. They can name requests by id, so the order of requests counts."""
        case = state.case
        return case and (
            case.closed_at is None,
            case.advanced_diagnostics,
            tuple(
                (
                    r.resource_tenant,
                    r.status,
                    r.first_approval,
                    r.due_at is None or r.due_at <= NOW,
                )
                for r in case.requests
            ),
        )

    def visible_shape(self, state: State) -> object:
        """Return what can be seen of a case apart from time: statuses, and which requests are in the history."""
        case = state.case
        return case and (
            case.closed_at is None,
            tuple(
                (
                    r.resource_tenant,
                    r.status,
                    r.first_approval and r.first_approval.tenant,
                    self.leaves(r) > NOW,
                )
                for r in case.requests
            ),
        )

    def _find_possible_attempts(self, state: State) -> list[tuple[Attempt, int]]:
        first_alike: dict[object, Attempt] = {}
        members: Counter[Attempt] = Counter()
        for actor, command in self.attempts(state):
            try:
                events = self.ask(state, actor, command)
            except Refused:
                continue
            outcome = tuple((event.action, event.request_id, event.to_status, event.due_at) for event in events)
            key: tuple[object, ...] = command, outcome, type(actor)
            if isinstance(command, Approve):  # the record of consent depends on the approver
                about = self._resource_tenant(state.case, command.request_id)
                key = (*key, self._as_approver(actor, about), may_approve(actor, about, self.policy))
            alike = self._members_alike.get(actor, 1)
            if isinstance(command, RequestAccess) and state.case and not state.case.requests:
                alike = len(self.resource_tenants)  # the first one stands for all
            members[first_alike.setdefault(key, (actor, command))] += alike
        return list(members.items())

    def _as_approver(self, actor: Actor | None, resource_tenant: str) -> object:
        """Return what the record of consent keeps about the approver, if two approvals are needed."""
        if self.policy.approval is not Approval.EACH or not isinstance(actor, Member):
            return None
        return actor.tenant, _administers(actor.person, (SUPPORT, resource_tenant))

    def do(self, state: State, actor: Actor | None, command: Command) -> Move:
        """Return the move of the actor's command. Raises Refused."""
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
            about = self._resource_tenant(case, event.request_id)
            consent = consent.after(event, about, self.policy, may_approve(actor, about, self.policy))
        return events, State(case, consent, state.ticks)

    @staticmethod
    def _resource_tenant(case: Case | None, request_id: str | None) -> str:
        request = case.request(request_id) if case and request_id else None
        return request.resource_tenant if request else ""

    # Time.

    def waits(self, state: State) -> list[timedelta]:
        """Return how long time can pass in one step: to the next moment that matters, or for a tick."""
        ahead = self.next_moment(state)
        ticks = [TICK] if state.ticks and state.case and state.case.closed_at is None else []
        return ticks if ahead is None else sorted({ahead, *ticks})

    def next_moment(self, state: State) -> timedelta | None:
        """Return how far off the next limit of the policy is, or the second before or after it; None: no limit."""
        lasts = self.policy.grant_lasts
        limits = [since + lasts for _, since in state.consent.valid] if lasts else []
        if state.case:
            limits += [request.due_at for request in state.case.requests if request.due_at]
            limits += map(self.leaves, self._watched(state.case))
        around = (-1, 0, 1) if self.bounds.around else (0,)
        moments = (limit + SECOND * n - NOW for limit in limits for n in around)
        return min((moment for moment in moments if moment > timedelta()), default=None)

    def wait(self, state: State, length: timedelta) -> Move:
        """Return the move that passing time makes. What falls due on the way happens at its own moment."""
        ticks = state.ticks - (length == TICK != self.next_moment(state))
        events: list[Event] = []
        asked: set[tuple[datetime, str]] = set()
        while state.case:
            due = {(r.due_at, r.id) for r in state.case.requests if r.due_at and r.due_at <= NOW + length} - asked
            if not due:
                break
            at, request = min(due)
            asked.add((at, request))
            with suppress(Refused):  # if it does not end when it is due, the promises report it
                made, state = self._carry_out(state, None, FallDue(request), at)
                events += made
        return Move(self._later(state, length)._replace(ticks=max(ticks, 0)), tuple(events))

    def _later(self, state: State, length: timedelta) -> State:
        """Return the state that much later, if nothing happens."""
        if state.case is None:
            return state
        lasts = self.policy.grant_lasts
        valid = tuple(
            (r, since - length) for r, since in state.consent.valid if not lasts or since + lasts > NOW + length
        )
        return State(aged(state.case, length), state.consent._replace(valid=valid), state.ticks)


def _administers(person: str, tenants: Iterable[str]) -> bool:
    """Return whether the person administers all of these tenants."""
    return all(DIRECTORY.administers(person, tenant) for tenant in tenants)


def _new_id(state: State, command: Command) -> str:
    made = len(state.case.requests) + 1 if state.case else 1
    return f"r{made}" if isinstance(command, RequestAccess) else "t1"
