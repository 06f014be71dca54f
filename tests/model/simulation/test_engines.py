"""The fast engine follows the rules: both engines give the same events, tickets and requests."""

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from model.simulation import KINDS, Trace, bulk, step
from tests.model.simulation.traces import differences
from tests.model.simulation.worlds import worlds

WORLDS, TICKETS = 250, 420


def crowded(trace: Trace) -> int:
    """Return in how many tickets two events fell in the same second."""
    events, order = trace.events, trace.events.order()
    at, ticket, kind = events.at[order], events.ticket[order], events.kind[order]
    by_ticket = np.lexsort((at, ticket))
    follows = np.array([k.action in ("cancel", "complete") for k in KINDS])[kind[by_ticket]]
    same = (np.diff(at[by_ticket]) == 0) & (np.diff(ticket[by_ticket]) == 0) & ~follows[1:]
    return len(np.unique(ticket[by_ticket][1:][same]))


@pytest.mark.slow
def test_both_engines_give_exactly_the_same(announce: Callable[[str], None]):
    """All events, tickets and requests agree to the second, for every preset, random policies and behaviours."""
    told: Counter[str] = Counter()
    kinds: Counter[int] = Counter()
    for number, world in enumerate(worlds(WORLDS, TICKETS, seed=1)):
        fast, plain = (of.run(world.block, world.policy, world.behaviour) for of in (bulk, step))
        assert differences(fast, plain) == [], f"world {number}: {world.policy}, {world.behaviour}"
        assert_told_in_order(plain)
        told["cases"] += len(plain.tickets.opened)
        told["access requests"] += len(plain.requests.ticket)
        told["events"] += len(plain.events.at)
        told["cases with two things in one second"] += crowded(plain)
        kinds.update(plain.events.kind.tolist())
    announce(", ".join(f"{count:,} {what}" for what, count in told.items()) + ", 0 differences")
    announce(", ".join(f"{KINDS[kind].action} {count:,}" for kind, count in sorted(kinds.items())))
    assert told["cases"] >= 100_000
    assert told["cases with two things in one second"] > 2_000
    assert min(kinds[kind] for kind in range(len(KINDS))) > 1_000, "each kind of event is met"


def assert_told_in_order(trace: Trace) -> None:
    """Assert that events within a second are in the order in which the rules gave them."""
    order = trace.events.order()
    by_ticket = order[np.argsort(trace.events.ticket[order], kind="stable")]
    assert np.array_equal(by_ticket, np.arange(len(by_ticket)))
