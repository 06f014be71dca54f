"""The frame of a run's events is the one that is defined plainly, however it was sorted and on however many threads."""

from dataclasses import replace
from datetime import timedelta

import pytest

from data.simulation.runs.run_events import run_events
from model import Policy
from model.limits import MOST_TICKETS
from model.simulation import STARTS, Behaviour, Trace, bulk, in_order, run, seconds
from tests.data.simulation.runs.plain_events import plain_events
from tests.data.simulation.runs.test_run import POLICIES
from tests.model.simulation.worlds import worlds


def equal(trace: Trace, policy: Policy, threads: int = 1) -> None:
    """Fail unless both frames have the same values, missing ones and types."""
    made, plain = run_events(trace, policy, threads), plain_events(trace, policy)
    unequal = [name for name in plain if not made[name].equals(plain[name]) or made[name].dtype != plain[name].dtype]
    assert list(made) == list(plain)
    assert not unequal


@pytest.mark.parametrize("name", POLICIES)
def test_every_policy_gives_the_plain_frame(name: str):
    """Each branch of the rules, with several parts of events on two threads, and cut off after some weeks."""
    trace = run(POLICIES[name], Behaviour(), 25_000)
    equal(trace, POLICIES[name], threads=2)
    equal(trace.until(seconds(STARTS + timedelta(days=20))), POLICIES[name])


def test_much_in_the_same_second_gives_the_plain_frame():
    """What falls due comes first, then the tickets in order, then what happens to one of them."""
    for world in worlds(60, 60, seed=14):
        equal(bulk.run(replace(world.block, first=0), world.policy, world.behaviour), world.policy)


@pytest.mark.parametrize("bits", [0, 30])
def test_a_run_whose_keys_need_more_bits_gives_the_plain_frame(bits: int, monkeypatch: pytest.MonkeyPatch):
    """Then it is sorted by one column after the other."""
    for policy in POLICIES.values():
        trace = run(policy, Behaviour(), 500, seed=3)
        monkeypatch.setattr(in_order, "KEY_BITS", bits)
        assert isinstance(in_order.in_order(trace.events, 500), in_order.Gathered)
        equal(trace, policy, threads=2)


def test_a_key_has_room_for_all_that_may_be_simulated():
    """Ten million tickets over 30 years; a billion over 230 years need more."""
    events = run(POLICIES["source"], Behaviour(), 5).events
    longest = replace(events, at=events.at + 0)
    longest.at[-1] = longest.at.min() + 30 * 365 * 86_400
    assert isinstance(in_order.in_order(longest, MOST_TICKETS), in_order.Sorted)
    longest.at[-1] = longest.at.min() + 230 * 365 * 86_400
    assert isinstance(in_order.in_order(longest, 1_000_000_000), in_order.Gathered)


def test_runs_of_a_century_and_of_nothing_give_the_plain_frame():
    """More seconds than 32 bits have, and no event at all."""
    policy = POLICIES["two-key"]
    trace = run(policy, Behaviour(tickets_per_day=0.001), 60)
    assert trace.events.at.max() - trace.events.at.min() > 1 << 32
    equal(trace, policy)
    equal(trace.until(0), policy)
