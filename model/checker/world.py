"""What can happen in the small world: one ticket, its access requests, everybody who could act, and time.

The real rules are asked; nothing here is a copy of them. Time goes in the steps that matter. Members who administer the
same of the two tenants and are signed in to the same one are alike, since the rules know a person by permissions only:
one of them acts for all. So does one of several members whose acts have the same outcome.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from model.case import Event, Request
from model.checker.consent import Consent, may_approve
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
    is_uninvolved,
)
from model.checker.state import Attempt, Move, State, aged
from model.commands import Approve, CloseTicket, Command, Decision, FallDue, OpenTicket, RequestAccess
from model.decisions import decisions
from model.directory import Actor, Member
from model.lifecycle import FINAL
from model.policy import Approval, HistoryFrom, Policy
from model.refusal import Refused
from model.rules import carry_out, decide


class World:
    """The small world under one policy. It keeps no state: each method is given the state that it starts from."""

    def __init__(self, policy: Policy, bounds: Bounds) -> None:
        self.policy, self.bounds = policy, bounds
        self._created, self._history = policy.history_from is HistoryFrom.CREATED, policy.history
        self.start = State(None, Consent(), bounds.ticks)
        everybody = [m for m in MEMBERS if bounds.everybody or m.person in FEW]
        alike = [(m.tenant, *(DIRECTORY.administers(m.person, t) for t in (SUPPORT, RESOURCE))) for m in everybody]
        stands_for = {kind: (everybody[alike.index(kind)], alike.count(kind)) for kind in alike}
        self.members = [member for member, _ in stands_for.values() if not is_uninvolved(member)]
        self._members_alike: dict[Actor | None, int] = dict(stands_for.values())
        self._possible: dict[object, list[tuple[Attempt, int]]] = {}

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
        """Return when a request that has ended leaves the history."""
        return (request.requested_at if self._created else request.changed_at) + self._history

    # What people do.

    def ask(self, state: State, actor: Actor | None, command: Command, at: datetime = NOW) -> tuple[Event, ...]:
        """Return the events that follow if the actor asks for the command. Raises Refused."""
        new_id = _new_id(state, command)
        return decide(state.case, command, actor=actor, directory=DIRECTORY, policy=self.policy, at=at, new_id=new_id)

    def attempts(self, state: State) -> Iterator[Attempt]:
        """Yield everything that anybody could ask for and that could change something, refused or not."""
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

    def possible_attempts(self, state: State) -> list[tuple[Attempt, int]]:
        """Return the attempts that are not refused, each with the number of members that it stands for.

        Of several members whose attempts have the same outcome only the first is listed.
        """
        canonical_key = self.canonical_key(state)
        if canonical_key not in self._possible:
            self._possible[canonical_key] = self._find_possible_attempts(state)
        return self._possible[canonical_key]

    def visible_shape(self, state: State) -> object:
        """Return what can be seen of a case apart from time: statuses, and which requests are in the history."""
        case = state.case
        return case and (
            case.closed_at is None,
            tuple(
                (r.status, r.first_approval and r.first_approval.tenant, self.leaves(r) > NOW) for r in case.requests
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
            if isinstance(command, Approve):  # the record of consent depends on who gave it
                tenant = actor.tenant if isinstance(actor, Member) and self.policy.approval is Approval.EACH else None
                key = (*key, tenant, may_approve(actor, self.policy))
            members[first_alike.setdefault(key, (actor, command))] += self._members_alike.get(actor, 1)
        return list(members.items())

    def do(self, state: State, actor: Actor | None, command: Command) -> Move:
        """Return the move that the actor makes by a command. Raises Refused."""
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
            consent = consent.after(event, self.policy, may_approve(actor, self.policy))
        return events, State(case, consent, state.ticks)

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
        for request in state.case.requests if state.case else ():
            if request.due_at:
                limits.append(request.due_at)
            if request.status in FINAL:
                limits.append(self.leaves(request))
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
            with suppress(Refused):  # rules under which nothing ends are for the promises to judge
                made, state = self._carry_out(state, None, FallDue(request), at)
                events += made
        return Move(self._later(state, length)._replace(ticks=max(ticks, 0)), tuple(events))

    def _later(self, state: State, length: timedelta) -> State:
        """Return the state as it is that much later, if nothing happens."""
        if state.case is None:
            return state
        lasts = self.policy.grant_lasts
        valid = tuple(
            (r, since - length) for r, since in state.consent.valid if not lasts or since + lasts > NOW + length
        )
        return State(aged(state.case, length), state.consent._replace(valid=valid), state.ticks)


def _new_id(state: State, command: Command) -> str:
    made = len(state.case.requests) + 1 if state.case else 1
    return f"r{made}" if isinstance(command, RequestAccess) else "t1"
