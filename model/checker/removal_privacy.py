"""Removal is private: two histories that differ only in removals must look the same to the support request tenant.

Both are explored together. Each pair begins where access is removed in one history and not in the other. From then on
everybody does the same in both; further removals may happen in either, and a command that the rules refuse in one
history is skipped there. After each step, everything that a member of the support request tenant can observe is
compared.

Source: "To preserve cross-tenant privacy, an administrator of the *support request tenant* is unable to see whether an
administrator of the *resource tenant* has manually removed this approval."
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import count

from model.case import Case, Event
from model.checker.histories import Graph, Reached
from model.checker.observations import AUDIT_READER, Observer, describe_difference
from model.checker.small_world import NOW
from model.checker.state import Attempt, Move, State, Step
from model.checker.world import World
from model.commands import Command, Revoke
from model.directory import Actor, Member
from model.refusal import Refused


@dataclass(frozen=True, slots=True)
class Difference:
    """The first observation that tells two histories apart, and the histories: with a removal and without it.

    `asked` is the command, if the observation is the answer to one.
    """

    removed: tuple[Step, ...]
    stays: tuple[Step, ...]
    viewer: Actor
    what: str
    with_removal: str
    without: str
    asked: Command | None = None


@dataclass(frozen=True, slots=True)
class _Pair:
    removed: State
    stays: State
    removed_so_far: tuple[Step, ...]
    stays_so_far: tuple[Step, ...]
    removed_log: tuple[Event, ...]
    stays_log: tuple[Event, ...]


class RemovalPairs:
    """Pairs of histories that differ only in removals. `pairs` counts the pairs of states that were compared."""

    def __init__(self, world: World) -> None:
        self.world, self.observer = world, Observer(world)
        self.pairs = 0

    def first_difference(self, graph: Graph) -> Difference | None:
        """Return a difference after the fewest steps; None if no removal can be noticed."""
        world, order = self.world, count()
        queue: list[tuple[int, int, _Pair | Difference]] = []
        known: set[object] = set()

        def enqueue(depth: int, found: _Pair | Difference) -> None:
            if isinstance(found, _Pair):
                canonical_key = (
                    world.canonical_key(found.removed),
                    world.canonical_key(found.stays),
                    self._order_of_changes(found),
                )
                if canonical_key in known:
                    return
                known.add(canonical_key)
            heappush(queue, (depth, next(order), found))

        for reached in graph.reached:
            both = _Pair(reached.state, reached.state, reached.history, reached.history, reached.log, reached.log)
            for (actor, command), _ in world.possible_attempts(reached.state):
                if isinstance(command, Revoke):
                    move = world.do(reached.state, actor, command)
                    enqueue(reached.depth + 1, self._after(both, Step(command, actor), move, None))
        only_to_the_engineer: Difference | None = None  # used if no member notices any
        while queue:
            depth, _, nearest = heappop(queue)
            if isinstance(nearest, Difference):
                return nearest
            self.pairs += 1
            if found := self._difference(nearest):
                if isinstance(found.viewer, Member):
                    return found
                only_to_the_engineer = only_to_the_engineer or found
            for following in self._following(nearest):
                enqueue(depth + 1, following)
        return only_to_the_engineer

    def tells(self, removed: Reached, stays: Reached) -> bool:
        """Return whether a member can tell a history with a removal from the same one without it, at their ends."""
        logs = removed.log, stays.log
        return self._difference(_Pair(removed.state, stays.state, removed.history, stays.history, *logs)) is not None

    @staticmethod
    def _order_of_changes(pair: _Pair) -> tuple[object, ...]:
        """Return, per request whose last changes differ, which is later and whether the one with the removal is now.

        Even hidden changes might show by their order. The key of a single state leaves this out: it has no other
        history to compare with.
        """
        assert pair.removed.case and pair.stays.case
        requests = zip(pair.removed.case.requests, pair.stays.case.requests, strict=False)
        changes = ((one.changed_at, other.changed_at) for one, other in requests)
        return tuple(one != other and (one > other, one == NOW) for one, other in changes)

    def _difference(self, pair: _Pair) -> Difference | None:
        """Return the first observation that tells the two states apart; None if nothing does."""
        if pair.removed == pair.stays:
            return None
        observer, other_ticket = self.observer, _second_ticket(pair.stays)
        for removed, stays in (
            (observer.pages(pair.removed, other_ticket), observer.pages(pair.stays, other_ticket)),
            (observer.audit_log(pair.removed, pair.removed_log), observer.audit_log(pair.stays, pair.stays_log)),
            (observer.answers(pair.removed), observer.answers(pair.stays)),
        ):
            for one, other in zip(removed, stays, strict=True):
                if one != other:
                    found = describe_difference(one.found, other.found)
                    return Difference(pair.removed_so_far, pair.stays_so_far, one.viewer, one.what, *found, one.asked)
        return None

    def _following(self, pair: _Pair) -> Iterator[_Pair | Difference]:
        """Yield the pairs that follow: everybody does the same in both, and a removal may also happen in one alone."""
        world = self.world
        states = pair.removed, pair.stays
        attempts = dict.fromkeys(attempt for state in states for attempt, _ in world.possible_attempts(state))
        for actor, command in attempts:
            step = Step(command, actor)
            moves = [self._try(state, (actor, command)) for state in states]
            yield self._after(pair, step, moves[0], moves[1])
            if isinstance(command, Revoke):
                for one, other in ((moves[0], None), (None, moves[1])):
                    if one or other:
                        yield self._after(pair, step, one, other)
        for length in sorted({length for state in states for length in world.waits(state)}):
            waits = [world.wait(state, length) for state in states]
            yield self._after(pair, Step(length), waits[0], waits[1])

    def _try(self, state: State, attempt: Attempt) -> Move | None:
        """Return the move, or None if the rules refuse it."""
        try:
            return self.world.do(state, *attempt)
        except Refused:
            return None

    def _after(self, pair: _Pair, step: Step, one: Move | None, other: Move | None) -> _Pair | Difference:
        """Return the pair after a step that is taken in one history or both, or the difference that it reveals."""
        removed = (*pair.removed_so_far, step) if one or not isinstance(step.command, Revoke) else pair.removed_so_far
        stays = (*pair.stays_so_far, step) if other or not isinstance(step.command, Revoke) else pair.stays_so_far
        pair = _Pair(
            one.to if one else pair.removed,
            other.to if other else pair.stays,
            removed,
            stays,
            pair.removed_log + (one.events if one else ()),
            pair.stays_log + (other.events if other else ()),
        )
        logged = self._logged_difference(one, other, removed, stays)
        seen = self._difference(pair) if logged else None  # a difference on a page says more
        return seen if seen and isinstance(seen.viewer, Member) else logged or pair

    def _logged_difference(
        self, one: Move | None, other: Move | None, removed: tuple[Step, ...], stays: tuple[Step, ...]
    ) -> Difference | None:
        """Return the difference that a step makes in the new lines of the support request tenant's audit log."""
        lines = [self.observer.new_audit_lines(move) if move else [] for move in (one, other)]
        if lines[0] == lines[1]:
            return None
        return Difference(removed, stays, AUDIT_READER, "the audit log's new lines", *describe_difference(*lines))


def _second_ticket(state: State) -> Case:
    """Return a copy of the case as a second ticket: in lists with both, an order or a count might reveal a removal."""
    assert state.case
    requests = tuple(replace(request, id=f"s{request.id[1:]}") for request in state.case.requests)
    return replace(state.case, ticket_id="t2", requests=requests)
