"""Promises that each act of the lifecycle is possible: some history shows it, by a member who sees the request.

Without them, a policy under which nothing can happen would keep all other promises.
"""

from collections import Counter
from collections.abc import Mapping

from model import visibility
from model.checker import promise_names
from model.checker.histories import Reached
from model.checker.promise_names import CAN_APPROVE, CAN_EXPIRE, CAN_LAPSE, CAN_REJECT, CAN_REMOVE, promised_by
from model.checker.promises import Counterexample, potential_actors
from model.checker.small_world import DIRECTORY, NOW
from model.checker.state import Move, Step
from model.checker.world import World
from model.commands import Decision
from model.decisions import decisions
from model.directory import Member
from model.lifecycle import Action, Status

_ACTS: Mapping[tuple[Action, Status], str] = {
    (Action.APPROVE, Status.APPROVED): CAN_APPROVE,  # the first of two approvals leaves the request pending
    (Action.REJECT, Status.REJECTED): CAN_REJECT,
    (Action.REVOKE, Status.REVOKED): CAN_REMOVE,
    (Action.EXPIRE, Status.EXPIRED): CAN_EXPIRE,
    (Action.LAPSE, Status.COMPLETED): CAN_LAPSE,
}
_FROM: Mapping[str, Status] = {
    CAN_APPROVE: Status.PENDING,
    CAN_REJECT: Status.PENDING,
    CAN_REMOVE: Status.APPROVED,
    CAN_EXPIRE: Status.PENDING,
    CAN_LAPSE: Status.APPROVED,
}
_WRONG: Mapping[str, str] = {
    CAN_APPROVE: "nobody who sees {} can ever approve it",
    CAN_REJECT: "nobody who sees {} can ever reject it",
    CAN_REMOVE: "nobody who sees {} can ever remove it",
    CAN_EXPIRE: "{} never expires",
    CAN_LAPSE: "{} never lapses",
}


class PossibleActs:
    """Record which acts were done, and where each would first have been possible.

    `done` counts the moves for each promise. An act counts only if it is automated or its actor sees the request.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.done = Counter[str]()
        self._first: dict[Status, tuple[Reached, str]] = {}  # a shortest history to a request of this status

    def note_move(self, here: Reached, _: Step, move: Move) -> None:
        """Record the acts of a move."""
        for event in move.events:
            name = _ACTS.get((event.action, event.to_status)) if event.to_status else None
            if name and (event.actor is None or self._sees(here, event.actor, event.request_id or "")):
                self.done[name] += 1

    def note_state(self, here: Reached) -> None:
        """Record the statuses that requests have in a state."""
        for request in here.state.case.requests if here.state.case else ():
            self._first.setdefault(request.status, (here, request.id))

    def broken(self) -> dict[str, Counterexample]:
        """Return, for each act that was never done, where it should first have been possible."""
        never = [name for name in promised_by(self.world.policy) if name in _FROM and not self.done[name]]
        return {name: self._explained(name) for name in never if _FROM[name] in self._first}

    def _explained(self, name: str) -> Counterexample:
        """Return the shortest history after which the act should be possible, with every attempt at it."""
        reached, request_id = self._first[_FROM[name]]
        case = reached.state.case
        request = case.request(request_id) if case else None
        assert request
        wrong, decide = _WRONG[name].format(request_id), decisions(request_id, self.world.policy)
        command: Decision | None = None
        match name:
            case promise_names.CAN_APPROVE:
                command = decide.approve
            case promise_names.CAN_REJECT:
                command = decide.reject
            case promise_names.CAN_REMOVE:
                command = decide.revoke
        if command:
            shows = tuple(Step(command, member) for member in potential_actors(request.resource_tenant))
        else:
            shows = (Step(request.due_at - NOW),) if request.due_at and request.due_at > NOW else ()
        return Counterexample(reached.history, wrong, shows)

    def _sees(self, here: Reached, actor: object, request_id: str) -> bool:
        """Return whether the actor is a member who sees the request before acting on it."""
        case = here.state.case
        request = case.request(request_id) if case else None
        if case is None or request is None or not isinstance(actor, Member):
            return False
        seen = visibility.request_as_seen(case, request, actor, DIRECTORY, self.world.policy)
        return seen is not None
