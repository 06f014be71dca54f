"""Compute the queue for a few administrators of both tenants, in one pass over the requests as they come.

Requests are served first come, first served; those of the same second in the order of their tickets. Each administrator
works on one request at a time, for as long as the decision takes. A request that is canceled or expires leaves the
queue, or frees its administrator, in that second. `model.simulation.step` defines the same event by event; the tests
require the same seconds of both.
"""

from collections.abc import Sequence
from datetime import timedelta
from heapq import heapify, heappop, heappush, heapreplace
from math import ceil
from typing import Any

import numpy as np

from model.lifecycle import Status
from model.policy import Approval, Policy
from model.rules import may_ask
from model.simulation.behaviour import Behaviour, WorkingHours
from model.simulation.draws import Block, Elsewhere, Round
from model.simulation.hours import NEVER, Seconds, after_work

_NEVER = int(NEVER)


def joined_blocks(blocks: Sequence[Block]) -> Block:
    """Join all blocks of a run, from the first one on, into one."""
    first, others = blocks[0], [block.other for block in blocks]
    begins = np.cumsum([0, *(len(block.opened) for block in blocks[:-1])])
    ticket = [other.ticket + begin for other, begin in zip(others, begins, strict=True)]
    rounds = [
        Round(
            (_joined(parts, "decide", 0), _joined(parts, "decide", 1)),
            (_joined(parts, "rejects", 0), _joined(parts, "rejects", 1)),
            _joined(parts, "removes"),
            _joined(parts, "remove"),
        )
        for parts in zip(*(other.rounds for other in others), strict=True)
    ]
    common, again, ask_again = (_joined(others, name) for name in ("common", "again", "ask_again"))
    opened, elsewhere, advanced, ask, work = (
        _joined(blocks, name) for name in ("opened", "elsewhere", "advanced", "ask", "work")
    )
    other = Elsewhere(np.concatenate(ticket), common, again, ask_again, (rounds[0], rounds[1]))
    return Block(first.first, opened, elsewhere, advanced, ask, work, other)


def _joined(parts: Sequence[Any], name: str, place: int | None = None) -> Any:
    columns = [getattr(part, name) for part in parts]
    return np.concatenate(columns if place is None else [column[place] for column in columns])


def queues(policy: Policy, behaviour: Behaviour) -> bool:
    """Return whether all tickets share one queue, so that they have to be simulated together."""
    return behaviour.common_administrators is not None and policy.approval is Approval.BOTH


def decided_in_turn(block: Block, policy: Policy, behaviour: Behaviour, *, removable: bool) -> tuple[Seconds, Seconds]:
    """Return when an administrator would decide on each ticket's first and second request.

    There is a column for each round, aligned with `Block.other.ticket`; NEVER for a request that ends before it is
    served. `removable`: whether anybody may remove access.
    """
    return _Queue(block, policy, behaviour, removable).run()


class _Queue:
    """The columns of a block as lists, since requests are processed one by one."""

    def __init__(self, block: Block, policy: Policy, behaviour: Behaviour, removable: bool) -> None:
        other = block.other
        self.begun: list[int] = (block.opened + block.ask)[other.ticket].tolist()
        self.work: list[float] = block.work[other.ticket].tolist()
        self.common, self.again = other.common.tolist(), other.again.tolist()
        self.ask_again: list[int] = other.ask_again.tolist()
        self.decide: list[list[int]] = [wishes.decide[0].tolist() for wishes in other.rounds]
        self.rejects = [wishes.rejects[0].tolist() for wishes in other.rounds]
        self.removes = [(wishes.removes & removable).tolist() for wishes in other.rounds]
        self.remove: list[list[int]] = [wishes.remove.tolist() for wishes in other.rounds]
        self.slower, self.hours = behaviour.slower_without_access, behaviour.approvers_work
        self.expires, self.lasts = (_seconds(limit) for limit in (policy.pending_expires_after, policy.grant_lasts))
        self.may_ask = {status: may_ask([status], policy) for status in Status}
        self.free = [0] * (behaviour.common_administrators or 0)  # when each administrator is free, a heap

    def run(self) -> tuple[Seconds, Seconds]:
        """Process the requests one by one, in the order in which they come."""
        served = [[_NEVER] * len(self.begun) for _ in range(2)]
        coming = [(at, row, 0) for row, at in enumerate(self.begun) if self.common[row]]
        heapify(coming)
        slow = [at + _whole(left * self.slower) for at, left in zip(self.begun, self.work, strict=True)]
        stands = list(zip(self.begun, self.work, slow, strict=True))  # since when, work left, closing without access
        while coming:
            at, row, number = heappop(coming)
            since, left, closes = stands[row]
            ends = min(closes, at + self.expires)
            status = Status.EXPIRED if at + self.expires <= closes else Status.CANCELED
            if (start := max(at, self.free[0])) < ends:
                done = _after(start, self.decide[number][row], self.hours)
                served[number][row] = done
                heapreplace(self.free, min(done, ends))
                if done < ends:
                    ends = done
                    status = Status.REJECTED if self.rejects[number][row] else Status.APPROVED
            if status is Status.APPROVED:
                ends, status, stands[row] = self._granted(number, row, since, left, ends)
                since, left, closes = stands[row]
            again = ends + self.ask_again[row]
            if number == 0 and self.again[row] and self.may_ask[status] and again < closes:
                heappush(coming, (again, row, 1))
        return np.array(served[0], np.int64), np.array(served[1], np.int64)

    def _granted(
        self, number: int, row: int, since: int, left: float, at: int
    ) -> tuple[int, Status, tuple[int, float, int]]:
        """Return when access granted `at` ends, in which status, and the state of the ticket then."""
        left -= (at - since) / self.slower
        done = at + _whole(left)
        ends, status = at + self.lasts, Status.COMPLETED  # in the same second, access lapses before the ticket closes
        if closes := done < ends:
            ends = done
        if self.removes[number][row] and (removed := at + self.remove[number][row]) < ends:
            ends, status, closes = removed, Status.REVOKED, False
        left -= ends - at
        return ends, status, (ends, left, ends if closes else ends + _whole(left * self.slower))


def _seconds(limit: timedelta | None) -> int:
    return _NEVER if limit is None else round(limit.total_seconds())


def _whole(long: float) -> int:
    return max(ceil(long), 1)


def _after(at: int, work: int, hours: WorkingHours | None) -> int:
    """Return when work that begins `at` is done."""
    return at + work if hours is None else int(after_work(np.array([at]), np.array([work]), hours)[0])
