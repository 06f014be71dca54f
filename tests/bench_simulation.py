"""What the simulation is measured against: the same workflow in SimPy, and bare numpy without a rule or a record."""

from collections.abc import Callable

import numpy as np

from model import PRESETS
from model.simulation import STARTS, Behaviour, run, seconds, step
from model.simulation.draws import BLOCK, block
from tests.model.simulation.in_simpy import Support

BEHAVIOUR = Behaviour()
SOURCE = PRESETS["source"]
FEW, MANY = 1_000, 32 * BLOCK
"""Tickets for the slow ones and for the fast ones, in one go."""

_DRAWN = block(BEHAVIOUR, FEW, seconds(STARTS), 1, 0, 0)
_OPENINGS = _DRAWN.opened.tolist()
_ASKED = BEHAVIOUR.share_elsewhere
_SHARES = np.full((11, 1), 0.5)
_LENGTHS = [
    BEHAVIOUR.ask,
    BEHAVIOUR.work,
    BEHAVIOUR.ask_again,
    *[BEHAVIOUR.decide, BEHAVIOUR.decide, BEHAVIOUR.remove] * 2,
]


def floor() -> None:
    """As many tickets as MANY: the same draws from the same distributions, and the minima of the clocks, in blocks."""
    rng = np.random.Generator(np.random.SFC64(1))
    sigma = np.array([[delay.sigma] for delay in _LENGTHS])
    median = np.array([[delay.median_hours * 3600] for delay in _LENGTHS])
    for _ in range(MANY // BLOCK):
        np.sort(rng.random(BLOCK))
        happens = rng.random((len(_SHARES), BLOCK)) < _SHARES
        drawn = rng.standard_normal((len(_LENGTHS), BLOCK))
        drawn *= sigma
        np.exp(drawn, out=drawn)
        drawn *= median
        some = np.flatnonzero(happens[0])[: round(BLOCK * _ASKED)]
        _, work, again, *clocks = drawn.take(some, axis=1)
        for decides, other, removes in (clocks[:3], clocks[3:]):
            end = np.minimum(np.minimum(decides, other), work)
            np.minimum(end + removes, end + work) + again


def in_simpy() -> None:
    """FEW tickets in SimPy, on one core."""
    Support(SOURCE, BEHAVIOUR, 1).run(_OPENINGS)


def by_step() -> None:
    """FEW tickets, one command of the rules after the other."""
    step.run(_DRAWN, SOURCE, BEHAVIOUR)


def in_bulk(threads: int) -> Callable[[], object]:
    """MANY tickets by the fast engine, its events as columns included."""
    return lambda: run(SOURCE, BEHAVIOUR, MANY, threads=threads)
