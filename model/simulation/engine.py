"""Run a simulation: a number of tickets under a policy, by one of the two engines."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

import numpy as np

from model.limits import EPOCH, LATEST
from model.policy import Policy
from model.simulation import bulk, step
from model.simulation.behaviour import Behaviour
from model.simulation.common_queue import joined_blocks, queues
from model.simulation.draws import BLOCK, Block, block, keep_freed_memory
from model.simulation.gathering import gathered
from model.simulation.hours import DAY, opening, seconds
from model.simulation.trace import Trace

STARTS = datetime(2026, 1, 5)
"""When a run begins by default: a Monday."""
ENGINES: Mapping[str, Callable[[Block, Policy, Behaviour], Trace]] = {"bulk": bulk.run, "step": step.run}


def begins(seed: int, replication: int) -> datetime:
    """Return when a replication begins, to the second: at a random moment of the first week.

    Moments are weighted by the rate at which tickets are opened, so that short replications together cover the week as
    a long run does. Raises ValueError.
    """
    _check_seed(seed)
    chance = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(replication,)))
    (at,) = opening(seconds(STARTS), chance.random(1))
    return EPOCH + timedelta(seconds=int(at))


def run(
    policy: Policy,
    behaviour: Behaviour,
    tickets: int,
    *,
    seed: int = 1,
    replication: int = 0,
    starts: datetime = STARTS,
    engine: str = "bulk",
    threads: int = 1,
) -> Trace:
    """Simulate a number of tickets, each until it is closed. The result is the same for any number of threads.

    Raises ValueError.
    """
    if engine not in ENGINES:
        raise ValueError(f"unknown engine {engine!r}; known: {', '.join(ENGINES)}")
    begin = _begin(behaviour, tickets, seed, starts)

    one_at_a_time = Lock()

    def part(number: int) -> Trace:
        drawn = block(behaviour, min(BLOCK, tickets - number * BLOCK), begin, seed, replication, number)
        # Drawing takes long and releases the interpreter's lock, the rules are quick and hold it: two threads in them
        # would only pass the lock back and forth.
        with one_at_a_time:
            return ENGINES[engine](drawn, policy, behaviour)

    blocks = -(-tickets // BLOCK)
    if queues(policy, behaviour):
        sizes = [min(BLOCK, tickets - number * BLOCK) for number in range(blocks)]
        drawn = [block(behaviour, some, begin, seed, replication, number) for number, some in enumerate(sizes)]
        return ENGINES[engine](joined_blocks(drawn), policy, behaviour)
    if threads == 1:
        return gathered(map(part, range(blocks)), blocks)
    with ThreadPoolExecutor(threads) as pool:
        return gathered(pool.map(part, range(blocks)), blocks)


def side_by_side(
    worlds: Sequence[tuple[Policy, Behaviour]],
    tickets: int,
    *,
    seed: int = 1,
    replication: int = 0,
    starts: datetime = STARTS,
) -> Iterator[tuple[Trace, ...]]:
    """Simulate the same tickets in each world, and yield block by block what `run` would return for each.

    Worlds with the same behaviour share their draws. Raises ValueError.
    """
    begin = min(_begin(behaviour, tickets, seed, starts) for _, behaviour in worlds)
    if any(queues(policy, behaviour) for policy, behaviour in worlds):  # these tickets have to be simulated together
        size: dict[str, Any] = {"seed": seed, "replication": replication, "starts": starts}
        yield tuple(run(policy, behaviour, tickets, **size) for policy, behaviour in worlds)
        return
    for number in range(-(-tickets // BLOCK)):
        some, drawn = min(BLOCK, tickets - number * BLOCK), dict[Behaviour, Block]()
        for _, behaviour in worlds:
            if behaviour not in drawn:
                drawn[behaviour] = block(behaviour, some, begin, seed, replication, number)
        yield tuple(bulk.run(drawn[behaviour], policy, behaviour) for policy, behaviour in worlds)


def _check_seed(seed: int) -> None:
    if type(seed) is not int or seed < 0:
        raise ValueError(f"the seed must be a whole number from 0, not {seed!r}")


def _begin(behaviour: Behaviour, tickets: int, seed: int, starts: datetime) -> int:
    """Return the second in which the run begins. Raises ValueError if a number is out of range."""
    if type(tickets) is not int or not 1 <= tickets <= 1_000_000_000:
        raise ValueError(f"tickets must be a whole number from 1 to 1,000,000,000, not {tickets!r}")
    _check_seed(seed)
    begin, days = seconds(starts), tickets / behaviour.tickets_per_day
    if begin + days * DAY > seconds(LATEST):
        raise ValueError(
            f"{tickets:,} tickets, {behaviour.tickets_per_day:g} a day, take until after the year {LATEST.year - 1}: "
            "ask for fewer tickets, or more a day"
        )
    keep_freed_memory()
    return begin
