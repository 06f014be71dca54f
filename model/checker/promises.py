"""Check whether a state, or a move from one state to the next, keeps what the policy promises.

It calls the real rules and visibility. Only the record of consent is the checker's own, in `model.checker.consent`.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from model import visibility
from model.case import Request
from model.checker.histories import Reached
from model.checker.observations import ASK, CLOSE, Observer, row_summary
from model.checker.promise_names import (
    CONSENT,
    DECIDABLE,
    ENDS_WITH_REMOVAL,
    ENDS_WITH_TICKET,
    FINALITY,
    JUMP,
    NO_STRANGERS,
    REMOVABLE,
)
from model.checker.removal_privacy import Difference
from model.checker.small_world import (
    ANOTHER_ENGINEER,
    AUDITOR,
    DIRECTORY,
    ENGINEER,
    NOW,
    OUTSIDER,
    RESOURCE,
    RESOURCES,
    SUPPORT,
    TICK,
    in_both,
)
from model.checker.state import Move, State, Step
from model.checker.world import World
from model.commands import CloseTicket, Command, ReadDiagnostics, Revoke
from model.decisions import decisions
from model.directory import Actor, Member
from model.lifecycle import FINAL, Status
from model.refusal import Refused

STRANGERS = (Member("nils", SUPPORT), Member("fritz", SUPPORT), Member("cato", RESOURCE), Member("amal", OUTSIDER))
"""Members with no part in a request: one without any permission, and those whose permissions do not count there."""
NOBODY_IN_BOTH = "where nobody administers both tenants"
_READ = ReadDiagnostics("t1", RESOURCE)
_ELSEWHERE = tuple(Member("amal", tenant) for tenant in RESOURCES)
"""An administrator of every tenant, signed in to each resource tenant."""


@dataclass(frozen=True, slots=True)
class Counterexample:
    """The shortest history that breaks a promise, and what is wrong at its end.

    `shows`: steps after it that make the failure visible. `difference`: both histories, if a removal can be noticed.
    """

    history: tuple[Step, ...]
    wrong: str
    shows: tuple[Step, ...] = ()
    difference: Difference | None = None


class PromiseChecker:
    """Check every move and every state, and keep the shortest history that breaks each promise."""

    def __init__(self, world: World, observer: Observer) -> None:
        self.world, self.observer = world, observer
        self._unknown_answers: dict[object, str] = {}
        self._shapes: set[object] = set()
        self._accepted_before: dict[object, bool] = {}
        self.tested = Counter[str]()  # how often each promise was tested, in the units of TESTED_BY
        self.broken: dict[str, Counterexample] = {}
        self.conditions: dict[str, str] = {}

    def fails(
        self, name: str, history: tuple[Step, ...], wrong: str, condition: str = "", shows: Iterable[Step] = ()
    ) -> None:
        """Keep the shortest history that breaks a promise; one without a condition takes precedence."""
        kept = self.broken.get(name)
        if not kept or (bool(condition), len(history)) < (bool(self.conditions[name]), len(kept.history)):
            self.broken[name] = Counterexample(history, wrong, tuple(shows))
            self.conditions[name] = condition

    def check_move(self, here: Reached, step: Step, move: Move) -> None:
        """Check what a step changed."""
        self._count_endings(here, step)
        if here.state.case and move.to.case:
            for before, after in zip(here.state.case.requests, move.to.case.requests, strict=False):
                if before.status in FINAL and after.status is not before.status:
                    wrong = f"{before.id} was {before.status} and is {after.status}"
                    self.fails(FINALITY, (*here.history, step), wrong)
        if move.events and self.observer.new_audit_lines(move, Member(AUDITOR, OUTSIDER)):
            self.fails(NO_STRANGERS, (*here.history, step), "the outsider logs something about it")
        for tenant in self.world.resource_tenants if move.events else ():
            lines = self.observer.new_audit_lines(move, Member(AUDITOR, tenant))
            if any(line.resource_tenant != tenant for line in lines):
                self.fails(NO_STRANGERS, (*here.history, step), "another resource tenant logs something about it")
        for member in STRANGERS if move.events else ():
            if self.observer.new_audit_lines(move, member):
                self.fails(NO_STRANGERS, (*here.history, step), f"{name_of(member)} reads the audit log")

    def check_state(self, here: Reached) -> None:
        """Check a state, and what everybody can observe in it."""
        state, history = here.state, here.history
        if state.case is None:
            return
        readable = [tenant for tenant in self.world.resource_tenants if self.reads(state, tenant)]
        consented = {request.resource_tenant for r, _ in state.consent.valid if (request := state.case.request(r))}
        for tenant in readable:
            if tenant not in consented:
                self._fail_reading_without_consent(state, tenant, history)
        self.tested[CONSENT] += bool(readable)
        self.tested[FINALITY] += any(request.status in FINAL for request in state.case.requests)
        if self.reads(state, OUTSIDER):
            self.fails(CONSENT, history, "the engineer reads the data of the outsider", shows=[_read(OUTSIDER)])
        for allowed in (True, False):  # the choice made at opening makes no other difference
            chosen = state._replace(case=replace(state.case, advanced_diagnostics=allowed))
            if self.reads(chosen, SUPPORT) and not (allowed and state.case.closed_at is None):
                wrong = "the engineer reads the support request tenant's data unasked"
                self.fails(CONSENT, history, wrong, shows=[_read(SUPPORT)])
        policy = self.world.policy
        for request in state.case.requests:
            if request.status is Status.APPROVED and request.resource_tenant in readable:
                self.tested[REMOVABLE] += 1
                can = [member for member in self.world.members if self._can_remove(state, member, request.id)]
                wrong = f"nobody sees the live grant {request.id} and can remove it"
                self._check_somebody_can(REMOVABLE, can, history, wrong, request, decisions(request.id, policy).revoke)
            self.tested[DECIDABLE] += request.status is Status.PENDING
            if request.status is Status.PENDING and not self._ends(state, request):
                decide = decisions(request.id, policy)[:2]
                can = [m for m in self.world.members if any(self._accepted(state, m, what) for what in decide)]
                wrong = f"nobody can decide on {request.id}, and it never ends by itself"
                self._check_somebody_can(DECIDABLE, can, history, wrong, request, *decide)
        if (shape := self.world.visible_shape(state)) not in self._shapes:  # time makes no difference to strangers
            self._shapes.add(shape)
            self.tested[NO_STRANGERS] += bool(state.case.requests)
            self._check_strangers(state, history)
        self._check_jumps(state, history)

    def reads(self, state: State, tenant: str) -> bool:
        """Return whether the engineer may read the tenant's data now."""
        return self._accepted(state, ENGINEER, ReadDiagnostics("t1", tenant))

    def _count_endings(self, here: Reached, step: Step) -> None:
        """Count a step that ends access; the state after it shows whether the engineer can still read."""
        if isinstance(step.command, Revoke):
            self.tested[ENDS_WITH_REMOVAL] += 1
        elif isinstance(step.command, CloseTicket):
            readable = (self.reads(here.state, tenant) for tenant in self.world.resource_tenants)
            self.tested[ENDS_WITH_TICKET] += any(readable)

    def _fail_reading_without_consent(self, state: State, tenant: str, history: tuple[Step, ...]) -> None:
        shows = [_read(tenant)]
        if state.case and state.case.closed_at:
            wrong = "the support request is closed, and the engineer can still read"
            self.fails(ENDS_WITH_TICKET, history, wrong, shows=shows)
        elif tenant in state.consent.removed:
            wrong = "access was removed, and the engineer can still read"
            self.fails(ENDS_WITH_REMOVAL, history, wrong, shows=shows)
        else:
            self.fails(CONSENT, history, "the engineer can read, and no valid approval stands", shows=shows)

    def _check_somebody_can(
        self,
        name: str,
        can: list[Member],
        history: tuple[Step, ...],
        wrong: str,
        request: Request,
        *commands: Command,
    ) -> None:
        """Record a failure if nobody can, or if only administrators of both tenants can."""
        if can and not all(map(in_both, can)):
            return
        condition = NOBODY_IN_BOTH if can else ""
        if condition and any(in_both(step.actor) for step in history):
            return  # the history itself needs such an administrator
        asked = [member for member in potential_actors(request.resource_tenant) if not (condition and in_both(member))]
        shows = [Step(command, member) for command in commands for member in asked]
        self.fails(name, history, f"{wrong}, {condition}" if condition else wrong, condition, shows)

    def _can_remove(self, state: State, member: Member, request: str) -> bool:
        assert state.case
        if not self._accepted(state, member, decisions(request, self.world.policy).revoke):
            return False
        seen = visibility.approved_access([state.case], member, DIRECTORY, self.world.policy, NOW)
        return any(row.request_id == request for row in seen)

    def _ends(self, state: State, request: Request) -> bool:
        """Return whether the pending request ends by itself when it is due."""
        case = self.world.wait(state, request.due_at - NOW).to.case if request.due_at else None
        after = case.request(request.id) if case else None
        return after is not None and after.status is not Status.PENDING

    def _accepted(self, state: State, actor: Actor, command: Command) -> bool:
        """Return whether the command would be carried out; the same for all states with one `answer_key`."""
        key = self.world.answer_key(state), actor, command
        if key not in self._accepted_before:
            try:
                self._accepted_before[key] = bool(self.world.ask(state, actor, command))
            except Refused:
                self._accepted_before[key] = False
        return self._accepted_before[key]

    def _check_strangers(self, state: State, history: tuple[Step, ...]) -> None:
        assert state.case
        policy, cases = self.world.policy, [state.case]
        for member in STRANGERS:
            rows = [
                *visibility.pending(cases, member, DIRECTORY, policy),
                *visibility.approved_access(cases, member, DIRECTORY, policy, NOW),
                *visibility.tickets(cases, member, DIRECTORY),
                *filter(None, (self.observer.details(state, r.id, member) for r in state.case.requests)),
            ]
            if rows:
                self.fails(NO_STRANGERS, history, f"{name_of(member)} sees {row_summary(rows[0])}")
        self._check_other_resource_tenants(state, history)
        asked: list[tuple[Actor, Command]] = [(ANOTHER_ENGINEER, command) for command in (CLOSE, ASK, _READ)]
        asked += [(member, command) for member in STRANGERS for command in (CLOSE, *self.world.decisions(state))]
        for actor, command in asked:
            answer = self.observer.answer(state, actor, command)
            if answer != self._answer_if_unknown(actor, command):
                self.fails(NO_STRANGERS, history, f"{name_of(actor)} is told {answer!r}", shows=[Step(command, actor)])

    def _check_other_resource_tenants(self, state: State, history: tuple[Step, ...]) -> None:
        """Check that what a resource tenant's members find of another's request is what they find of nothing."""
        assert state.case
        policy, cases = self.world.policy, [state.case]
        for member in _ELSEWHERE[: self.world.bounds.resource_tenants]:
            others = [request for request in state.case.requests if request.resource_tenant != member.tenant]
            if not others:
                continue
            rows = [
                *visibility.pending(cases, member, DIRECTORY, policy),
                *visibility.approved_access(cases, member, DIRECTORY, policy, NOW),
                *filter(None, (self.observer.details(state, request.id, member) for request in others)),
            ]
            for row in rows:
                if row.resource_tenant != member.tenant:
                    self.fails(NO_STRANGERS, history, f"{name_of(member)} sees {row_summary(row)}")
            for command in (what for request in others for what in decisions(request.id, policy)):
                answer = self.observer.answer(state, member, command)
                if answer != self._answer_if_unknown(member, command):
                    wrong = f"{name_of(member)} is told {answer!r}"
                    self.fails(NO_STRANGERS, history, wrong, shows=[Step(command, member)])

    def _answer_if_unknown(self, actor: Actor, command: Command) -> str:
        """Return the answer that the actor gets about something that does not exist."""
        key = actor, type(command)
        if key not in self._unknown_answers:
            self._unknown_answers[key] = self.observer.answer(self.world.start, actor, command)
        return self._unknown_answers[key]

    def _check_jumps(self, state: State, history: tuple[Step, ...]) -> None:
        """Compare a jump over the next moments that matter, up to three, with stopping at each of them.

        It also stops half-way to the first one, or half-way through an hour if there is none.
        """
        length, there = timedelta(), state
        for n in range(3):
            ahead = self.world.next_moment(there) or (TICK if n == 0 else None)
            if ahead is None:
                return
            length += ahead
            for part in (ahead / 2, ahead - ahead / 2) if n == 0 else (ahead,):
                there = self.world.wait(there, part).to
            jumped = self.world.wait(state, length).to
            self.tested[JUMP] += 1
            if jumped.case != there.case:
                wrong = f"after a jump of {length} the case differs from the case after single steps"
                self.fails(JUMP, (*history, Step(length)), wrong)


def potential_actors(tenant: str) -> list[Member]:
    """Return one member of each kind who could act on a request for this resource tenant."""
    both = "adele" if tenant == RESOURCE else "astrid"
    one = "felix" if tenant == RESOURCE else "nora"
    return [Member("carla", SUPPORT), Member(one, tenant), Member(both, SUPPORT), Member(both, tenant)]


def _read(tenant: str) -> Step:
    return Step(ReadDiagnostics("t1", tenant), ENGINEER)


def name_of(actor: Actor | None) -> str:
    """Return the actor in short form: "carla@contoso"."""
    if isinstance(actor, Member):
        return f"{actor.person}@{actor.tenant}"
    return actor.id if actor else "nobody"
