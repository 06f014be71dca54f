"""The simulation's engines beside the same workflow in SimPy, and beside bare numpy without a rule or a record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from model import PRESETS
from model.simulation import STARTS, Behaviour, run, seconds, step
from model.simulation.draws import BLOCK, block
from tests.model.simulation.in_simpy import Support

FEW, MANY = 1_000, 16 * BLOCK
"""Tickets that the slow ones and the fast ones simulate in one go."""
_SOURCE, _BEHAVIOUR = PRESETS["source"], Behaviour()
_DRAWN = block(_BEHAVIOUR, FEW, seconds(STARTS), 1, 0, 0)
_OPENINGS = _DRAWN.opened.tolist()


@dataclass(frozen=True)
class Contender:
    """Something that simulates tickets."""

    tickets: int
    go: Callable[[], object]


def floor() -> None:
    """As many draws as the engine's for MANY tickets, from the same distributions, and the minima of the clocks."""
    b, rng = _BEHAVIOUR, np.random.Generator(np.random.SFC64(1))
    shares = np.array([[0.5]] * 10)
    delays = [b.ask, b.work, b.ask_again, *[b.decide, b.decide, b.remove] * 2]
    sigma = np.array([[delay.sigma] for delay in delays])
    median = np.array([[delay.median_hours * 3600] for delay in delays])
    for _ in range(MANY // BLOCK):
        opened = np.sort(rng.random(BLOCK))
        happens = rng.random((len(shares), BLOCK)) < shares
        drawn = rng.standard_normal((len(delays), BLOCK))
        elsewhere = np.flatnonzero(happens[0])[: round(BLOCK * b.share_elsewhere)]
        clocks = drawn.take(elsewhere, axis=1)
        np.exp(np.multiply(drawn[:2], sigma[:2], out=drawn[:2]), out=drawn[:2])
        np.exp(np.multiply(clocks, sigma, out=clocks), out=clocks)
        clocks *= median
        np.add(opened, drawn[0] * median[0] + drawn[1] * median[1])
        _, work, again, *rounds = clocks
        for decides, other, removes in (rounds[:3], rounds[3:]):
            end = np.minimum(np.minimum(decides, other), work)
            np.minimum(end + removes, end + work) + again


CONTENDERS: Mapping[str, Contender] = {
    "SimPy": Contender(FEW, lambda: Support(_SOURCE, _BEHAVIOUR, 1).run(_OPENINGS)),
    "the rules one by one (step)": Contender(FEW, lambda: step.run(_DRAWN, _SOURCE, _BEHAVIOUR)),
    "bare numpy": Contender(MANY, floor),
    "whole columns (bulk), one thread": Contender(MANY, lambda: run(_SOURCE, _BEHAVIOUR, MANY)),
    "whole columns (bulk), two threads": Contender(MANY, lambda: run(_SOURCE, _BEHAVIOUR, MANY, threads=2)),
}
"""Each leaves its events, tickets and access requests as columns, but for bare numpy, which has none."""

SIMPY, STEP, NUMPY, ONE, TWO = CONTENDERS
AT_LEAST = ((SIMPY, ONE, 80), (SIMPY, TWO, 150), (ONE, TWO, 1.7), (SIMPY, STEP, 1.0))
"""How many times as long the first is to take, at least, as the second, for one ticket."""
AT_MOST = ((ONE, NUMPY, 3.0),)
