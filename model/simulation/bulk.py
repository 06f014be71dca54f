"""The fast engine: a block of tickets at once, as competing clocks.

From each status of the lifecycle every enabled row starts a clock, and the earliest one wins. The policy says which
rows are enabled. `model.simulation.step` does the same one command at a time; the tests require the same events of
both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from model.lifecycle import LIFECYCLE, Action, Side, Status, Transition, Whose
from model.policy import Approval, Policy
from model.rules import may_ask
from model.simulation.behaviour import Behaviour
from model.simulation.common_queue import decided_in_turn, queues
from model.simulation.draws import Block, Flags, Numbers, Places, Round
from model.simulation.hours import NEVER, Seconds, after_work, whole
from model.simulation.trace import (
    KIND,
    KINDS,
    STATUS,
    STATUSES,
    By,
    Codes,
    Events,
    Kind,
    Requests,
    Tickets,
    Trace,
    joined,
)

FIRST = (Action.EXPIRE, Action.LAPSE, Action.CANCEL, Action.COMPLETE, Action.APPROVE, Action.REJECT, Action.REVOKE)
"""If clocks stop in the same second, the first of these wins: what falls due, then the closing, then people."""
_END = np.array([STATUS[kind.end] if kind.end else -1 for kind in KINDS], np.int8)  # the status by code of kind
_OPEN, _CLOSE = KIND[Kind(Action.OPEN)], KIND[Kind(Action.CLOSE)]
_REQUEST = KIND[Kind(Action.REQUEST, None, Status.PENDING)]
_FIRST_OF_TWO = KIND[Kind(Action.APPROVE, Status.PENDING, Status.PENDING)]
_APPROVE = KIND[Kind(Action.APPROVE, Status.PENDING, Status.APPROVED)]
_REJECT = KIND[Kind(Action.REJECT, Status.PENDING, Status.REJECTED)]
_COMPLETE = KIND[Kind(Action.COMPLETE, Status.APPROVED, Status.COMPLETED)]
_AUTOMATED = {row.action for row in LIFECYCLE if row.whose in (Whose.TICKET_CLOSED, Whose.TIME)}
_IS_AUTOMATED = np.array([kind.action in _AUTOMATED for kind in KINDS])  # by code of kind


@dataclass(frozen=True, slots=True)
class Approvers:
    """Who decides and who removes access under a policy, by where they sign in; NOBODY if nobody can."""

    first: By
    second: By = By.NOBODY
    two: bool = False  # are two approvals needed?
    common: bool = False  # must they administer both tenants?
    remover: By = By.NOBODY

    @classmethod
    def under(cls, policy: Policy) -> "Approvers":
        """Return who acts: the administrator of each tenant, where the policy shows the request to them."""

        def signed_in(status: Status, side: Side, by: By) -> By:
            return by if policy.sees(status, side) else By.NOBODY

        support = signed_in(Status.PENDING, Side.SUPPORT, By.SUPPORT)
        resource = signed_in(Status.PENDING, Side.RESOURCE, By.RESOURCE)
        remover = signed_in(Status.APPROVED, Side.RESOURCE, By.RESOURCE)
        match policy.approval:
            case Approval.BOTH:
                return cls(support or resource, common=True, remover=remover)
            case Approval.EACH:
                return cls(support, resource, two=True, remover=remover)
            case Approval.RESOURCE:
                return cls(resource, remover=remover)

    def could_decide(self, common: Flags) -> Flags:
        """Return for which requests every approval could be given; `common`: where somebody administers both."""
        if not self.first or (self.two and not self.second):
            return np.zeros(len(common), np.bool_)
        return common if self.common else np.ones(len(common), np.bool_)


def run(block: Block, policy: Policy, behaviour: Behaviour) -> Trace:
    """Simulate a block of tickets, all at once, in columns."""
    return _BulkSimulation(block, policy, behaviour).trace()


@dataclass(slots=True)
class _Open:
    """Open tickets, each without access to the other tenant since some moment."""

    ticket: Places  # in the block
    row: Places  # in `Block.other`
    since: Seconds
    left: Numbers  # seconds of work that are left, at full speed
    closes: Seconds  # if access never comes

    def __getitem__(self, some: Places) -> "_Open":
        return _Open(self.ticket[some], self.row[some], self.since[some], self.left[some], self.closes[some])


class _BulkSimulation:
    """Columns of a block of tickets that are simulated together."""

    def __init__(self, block: Block, policy: Policy, behaviour: Behaviour) -> None:
        self.block, self.policy, self.behaviour = block, policy, behaviour
        self.approvers = who = Approvers.under(policy)
        self.in_turn: tuple[Seconds, Seconds] | None = None  # when a few administrators decide, by round
        if who.first and queues(policy, behaviour):
            self.in_turn = decided_in_turn(block, policy, behaviour, removable=bool(who.remover))
        self.may_ask = np.array([may_ask([status], policy) for status in STATUSES])  # by status of the request before
        self.events: list[Events] = []
        self.requests: list[Requests] = []

    def trace(self) -> Trace:
        """Return the trace of the tickets, from their opening to their closing."""
        block, other, slower = self.block, self.block.other, self.behaviour.slower_without_access
        begun = block.opened + block.ask
        closed = begun + whole(np.where(block.advanced, block.work, block.work * slower))
        at, left = begun[other.ticket], block.work[other.ticket]
        open_ = _Open(other.ticket, np.arange(len(at)), at.copy(), left, at + whole(left * slower))
        for number, wishes in enumerate(other.rounds, start=1):
            ended, status = self._request(number, wishes, open_, at)
            closed[open_.ticket] = open_.closes
            at = ended + other.ask_again[open_.row]
            again = np.flatnonzero(other.again[open_.row] & self.may_ask[status] & (at < open_.closes))
            open_, at = open_[again], at[again]
        places = np.arange(len(closed))
        self._happened(places, 0, _OPEN, By.SUPPORT, block.opened)
        self._happened(places, 0, _CLOSE, By.ENGINEER, closed)
        common = np.zeros(len(closed), np.bool_)
        common[other.ticket] = other.common
        tickets = Tickets(block.opened, closed, block.elsewhere, block.advanced, common)
        return Trace(tickets, joined(self.requests), joined(self.events))

    def _request(self, number: int, wishes: Round, open_: _Open, at: Seconds) -> tuple[Seconds, Codes]:
        """Request access; return when and in which status the requests end. Advance `open_` to that moment."""
        self._happened(open_.ticket, number, _REQUEST, By.ENGINEER, at)
        changed, kind = self._pending(number, wishes, open_, at)
        granted = np.flatnonzero(kind == _APPROVE)
        decided = np.where((kind == _APPROVE) | (kind == _REJECT), changed, NEVER)
        changed, kind = changed.copy(), kind.copy()  # the recorded events keep those of the approval
        changed[granted], kind[granted] = self._approved(number, wishes, open_, granted, changed[granted])
        status, numbers = _END[kind], np.full(len(at), number, np.int8)
        common = self.block.other.common[open_.row]
        ticket = self.block.first + open_.ticket
        self.requests.append(Requests(ticket, numbers, common, at, decided, status, changed))
        return changed, status

    def _pending(self, number: int, wishes: Round, open_: _Open, at: Seconds) -> tuple[Seconds, Codes]:
        """Return when the requests are no longer Pending, and by which kind of event."""
        who, row = self.approvers, open_.row
        clocks = {Action.CANCEL: open_.closes}
        if limit := self.policy.pending_expires_after:
            clocks[Action.EXPIRE] = at + _seconds(limit)
        if who.two:
            return self._two_keys(number, wishes, open_, at, clocks)
        if who.first:
            decides = self._decides(wishes, 0, row, at) if self.in_turn is None else self.in_turn[number - 1][row]
            rejects = wishes.rejects[0][row]
            clocks[Action.APPROVE] = np.where(rejects, NEVER, decides)
            clocks[Action.REJECT] = np.where(rejects, decides, NEVER)
        end, kind = _race(Status.PENDING, clocks)
        self._happened(open_.ticket, number, kind, np.where(_IS_AUTOMATED[kind], By.NOBODY, who.first), end)
        return end, kind

    def _two_keys(
        self, number: int, wishes: Round, open_: _Open, at: Seconds, clocks: dict[Action, Seconds]
    ) -> tuple[Seconds, Codes]:
        """Return the same as `_pending`, where both tenants have to approve and one rejection ends the request.

        If both act in the same second, the first approver comes first.
        """
        who, row = self.approvers, open_.row
        one, two = (self._decides(wishes, n, row, at) for n in (0, 1))
        rejects_one, rejects_two = (flags[row] for flags in wishes.rejects)
        rejected_one = np.where(rejects_one, one, NEVER)
        clocks[Action.REJECT] = np.minimum(rejected_one, np.where(rejects_two, two, NEVER))
        clocks[Action.APPROVE] = np.where(rejects_one | rejects_two, NEVER, np.maximum(one, two))
        end, kind = _race(Status.PENDING, clocks)
        by_one = np.where(kind == _REJECT, rejected_one == end, one > two)
        by = np.where(_IS_AUTOMATED[kind], By.NOBODY, np.where(by_one, who.first, who.second))
        first, one_first = np.minimum(one, two), one <= two
        approves = ~np.where(one_first, rejects_one, rejects_two)
        there = np.flatnonzero(approves & ((first < end) | ((first == end) & ~_IS_AUTOMATED[kind])))
        by_first = np.where(one_first, who.first, who.second)
        self._happened(open_.ticket[there], number, _FIRST_OF_TWO, by_first[there], first[there])
        self._happened(open_.ticket, number, kind, by, end)
        return end, kind

    def _decides(self, wishes: Round, approver: int, row: Places, at: Seconds) -> Seconds:
        """Return when one of the two approvers decides, unless something else happens first."""
        who = self.approvers
        if not (who.first, who.second)[approver]:
            return np.full(len(at), NEVER)
        decides = after_work(at, wishes.decide[approver][row], self.behaviour.approvers_work)
        return np.where(self.block.other.common[row], decides, NEVER) if who.common else decides

    def _approved(self, number: int, wishes: Round, open_: _Open, some: Places, at: Seconds) -> tuple[Seconds, Codes]:
        """Return when the access of some of the tickets ends, and by which kind of event.

        Advance `open_` to that moment.
        """
        slower, row = self.behaviour.slower_without_access, open_.row[some]
        left = open_.left[some] - (at - open_.since[some]) / slower
        clocks = {Action.COMPLETE: at + whole(left)}
        if limit := self.policy.grant_lasts:
            clocks[Action.LAPSE] = at + _seconds(limit)
        if self.approvers.remover:
            clocks[Action.REVOKE] = np.where(wishes.removes[row], at + wishes.remove[row], NEVER)
        end, kind = _race(Status.APPROVED, clocks)
        left -= end - at
        open_.since[some], open_.left[some] = end, left
        open_.closes[some] = np.where(kind == _COMPLETE, end, end + whole(left * slower))
        by = np.where(_IS_AUTOMATED[kind], By.NOBODY, self.approvers.remover)
        self._happened(open_.ticket[some], number, kind, by, end)
        return end, kind

    def _happened(self, ticket: Places, number: int, kind: Codes | np.int8, by: Codes | By, at: Seconds) -> None:
        of_request = np.full(len(at), number, np.int8)
        kinds = kind if isinstance(kind, np.ndarray) else np.full(len(at), kind, np.int8)
        whose = by.astype(np.int8) if isinstance(by, np.ndarray) else np.full(len(at), by, np.int8)
        self.events.append(Events(at, self.block.first + ticket, of_request, kinds, whose))


def _race(start: Status, clocks: Mapping[Action, Seconds]) -> tuple[Seconds, Codes]:
    """Return when the requests leave a status, and by which kind of event: the clock that stops first decides."""
    rows = sorted((row for row in LIFECYCLE if row.start is start and row.action in clocks), key=_place)
    kinds = [KIND[Kind(row.action, row.start, row.end)] for row in rows]
    end = clocks[rows[0].action]
    kind = np.full(len(end), kinds[0], np.int8)
    for row, other in zip(rows[1:], kinds[1:], strict=True):
        clock = clocks[row.action]
        np.putmask(kind, clock < end, other)
        end = np.minimum(end, clock)
    return end, kind


def _place(row: Transition) -> int:
    return FIRST.index(row.action)


def _seconds(limit: timedelta) -> int:
    return round(limit.total_seconds())
