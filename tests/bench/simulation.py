"""The simulation's engines compared with the same workflow in SimPy, and with bare numpy draws."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from data import simulate
from data.simulation.runs.run import Run
from model import PRESETS
from model.simulation import STARTS, Behaviour, Delay, run, seconds, step
from model.simulation.draws import BLOCK, block
from tests.bench.measuring import alternate, judge
from tests.model.simulation.in_simpy import Support

FEW, MANY = 1_000, 16 * BLOCK
"""Tickets per run of the slow and of the fast contenders."""
MILLION = 1_000_000
_SOURCE, _BEHAVIOUR = PRESETS["source"], Behaviour()
_DRAWN = block(_BEHAVIOUR, FEW, seconds(STARTS), 1, 0, 0)
_OPENINGS = _DRAWN.opened.tolist()


@dataclass(frozen=True)
class Contender:
    """A simulator to compare."""

    tickets: int
    go: Callable[[], object]


def floor() -> None:
    """Make the engine's draws for MANY tickets from the same distributions, and take the minima."""
    people, rng = _BEHAVIOUR, np.random.Generator(np.random.SFC64(1))

    def lengths(delay: Delay, some: np.ndarray | slice) -> np.ndarray:
        return np.exp(rng.standard_normal(BLOCK)[some] * delay.sigma) * (delay.median_hours * 3600)

    for _ in range(MANY // BLOCK):
        opened = np.sort(rng.random(BLOCK))
        elsewhere, *happens = (rng.random(BLOCK) < share for share in (people.share_elsewhere, *[0.5] * 9))
        some = np.flatnonzero(elsewhere)
        asks, works = (lengths(delay, slice(None)) for delay in (people.ask, people.work))
        np.where(happens[0], opened + asks + works, opened)
        closes = works[some]
        for _ in range(2):
            decides, other, removes = (lengths(delay, some) for delay in (people.decide, people.decide, people.remove))
            ends = np.minimum(np.minimum(decides, other), closes)
            np.minimum(ends + removes, ends + closes)
        lengths(people.ask_again, some)


def into_duckdb(run: Run) -> None:
    """Load a run's tickets and access requests into DuckDB tables."""
    with run.relations() as db:
        for table in ("tickets", "requests"):
            db.execute(f"CREATE OR REPLACE TEMP TABLE kept AS FROM {table}")


CONTENDERS: Mapping[str, Contender] = {
    "SimPy": Contender(FEW, lambda: Support(_SOURCE, _BEHAVIOUR, 1).run(_OPENINGS)),
    "the rules one by one (step)": Contender(FEW, lambda: step.run(_DRAWN, _SOURCE, _BEHAVIOUR)),
    "bare numpy": Contender(MANY, floor),
    "whole columns (bulk), one thread": Contender(MANY, lambda: run(_SOURCE, _BEHAVIOUR, MANY)),
    "whole columns (bulk), two threads": Contender(MANY, lambda: run(_SOURCE, _BEHAVIOUR, MANY, threads=2)),
    "simulate(tickets=1_000_000).events, two threads": Contender(MILLION, lambda: simulate(tickets=MILLION).events),
    "relations() into DuckDB, two threads": Contender(MANY, lambda: into_duckdb(simulate(tickets=MANY))),
}
"""Each produces events, tickets and access requests as columns, except bare numpy."""

SIMPY, STEP, NUMPY, ONE, TWO, DOOR, DUCKDB = CONTENDERS
AT_LEAST = ((SIMPY, ONE, 80), (SIMPY, TWO, 150), (SIMPY, DOOR, 100), (ONE, TWO, 1.7), (SIMPY, STEP, 1.0))
"""Minimum ratio of the first contender's time per ticket to the second's."""
AT_MOST = ((ONE, NUMPY, 3.0), (DUCKDB, NUMPY, 3.0))


def engines() -> None:
    """Measure the time per simulated ticket: the minimum, since other load only adds to it."""
    print("\nA simulated ticket, in millionths of a second; the least of many goes in turn:")
    goes = alternate([contender.go for contender in CONTENDERS.values()], 25)
    cost = {
        name: 1000 * min(times) / contender.tickets
        for (name, contender), times in zip(CONTENDERS.items(), goes, strict=True)
    }
    for name, microseconds in cost.items():
        print(f"{'  ' + name:<60}{microseconds:9.3f} µs   {1_000_000 / microseconds:,.0f} tickets a second")
    for slow, fast, target in AT_LEAST:
        judge(f"  {slow} : {fast}", cost[slow] / cost[fast], target, at_least=True)
    for slow, fast, target in AT_MOST:
        judge(f"  {slow} : {fast}", cost[slow] / cost[fast], target)


if __name__ == "__main__":
    engines()
