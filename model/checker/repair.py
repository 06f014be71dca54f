"""Find the smallest changes of a policy after which every promise holds.

Few of the changed policies need a full check. Most are refuted by what is already known: an act that is impossible in
the simplest history, or a counterexample to another policy that also applies to this one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import combinations
from typing import Any

from model.checker.histories import Reached
from model.checker.promises import Counterexample, PromiseChecker
from model.checker.removal_privacy import RemovalPairs
from model.checker.report import SMALL, Report, check
from model.checker.small_world import ENGINEER, RESOURCE, SUPPORT, Bounds
from model.checker.state import State, Step
from model.checker.world import World
from model.commands import Command, OpenTicket, RequestAccess, Revoke
from model.decisions import decisions
from model.lifecycle import Side, Status
from model.policy import SETTINGS, Policy
from model.refusal import Refused
from model.settings import VisibilityTable

MOST_CHANGES = 3


@dataclass(frozen=True, slots=True)
class Change:
    """A setting with another value, or a flipped cell of the visibility table."""

    setting: str
    value: Any = None
    cell: tuple[Status, Side] | None = None

    @property
    def place(self) -> object:
        """Return what is changed: two changes of the same place are alternatives."""
        return self.setting, self.cell

    def applied(self, policy: Policy) -> Policy:
        """Return the policy with the change, without title and source."""
        changed: dict[str, Any] = {self.setting: self.value}
        if self.cell:
            changed = {self.setting: getattr(policy, self.setting) ^ {self.cell}}
        return replace(policy, title="", read_in="", **changed)


@dataclass(frozen=True, slots=True)
class Repair:
    """Changes after which every promise holds within the bounds, and the policy with them."""

    changes: tuple[Change, ...]
    policy: Policy


@dataclass(frozen=True, slots=True)
class Repairs:
    """All repairs with the fewest changes; none if the policy is safe, or if more than MOST_CHANGES are needed."""

    report: Report  # on the policy as it is
    found: tuple[Repair, ...]
    tried: int  # changed policies
    checked: int  # of these, how many needed a full check

    @property
    def fewest(self) -> int | None:
        """Return how many changes it takes: 0 if the policy is safe, None if more than MOST_CHANGES."""
        return 0 if self.report.safe else len(self.found[0].changes) if self.found else None


def repairs(policy: Policy | str, bounds: Bounds = SMALL) -> Repairs:
    """Find the smallest changes of the settings after which every promise holds within the bounds.

    Up to three settings or cells of the visibility table are changed, to the values that their declarations offer.
    `policy` is a Policy or the name of a preset. The small bounds answer in seconds; `check(repair.policy)` tells
    whether a repair holds within the default bounds, too.

    >>> from model import SOURCE_VISIBILITY, Policy, Side, Status
    >>> from model.checker import repairs
    >>> leaky = Policy(visibility=SOURCE_VISIBILITY | {(Status.REVOKED, Side.SUPPORT)})
    >>> [repair.policy == Policy() for repair in repairs(leaky).found]
    [True]
    """
    report = check(policy, bounds)
    if report.safe:
        return Repairs(report, (), 0, 0)
    search = _Search(bounds)
    search.learn(report)
    for size in range(1, MOST_CHANGES + 1):
        found = []
        for changes in combinations(changes_of(report.policy), size):
            if len({change.place for change in changes}) == size:
                changed = report.policy
                for change in changes:
                    changed = change.applied(changed)
                if search.is_safe(changed):
                    found.append(Repair(changes, changed))
        if found:
            return Repairs(report, tuple(found), search.tried, search.checked)
    return Repairs(report, (), search.tried, search.checked)


def changes_of(policy: Policy) -> Iterator[Change]:
    """Yield every single change of a policy, setting by setting."""
    for name, setting in SETTINGS.items():
        if isinstance(setting.kind, VisibilityTable):
            yield from (Change(name, cell=(status, side)) for status in Status for side in Side)
        else:
            yield from (Change(name, value) for value in setting.kind.others(getattr(policy, name)))


class _Search:
    """Check changed policies one by one, and learn from each report."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.tried = self.checked = 0
        self._known: dict[tuple[Step, ...], tuple[str, Counterexample]] = {}  # the latest to refute comes first

    def learn(self, report: Report) -> None:
        """Keep the counterexamples of a report, except those under a condition."""
        for found in report.promises:
            if found.counterexample and not found.condition:
                self._known.setdefault(_key(found.counterexample), (found.name, found.counterexample))

    def is_safe(self, policy: Policy) -> bool:
        """Return whether every promise holds; run the checker only if no known counterexample applies."""
        self.tried += 1
        world = World(policy, self.bounds)
        if not _everything_can_be_done(world) or self._is_refuted(world):
            return False
        self.checked += 1
        report = check(policy, self.bounds)
        self.learn(report)
        return report.safe

    def _is_refuted(self, world: World) -> bool:
        for key, (name, known) in self._known.items():
            if _refutes(world, name, known):
                self._known = {key: (name, known), **self._known}
                return True
        return False


def _key(known: Counterexample) -> tuple[Step, ...]:
    return (*known.history, *(known.difference.stays if known.difference else known.shows))


def _everything_can_be_done(world: World) -> bool:
    """Return whether the first request of a ticket can be approved, rejected, and removed once it is approved.

    A decision depends only on its own request and on whether the ticket is open, so what is impossible here is
    impossible in every history.
    """
    opened = _first_done(world, world.start, OpenTicket("Guests cannot sign in", engineer=ENGINEER.id))
    if opened is None:
        return False
    asked = world.do(opened, ENGINEER, RequestAccess("t1", RESOURCE)).to
    approve, reject, revoke = decisions("r1", world.policy)
    approved = _first_done(world, asked, approve)
    if approved and _status(approved) is Status.PENDING:  # the first of two approvals
        approved = _first_done(world, approved, approve)
    return bool(
        _first_done(world, asked, reject)
        and approved
        and _status(approved) is Status.APPROVED
        and _first_done(world, approved, revoke)
    )


def _status(state: State) -> Status | None:
    return state.case.requests[0].status if state.case else None


def _first_done(world: World, state: State, command: Command) -> State | None:
    """Return the state after the command of the first member who may give it, or None."""
    for member in world.members:
        if isinstance(command, OpenTicket) and member.tenant != SUPPORT:
            continue
        try:
            return world.do(state, member, command).to
        except Refused:
            continue
    return None


def _refutes(world: World, name: str, known: Counterexample) -> bool:
    """Return whether a counterexample to another policy also applies in this world."""
    pairs = RemovalPairs(world)
    if known.difference:
        removed, stays = (_played(world, story) for story in (known.difference.removed, known.difference.stays))
        return bool(removed and stays and pairs.tells(removed, stays))
    reached = _played(world, known.history)
    if reached is None:
        return False
    checker = PromiseChecker(world, pairs.observer)
    checker.check_state(reached)
    return name in checker.broken and not checker.conditions[name]


def _played(world: World, history: tuple[Step, ...]) -> Reached | None:
    """Return where a history leads in this world, or None if a removal is refused on the way.

    Other refused commands are skipped, as in the pairs of histories of `removal_privacy`.
    """
    reached = Reached(world.start)
    for step in history:
        try:
            if isinstance(step.command, timedelta):
                move = world.wait(reached.state, step.command)
            else:
                move = world.do(reached.state, step.actor, step.command)
        except Refused:
            if isinstance(step.command, Revoke):
                return None
            continue
        reached = Reached(move.to, reached, step, move.events, reached.depth + 1)
    return reached
