"""The frame of a run's events equals its plain definition, for any sort method and number of threads."""

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
    """Assert that both frames have the same values, missing values and types."""
    made, plain = run_events(trace, policy, threads), plain_events(trace, policy)
    unequal = [name for name in plain if not made[name].equals(plain[name]) or made[name].dtype != plain[name].dtype]
    assert list(made) == list(plain)
    assert not unequal


@pytest.mark.parametrize("name", POLICIES)
def test_every_policy_gives_the_plain_frame(name: str):
    """Each branch of the rules is used, with several chunks of events on two threads, cut off after some weeks."""
    trace = run(POLICIES[name], Behaviour(), 25_000)
    equal(trace, POLICIES[name], threads=2)
    equal(trace.until(seconds(STARTS + timedelta(days=20))), POLICIES[name])


def test_many_events_in_one_second_give_the_plain_frame():
    """Limits come first, then tickets in order, then the events of each ticket."""
    for world in worlds(60, 60, seed=14):
        equal(bulk.run(replace(world.block, first=0), world.policy, world.behaviour), world.policy)


@pytest.mark.parametrize("bits", [0, 30])
def test_a_run_whose_keys_need_more_bits_gives_the_plain_frame(bits: int, monkeypatch: pytest.MonkeyPatch):
    """It is then sorted column by column."""
    for policy in POLICIES.values():
        trace = run(policy, Behaviour(), 500, seed=3)
        monkeypatch.setattr(in_order, "KEY_BITS", bits)
        assert isinstance(in_order.in_order(trace.events, 500), in_order.Gathered)
        equal(trace, policy, threads=2)


def test_a_key_has_enough_bits_for_the_largest_run():
    """That is ten million tickets over 30 years; a billion over 230 years need more."""
    events = run(POLICIES["source"], Behaviour(), 5).events
    longest = replace(events, at=events.at + 0)
    longest.at[-1] = longest.at.min() + 30 * 365 * 86_400
    assert isinstance(in_order.in_order(longest, MOST_TICKETS), in_order.Sorted)
    longest.at[-1] = longest.at.min() + 230 * 365 * 86_400
    assert isinstance(in_order.in_order(longest, 1_000_000_000), in_order.Gathered)


def test_a_run_of_a_century_and_an_empty_run_give_the_plain_frame():
    """The first has more seconds than fit in 32 bits, the second no event."""
    policy = POLICIES["two-key"]
    trace = run(policy, Behaviour(tickets_per_day=0.001), 60)
    assert trace.events.at.max() - trace.events.at.min() > 1 << 32
    equal(trace, policy)
    equal(trace.until(0), policy)
