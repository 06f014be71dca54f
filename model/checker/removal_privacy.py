"""Removal is private: two histories that differ only in removals must look the same to the support request tenant.

Both are walked through at once. Each pair begins where access is removed in one history and not in the other; from then
on everybody does the same in both, further removals may come in either, and what the rules make impossible in one of
them does not happen there. After each step all that a member of the support request tenant can obtain is compared.

Source: "To preserve cross-tenant privacy, an administrator of the *support request tenant* is unable to see whether an
administrator of the *resource tenant* has manually removed this approval."
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from heapq import heappop, heappush
from itertools import count
from typing import Any, NamedTuple

from model import visibility
from model.case import Case, Event
from model.checker.histories import Act, Graph, Move, State, World
from model.checker.small_world import AUDITOR, DIRECTORY, ENGINEER, NOW, RESOURCE, SUPPORT
from model.commands import CloseTicket, Command, RequestAccess, Revoke
from model.decisions import decisions
from model.directory import Actor, Member
from model.refusal import Refused

ASK, CLOSE = RequestAccess("t1", RESOURCE), CloseTicket("t1")
_READERS = tuple(Member(person, SUPPORT) for person in ("carla", "adele"))
"""Administrators of the support request tenant: of it alone, and of both tenants."""
_AUDITOR = Member(AUDITOR, SUPPORT)


class Sight(NamedTuple):
    """One thing that can be obtained: by whom, what, and what it is; where it is an answer, to which command."""

    who: Actor
    what: str
    found: object
    asked: Command | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """The first thing that tells two histories apart, and the histories: with a removal and without it.

    `asked`: where the thing is an answer, the command that it is an answer to.
    """

    removed: tuple[Act, ...]
    stays: tuple[Act, ...]
    viewer: Actor
    what: str
    with_removal: str
    without: str
    asked: Command | None = None


@dataclass(frozen=True, slots=True)
class _Pair:
    removed: State
    stays: State
    removed_so_far: tuple[Act, ...]
    stays_so_far: tuple[Act, ...]
    removed_log: tuple[Event, ...]
    stays_log: tuple[Event, ...]


class RemovalPairs:
    """Pairs of histories that differ only in removals. `pairs` counts the pairs of states that were compared."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.pairs = 0
        self.low = [member for member in world.members if member.tenant == SUPPORT]
        self.names = [f"r{n}" for n in range(1, world.bounds.requests + 1)]  # of all requests that there can be
        self._answers: dict[object, tuple[Sight, ...]] = {}

    def first_difference(self, graph: Graph) -> Difference | None:
        """Return the difference that the fewest steps lead to; None if no removal shows."""
        world, order = self.world, count()
        queue: list[tuple[int, int, _Pair | Difference]] = []
        known: set[object] = set()

        def meet(depth: int, met: _Pair | Difference) -> None:
            if isinstance(met, _Pair):
                canonical_key = world.canonical_key(met.removed), world.canonical_key(met.stays)
                if canonical_key in known:
                    return
                known.add(canonical_key)
            heappush(queue, (depth, next(order), met))

        for reached in graph.reached:
            begins = _Pair(reached.state, reached.state, reached.history, reached.history, reached.log, reached.log)
            for (actor, command), _ in world.labels(reached.state):
                if isinstance(command, Revoke):
                    move = world.act(reached.state, actor, command)
                    meet(reached.depth + 1, self._both(begins, Act(command, actor), move, None))
        heard: Difference | None = None  # that only the engineer could tell
        while queue:
            depth, _, met = heappop(queue)
            if isinstance(met, Difference):
                return met
            self.pairs += 1
            if found := self._compared(met):
                if isinstance(found.viewer, Member):
                    return found
                heard = heard or found
            for following in self._next(met):
                meet(depth + 1, following)
        return heard

    def _compared(self, pair: _Pair) -> Difference | None:
        if pair.removed == pair.stays:
            return None
        beside = _beside(pair.stays)
        for removed, stays in (
            (self.seen(pair.removed, beside), self.seen(pair.stays, beside)),
            (self.audit(pair.removed, pair.removed_log), self.audit(pair.stays, pair.stays_log)),
            (self.answers(pair.removed), self.answers(pair.stays)),
        ):
            for one, other in zip(removed, stays, strict=True):
                if one != other:
                    found = in_words(one.found, other.found)
                    return Difference(pair.removed_so_far, pair.stays_so_far, one.who, one.what, *found, one.asked)
        return None

    def _next(self, pair: _Pair) -> Iterator[_Pair | Difference]:
        """Yield the pairs that follow: everybody does the same in both, and a removal may also happen in one alone."""
        world = self.world
        labels = dict.fromkeys(label for state in (pair.removed, pair.stays) for label, _ in world.labels(state))
        for actor, command in labels:
            act = Act(command, actor)
            moves = [self._tried(state, actor, command) for state in (pair.removed, pair.stays)]
            yield self._both(pair, act, moves[0], moves[1])
            if isinstance(command, Revoke):
                for one, other in ((moves[0], None), (None, moves[1])):
                    if one or other:
                        yield self._both(pair, act, one, other)
        for length in sorted({length for state in (pair.removed, pair.stays) for length in world.steps(state)}):
            moves_on = [world.wait(state, length) for state in (pair.removed, pair.stays)]
            yield self._both(pair, Act(length), moves_on[0], moves_on[1])

    def _tried(self, state: State, actor: Actor | None, command: Command) -> Move | None:
        try:
            return self.world.act(state, actor, command)
        except Refused:
            return None

    def _both(self, pair: _Pair, act: Act, one: Move | None, other: Move | None) -> _Pair | Difference:
        removed = (*pair.removed_so_far, act) if one or not isinstance(act.command, Revoke) else pair.removed_so_far
        stays = (*pair.stays_so_far, act) if other or not isinstance(act.command, Revoke) else pair.stays_so_far
        pair = _Pair(
            one.to if one else pair.removed,
            other.to if other else pair.stays,
            removed,
            stays,
            pair.removed_log + (one.events if one else ()),
            pair.stays_log + (other.events if other else ()),
        )
        logged = self._audit(one, other, removed, stays)
        seen = self._compared(pair) if logged else None  # on a page: then that is what is shown
        return seen if seen and isinstance(seen.viewer, Member) else logged or pair

    # What the support request tenant can obtain.

    def _audit(
        self, one: Move | None, other: Move | None, removed: tuple[Act, ...], stays: tuple[Act, ...]
    ) -> Difference | None:
        """Return the difference that an act makes in the audit log of the support request tenant."""
        lines = [self.logged(move) if move else [] for move in (one, other)]
        if lines[0] == lines[1]:
            return None
        return Difference(removed, stays, _AUDITOR, "the audit log's new lines", *in_words(*lines))

    @staticmethod
    def logged(move: Move, reader: Member = _AUDITOR) -> list[visibility.AuditEntry]:
        """Return the lines that a move adds to the audit log of the reader's tenant, if the reader may read it."""
        assert move.to.case
        events: tuple[Event, ...] = move.events
        return visibility.audit_log(events, {"t1": move.to.case}, reader, DIRECTORY)

    def audit(self, state: State, log: tuple[Event, ...]) -> list[Sight]:
        """Return the whole audit log: what it says of earlier times must not change either."""
        assert state.case
        return [Sight(_AUDITOR, "the audit log", visibility.audit_log(log, {"t1": state.case}, _AUDITOR, DIRECTORY))]

    def seen(self, state: State, beside: Case) -> Iterator[Sight]:
        """Yield what is on the pages of members of the support request tenant, which has another ticket besides."""
        assert state.case
        policy, cases = self.world.policy, [state.case, beside]
        for reader in _READERS:
            for what, rows in (
                ("Pending requests", visibility.pending(cases, reader, DIRECTORY, policy)),
                ("Approved access", visibility.approved_access(cases, reader, DIRECTORY, policy, NOW)),
                ("Support requests", visibility.tickets(cases, reader, DIRECTORY)),
            ):
                yield Sight(reader, what, [row for row in rows if row.ticket_id == "t1"])
                yield Sight(reader, f"{what}, beside another ticket", rows)
            for name in self.names:
                yield Sight(reader, f"the details of {name}", self.details(state, name, reader))

    def details(self, state: State, name: str, reader: Member) -> visibility.SeenRequest | None:
        """Return an access request as the reader sees it; None if it is hidden."""
        request = state.case.request(name) if state.case else None
        if state.case is None or request is None:
            return None
        return visibility.request_as_seen(state.case, request, reader, DIRECTORY, self.world.policy)

    def answers(self, state: State) -> tuple[Sight, ...]:
        """Return the answer to everything that a member could ask, and to the engineer who asks for access."""
        canonical_key = self.world.canonical_key(state)
        if canonical_key not in self._answers:
            self._answers[canonical_key] = tuple(self._told(state))
        return self._answers[canonical_key]

    def _told(self, state: State) -> Iterator[Sight]:
        commands = [command for name in self.names for command in decisions(name, self.world.policy)]
        asked: list[tuple[Actor, Command]] = [(m, command) for command in (CLOSE, *commands) for m in self.low]
        for actor, command in (*asked, (ENGINEER, CLOSE), (ENGINEER, ASK)):
            about = getattr(command, "request_id", "")
            yield Sight(actor, f"{type(command).__name__} {about}".strip(), self.answer(state, actor, command), command)

    def answer(self, state: State, actor: Actor, command: Command) -> str:
        """Return the answer in the words that the actor is told."""
        try:
            first = self.world.ask(state, actor, command)[0]
        except Refused as refused:
            return f"{refused.code}: {refused.sentence}"
        return f"carried out: {first.action} {first.request_id or first.ticket_id}"


def _beside(state: State) -> Case:
    """Return a copy of the case as a second ticket: in lists that hold both, an order or a count could tell."""
    assert state.case
    requests = tuple(replace(request, id=f"s{request.id[1:]}") for request in state.case.requests)
    return replace(state.case, ticket_id="t2", requests=requests)


def in_words(one: object, other: object) -> tuple[str, str]:
    """Return two different findings in words that differ, too."""
    rows = _rows(one), _rows(other)
    short = tuple(", ".join(map(in_short, found)) or "nothing" for found in rows)
    if short[0] != short[1]:
        return short[0], short[1]
    for pair in zip(*rows, strict=True):
        for field in fields(pair[0]) if pair[0] != pair[1] and not isinstance(pair[0], str) else ():
            values = [getattr(row, field.name) for row in pair]
            if values[0] != values[1]:
                told = [f"{in_short(pair[0])}, {field.name.replace('_', ' ')} {value}" for value in values]
                return told[0], told[1]
    return str(one), str(other)


def _rows(found: object) -> list[Any]:
    return found if isinstance(found, list) else [] if found is None else [found]


def in_short(row: object) -> str:
    """Return a row of a list in a few words."""
    match row:
        case visibility.SeenRequest():
            return f"{row.request_id} {row.status}"
        case visibility.SeenTicket():
            return f"{row.ticket_id} {row.status}"
        case visibility.AuditEntry():
            return f"{row.activity} ({row.request_id}, {row.actor})"
        case _:
            return str(row)
