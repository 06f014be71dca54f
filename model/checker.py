"""Is a policy safe? Every history of a small world is tried, and each property holds or a shortest history breaks it.

The real `decide`, `evolve` and visibility are asked; the checker only keeps its own account of consent.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from model import visibility
from model.case import Request
from model.commands import Approve, Command, ReadDiagnostics, Reject, Revoke
from model.directory import Actor, Member
from model.exploration import (
    ANOTHER_ENGINEER,
    AUDITOR,
    DIRECTORY,
    ENGINEER,
    NOW,
    OUTSIDER,
    RESOURCE,
    SUPPORT,
    Act,
    Bounds,
    Move,
    Reached,
    State,
    World,
    explore,
    stranger,
)
from model.lifecycle import FINAL, Status
from model.noninterference import ASK, CLOSE, Difference, Twins
from model.policy import Policy
from model.refusal import Refused

DEFAULT = Bounds()
SMALL = Bounds(tickets=1, requests=2, ticks=1, everybody=False)
"""For a page: an answer at once."""


@dataclass(frozen=True, slots=True)
class Counterexample:
    """The shortest history that breaks a property, and what is wrong at its end; for a removal that shows, both."""

    history: tuple[Act, ...]
    wrong: str
    difference: Difference | None = None


@dataclass(frozen=True, slots=True)
class Property:
    """A promise: its name, a sentence that says it, and whether every history keeps it.

    `condition`: where it holds only under a condition, in which case it is broken.
    """

    name: str
    sentence: str
    holds: bool
    counterexample: Counterexample | None = None
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked, how thoroughly, and what came of it."""

    policy: Policy
    bounds: Bounds
    properties: tuple[Property, ...]
    explored: int  # states of one ticket that were walked through
    pairs: int  # of states that were compared for the privacy of removals
    by_symmetry: int  # states of one ticket, if members with the same permissions were told apart
    represented: int  # states of all tickets together
    transitions: int
    depth: int  # steps of the longest of the shortest histories
    seconds: float | None = None

    @property
    def safe(self) -> bool:
        """Do all hold, conditions aside?"""
        return all(found.holds or found.condition for found in self.properties)

    def __getitem__(self, name: str) -> Property:
        return next(found for found in self.properties if found.name == name)


SENTENCES = {
    "Only with consent": "The engineer reads a tenant's data only while a valid approval stands.",
    "Ends with the ticket": "When the support request is closed, the engineer can read no more, at once and for good.",
    "Ends with removal": "When access is removed, the engineer can read no more, at once and for good.",
    "Final is final": "A request that is Rejected, Revoked, Completed, Canceled or Expired never changes again.",
    "Removal is private": "The support request tenant cannot tell whether access was removed.",
    "Strangers see nothing": "Who has no part in a request, or not the permission, sees nothing of it.",
    "Every live grant can be removed": "Every live grant is seen by somebody who can remove it.",
    "Every request can be decided": "Every pending request can be decided by somebody, or ends by itself.",
    "A jump equals its steps": "It makes no difference whether the clock jumps or goes step by step.",
}
STRANGERS = tuple(
    Member(person, tenant)
    for tenant, people in ((SUPPORT, ("nils", "fritz")), (RESOURCE, ("nils", "cato")), (OUTSIDER, ("nils", "amal")))
    for person in people
)
"""Of all who have no part: those who hold no permission, and those who hold every one that does not count there."""
READ = ReadDiagnostics("t1", RESOURCE)
NOBODY_IN_BOTH = "where nobody administers both tenants"


def check(policy: Policy, bounds: Bounds = DEFAULT, *, clock: Callable[[], float] | None = None) -> Report:
    """Tries every history within the bounds. `clock` gives seconds, for the report's."""
    begun = clock() if clock else 0.0
    world = World(policy, bounds)
    twins = Twins(world)
    checks = _Checks(world, twins)
    graph = explore(world, checks.move)
    for reached in graph.reached:
        checks.state(reached)
    difference = twins.first_difference(graph)
    if difference:
        wrong = f"{difference.what}: {difference.with_removal} with the removal, {difference.without} without it"
        checks.broken["Removal is private"] = Counterexample(difference.removed, wrong, difference)
    properties = tuple(
        Property(
            name,
            sentence,
            holds=name not in checks.broken,
            counterexample=checks.broken.get(name),
            condition=checks.conditions.get(name, ""),
        )
        for name, sentence in SENTENCES.items()
    )
    weights = Counter[int]()
    for reached in graph.reached:
        weights[len(reached.state.case.requests) if reached.state.case else 0] += reached.weight
    return Report(
        policy=policy,
        bounds=bounds,
        properties=properties,
        explored=len(graph.reached),
        pairs=twins.pairs,
        by_symmetry=weights.total(),
        represented=_together(weights, bounds),
        transitions=graph.transitions,
        depth=max(reached.depth for reached in graph.reached),
        seconds=clock() - begun if clock else None,
    )


def _together(weights: Counter[int], bounds: Bounds) -> int:
    """States of all tickets: of two, each pair whose requests are within the bounds, in either order counted once."""
    if bounds.tickets == 1:
        return weights.total()
    pairs = sum(weights[n] * weights[m] for n in weights for m in weights if n + m <= bounds.requests)
    alike = sum(weights[n] for n in weights if 2 * n <= bounds.requests)
    return (pairs + alike) // 2


class _Checks:
    """Looks at every move and every state, and keeps the first history that breaks each property."""

    def __init__(self, world: World, twins: Twins) -> None:
        self.world, self.twins = world, twins
        self._told: dict[object, str] = {}
        self.broken: dict[str, Counterexample] = {}
        self.conditions: dict[str, str] = {}

    def fails(self, name: str, history: tuple[Act, ...], wrong: str, condition: str = "") -> None:
        """Keeps the shortest of the property; one without a condition counts more."""
        kept = self.broken.get(name)
        if not kept or (bool(condition), len(history)) < (bool(self.conditions[name]), len(kept.history)):
            self.broken[name] = Counterexample(history, wrong)
            self.conditions[name] = condition

    def move(self, here: Reached, act: Act, move: Move) -> None:
        """Looks at what an act, or time, did."""
        if here.state.case and move.to.case:
            for before, after in zip(here.state.case.requests, move.to.case.requests, strict=False):
                if before.status in FINAL and after.status is not before.status:
                    wrong = f"{before.id} was {before.status} and is {after.status}"
                    self.fails("Final is final", (*here.history, act), wrong)
        if isinstance(act.actor, Member) and stranger(act.actor):
            self.fails("Strangers see nothing", (*here.history, act), f"{name_of(act.actor)} is obeyed")
        if move.events and self.twins.logged(move, Member(AUDITOR, OUTSIDER)):
            self.fails("Strangers see nothing", (*here.history, act), "the outsider logs something of it")
        for member in STRANGERS if move.events else ():
            if self.twins.logged(move, member):
                self.fails("Strangers see nothing", (*here.history, act), f"{name_of(member)} reads the audit log")

    def state(self, here: Reached) -> None:
        """Looks at what stands, and at what everybody is told."""
        state, history = here.state, here.history
        if state.case is None:
            return
        live = self.reads(state, RESOURCE)
        if live and not state.account.stands:
            self._reads_without_consent(state, history)
        if self.reads(state, OUTSIDER):
            self.fails("Only with consent", history, "the engineer reads the data of the outsider")
        for allowed in (True, False):  # what was chosen when the ticket was opened makes no other difference
            chosen = state._replace(case=replace(state.case, advanced_diagnostics=allowed))
            if self.reads(chosen, SUPPORT) and not (allowed and state.case.closed_at is None):
                self.fails("Only with consent", history, "the engineer reads the support request tenant's data unasked")
        if live:
            self._removable(state, history)
        self._decidable(state, history)
        self._strangers(state, history)
        self._jumps(state, history)

    def reads(self, state: State, tenant: str) -> bool:
        """May the engineer read the tenant's data now?"""
        try:
            return bool(self.world.ask(state, ENGINEER, ReadDiagnostics("t1", tenant)))
        except Refused:
            return False

    def _reads_without_consent(self, state: State, history: tuple[Act, ...]) -> None:
        if state.case and state.case.closed_at:
            self.fails("Ends with the ticket", history, "the ticket is closed, and the engineer can still read")
        elif state.account.removed:
            self.fails("Ends with removal", history, "access was removed, and the engineer can still read")
        else:
            self.fails("Only with consent", history, "the engineer can read, and no valid approval stands")

    def _removable(self, state: State, history: tuple[Act, ...]) -> None:
        name, wrong = "Every live grant can be removed", "nobody who sees the live grant can remove it"
        removers = [member for member in self.world.members if self._can_remove(state, member)]
        if not removers:
            self.fails(name, history, wrong)
        elif all(map(_in_both, removers)):
            self.fails(name, history, wrong, NOBODY_IN_BOTH)

    def _can_remove(self, state: State, member: Member) -> bool:
        assert state.case
        seen = visibility.approved_access([state.case], member, DIRECTORY, self.world.policy, NOW)
        live = [row.request_id for row in seen if row.status is Status.APPROVED]
        return any(self._accepted(state, member, Revoke(request)) for request in live)

    def _decidable(self, state: State, history: tuple[Act, ...]) -> None:
        assert state.case
        name = "Every request can be decided"
        for request in state.case.requests:
            if request.status is not Status.PENDING or self._ends(state, request):
                continue
            deciders = [
                member
                for member in self.world.members
                if any(self._accepted(state, member, decision(request.id)) for decision in (Approve, Reject))
            ]
            wrong = f"nobody can decide on {request.id}, and it never ends by itself"
            if not deciders:
                self.fails(name, history, wrong)
            elif all(map(_in_both, deciders)):
                self.fails(name, history, wrong, NOBODY_IN_BOTH)

    def _ends(self, state: State, request: Request) -> bool:
        """Does the pending request end by itself when it is due?"""
        case = self.world.wait(state, request.due_at - NOW).to.case if request.due_at else None
        after = case.request(request.id) if case else None
        return after is not None and after.status is not Status.PENDING

    def _accepted(self, state: State, member: Member, command: Command) -> bool:
        try:
            return bool(self.world.ask(state, member, command))
        except Refused:
            return False

    def _strangers(self, state: State, history: tuple[Act, ...]) -> None:
        assert state.case
        policy, cases = self.world.policy, [state.case]
        for member in STRANGERS:
            lists = (
                visibility.pending(cases, member, DIRECTORY, policy),
                visibility.approved_access(cases, member, DIRECTORY, policy, NOW),
                visibility.tickets(cases, member, DIRECTORY),
                [r.id for r in state.case.requests if self.twins.details(state, r.id, member)],
            )
            if any(lists):
                self.fails("Strangers see nothing", history, f"{name_of(member)} sees {lists}")
        everybody: tuple[Actor, ...] = (*STRANGERS, ANOTHER_ENGINEER)
        for actor in everybody:
            for command in (CLOSE, ASK, READ, *self.world.decisions(state)):
                told = self.twins.answer(state, actor, command)
                if told != self._unknown(actor, command):
                    self.fails("Strangers see nothing", history, f"{name_of(actor)} is told {told!r}")

    def _unknown(self, actor: Actor, command: Command) -> str:
        """What the actor is told about what does not exist."""
        key = actor, type(command)
        if key not in self._told:
            self._told[key] = self.twins.answer(self.world.start, actor, command)
        return self._told[key]

    def _jumps(self, state: State, history: tuple[Act, ...]) -> None:
        """Over the next three moments that matter: the last one at once, or all of them in turn."""
        length, there = timedelta(), state
        for _ in range(3):
            ahead = self.world.next_moment(there)
            if ahead is None:
                return
            length, there = length + ahead, self.world.wait(there, ahead).to
            jumped = self.world.wait(state, length).to
            if jumped.case != there.case:
                self.fails("A jump equals its steps", (*history, Act(length)), f"{jumped.case} instead of {there.case}")


def _in_both(member: Member) -> bool:
    return all(DIRECTORY.administers(member.person, tenant) for tenant in (SUPPORT, RESOURCE))


def name_of(actor: Actor | None) -> str:
    """Who it is, in short: "carla@contoso"."""
    if isinstance(actor, Member):
        return f"{actor.person}@{actor.tenant}"
    return actor.id if actor else "nobody"
