"""Requests that queue for a few administrators of both tenants: against SimPy's `Resource`, and by hand."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
import simpy

from model import PRESETS, Approval, Policy
from model.simulation import NEVER, STARTS, Behaviour, Delay, Trace, WorkingHours, run, seconds, side_by_side
from model.simulation.common_queue import joined_blocks, queues
from model.simulation.draws import BLOCK, Block, block
from model.simulation.hours import after_work
from tests.model.simulation.traces import differences

BUSY = Behaviour(share_elsewhere=1.0, share_with_common_administrator=0.9, share_removed=0.0, common_administrators=90)
SOURCE = PRESETS["source"]
EXPIRES = Policy(pending_expires_after=timedelta(hours=30))
TICKETS = 1_500


def in_simpy(trace: Trace, drawn: Block, policy: Policy, behaviour: Behaviour) -> np.ndarray:
    """Return when each request of the trace is decided if SimPy's `Resource` assigns the administrators.

    From the trace it uses only when requests are made, and when the tickets would be closed without access.
    """
    r = trace.requests
    env = simpy.Environment(int(r.requested.min()))
    administrators = simpy.Resource(env, behaviour.common_administrators)
    row = {ticket: place for place, ticket in enumerate(drawn.other.ticket.tolist())}
    decided = np.full(len(r.ticket), NEVER)
    closes = without_access(drawn, behaviour)

    def request(place: int, ticket: int, number: int, at: int):
        yield env.timeout(at - env.now)
        ends = closes[ticket]
        if policy.pending_expires_after:
            ends = min(ends, at + int(policy.pending_expires_after.total_seconds()))
        end = env.timeout(ends - env.now)
        with administrators.request() as turn:
            yield turn | end
            if env.now == ends:
                return
            work = drawn.other.rounds[number - 1].decide[0][[row[ticket]]]
            done = after_work(np.array([int(env.now)]), work, behaviour.approvers_work)[0]
            decision = env.timeout(done - env.now)
            yield decision | end
            if env.now < ends:
                decided[place] = env.now

    for place in np.lexsort((r.ticket, r.requested)):
        if r.common[place]:
            env.process(request(place, int(r.ticket[place]), int(r.number[place]), int(r.requested[place])))
    env.run()
    return decided


def without_access(drawn: Block, behaviour: Behaviour) -> dict[int, int]:
    """Return when each ticket whose problem lies elsewhere would be closed if nobody ever gave access."""
    ticket = drawn.other.ticket
    slow = np.maximum(np.ceil(drawn.work[ticket] * behaviour.slower_without_access), 1).astype(np.int64)
    return dict(zip(ticket.tolist(), ((drawn.opened + drawn.ask)[ticket] + slow).tolist(), strict=True))


@pytest.mark.parametrize(
    ("policy", "behaviour"),
    [
        (SOURCE, BUSY),
        (EXPIRES, replace(BUSY, common_administrators=40)),
        (SOURCE, replace(BUSY, common_administrators=150, approvers_work=WorkingHours("Europe/Paris", 9, 17))),
        (EXPIRES, replace(BUSY, common_administrators=1, decide=Delay(0.1), tickets_per_day=100)),
    ],
    ids=["few", "fewer, and requests expire", "in working hours", "one"],
)
def test_administrators_are_assigned_as_by_simpys_resource(policy: Policy, behaviour: Behaviour):
    """Times agree to the second for every request, and many requests have to wait."""
    drawn = block(behaviour, TICKETS, seconds(STARTS), 4, 0, 0)
    trace = run(policy, behaviour, TICKETS, seed=4)
    r = trace.requests
    assert np.array_equal(r.decided, in_simpy(trace, drawn, policy, behaviour))
    enough = run(policy, replace(behaviour, common_administrators=None), TICKETS, seed=4).requests
    queued, at_once = (each.decided[each.number == 1] for each in (r, enough))
    waits = (queued - at_once)[(queued < NEVER) & (at_once < NEVER)]
    assert (waits >= 0).all() and (waits > 3600).mean() > 0.2


def test_as_many_administrators_as_there_are_requests_are_enough():
    """Nobody waits: all events are the same as without a queue."""
    many = replace(BUSY, common_administrators=2 * TICKETS)
    ample, enough = (
        run(EXPIRES, people, TICKETS, seed=2) for people in (many, replace(many, common_administrators=None))
    )
    assert differences(ample, enough) == []


@pytest.mark.slow
def test_all_blocks_of_a_run_share_one_queue():
    """Each of several parallel worlds has its own, whatever the number of threads."""
    tickets = BLOCK + 500
    people = Behaviour(tickets_per_day=20_000, common_administrators=3_000)
    one = run(SOURCE, people, tickets, seed=3)
    late = one.requests.ticket >= BLOCK
    apart = block(people, 500, seconds(STARTS), 3, 0, 1)
    alone = joined_blocks([apart])
    assert np.array_equal(alone.other.rounds[1].remove, apart.other.rounds[1].remove)
    whole = joined_blocks([block(people, BLOCK, seconds(STARTS), 3, 0, 0), apart])
    assert np.array_equal(whole.opened, one.tickets.opened) and late.any()
    plain = Behaviour(tickets_per_day=20_000)
    ((queued, free, other),) = side_by_side(
        [(SOURCE, people), (SOURCE, plain), (PRESETS["two-key"], people)], tickets, seed=3
    )
    assert differences(queued, one) == []
    assert differences(free, run(SOURCE, plain, tickets, seed=3)) == []
    assert differences(other, run(PRESETS["two-key"], plain, tickets, seed=3)) == [], (
        "who needs none of them waits for none"
    )
    assert differences(run(SOURCE, people, tickets, seed=3, threads=2), one) == []


def test_only_a_policy_that_needs_an_administrator_of_both_has_the_queue():
    few = Behaviour(common_administrators=1)
    assert [queues(Policy(approval=approval), few) for approval in Approval] == [True, False, False]
    assert not queues(SOURCE, Behaviour())


@pytest.mark.parametrize("wrong", [0, -1, 1.5, True, 1_000_001])
def test_an_impossible_number_of_administrators_is_refused(wrong):
    with pytest.raises(ValueError, match="common_administrators must be a whole number from 1 to 1,000,000, or None"):
        Behaviour(common_administrators=wrong)
