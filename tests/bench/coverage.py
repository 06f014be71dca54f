"""The coverage of a comparison's intervals, and how often equal arms seem different.

`python -m tests.bench.coverage` takes a few minutes; `… coverage 100 1000` measures only these sizes. The truth is
taken from a very long run. Each group of replications is one comparison; if there are few, they are resampled, so that
a replication is used in several.
"""

import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from data.simulation.arms import Arm, arms_of
from data.simulation.experiment import REPLICATIONS
from data.simulation.runs.replication import ArmResult, Replication
from data.simulation.statistics.differences import differences
from data.simulation.statistics.levels import levels
from data.simulation.statistics.pooled import METRICS, Pooled
from data.simulation.threads import Results, Threads
from model.simulation import Behaviour

ARMS = arms_of(
    {
        "as the source": {},
        "8 hours": {"policy": {"grant_lasts": "8 hours"}},  # common effects
        "each tenant, 4 days": {"policy": {"approval": "each", "pending_expires_after": "4 days"}},
        "20 days": {"policy": {"pending_expires_after": "20 days"}},  # rare ones: 0.8 % of the requests expire
    }
)
SIZES = {100: 2_000, 1_000: 1_000, 10_000: 400}
"""Tickets per replication -> number of replications."""
COMPARISONS, OF_EQUAL_ARMS = 300, 1_000
LONG = (1_000_000, 20)
"""Tickets and replications of the run that gives the truth."""
PRIMARY = "median hours to resolution"
LOW, HIGH = 0.93, 0.97
"""The target range of coverage; exact intervals may exceed it."""


def results(tickets: int, replications: int, seed: int) -> Results:
    """Return the results of the arms."""
    return Threads(2).run(Replication(ARMS, tickets, seed), range(replications), lambda done: None)


def groups(pool: Results, chance: np.random.Generator) -> Iterator[list[tuple[ArmResult, ...]]]:
    """Yield the replications of each comparison."""
    for _ in range(COMPARISONS):
        yield [pool[place] for place in chance.choice(len(pool), REPLICATIONS, replace=False)]


def holds(frame: pd.DataFrame, truth: np.ndarray) -> pd.DataFrame:
    """Return a row for each interval: arm, metric, whether it contains the truth, and whether it is read as clear."""
    right = np.tile(truth, len(frame) // len(truth))
    held = (frame["low"] <= right) & (right <= frame["high"])
    clear = frame["reading"].isin(["more", "less"]) if "reading" in frame else held | True
    return frame[["arm", "metric"]].assign(held=held.where(~np.isnan(right)), clear=clear)


def true_figures(tickets: int) -> np.ndarray:
    """Return the figures by arm for replications of so many tickets."""
    middle = Pooled(ARMS, LONG[0], results(*LONG, seed=99)).middle.copy()
    middle[:, METRICS.index("hours of access in total")] *= tickets / LONG[0]
    return middle


def tell(name: str, frame: pd.DataFrame, of_pool: pd.DataFrame, truth: np.ndarray) -> None:
    """Print the coverage of all intervals, and of figures that are clear more often than not.

    All comparisons draw from one pool, whose own error moves them together: it is a fifth of their standard error at
    400 replications, and may lower the coverage of a single figure by several points. The coverage of the
    pool's own figures, `of_pool`, is free of it and shows whether the intervals are wide enough; whether the pool's
    intervals contain the truth shows whether the figures are biased.
    """
    own = of_pool["mean" if "mean" in of_pool else "difference"].to_numpy()
    of_truth, of_own = (
        holds(frame, right).groupby(["arm", "metric"], sort=False).agg(held=("held", "mean"), clear=("clear", "mean"))
        for right in (truth, own)
    )
    there = of_truth["held"].notna()
    clear = there & (of_truth["clear"] > 0.5)
    right, around = of_truth.loc[clear, "held"], of_own.loc[clear, "held"]
    print(
        f"    {name}: {of_truth.loc[there, 'held'].mean():.1%} of all intervals contain the truth; of the {len(right)} "
        f"figures that are mostly clear {right.mean():.1%}, from {right.min():.1%} to {right.max():.1%}\n"
        f"      the pool's own figure: {around.mean():.1%}, from {around.min():.1%} to {around.max():.1%}; "
        f"{holds(of_pool, truth)['held'].mean():.1%} of the pool's own intervals contain the truth"
    )
    near = 0.025  # with 300 comparisons, one figure in twenty is further off by chance
    outside = around[(around < LOW - near) | (around > HIGH + near)]
    for place, held in zip(outside.index, outside, strict=True):
        print(f"      {', '.join(place)}: {held:.1%}")


def equal_arms(pool: Results, chance: np.random.Generator) -> float:
    """Return in how many comparisons of equal arms something is read as clear: the first arm with other draws of
    itself.
    """
    many, found = np.full((1, len(METRICS)), 1e6), 0
    two = (Arm("one"), Arm("other", behaviour=Behaviour(share_rejected=0.12 + 1e-9)))  # not marked as the same
    for _ in range(OF_EQUAL_ARMS):
        places = chance.choice(len(pool), (REPLICATIONS, 2), replace=False)
        pairs: Sequence[Sequence[ArmResult]] = [
            [replace(arm, counts=replace(arm.counts, more=many, fewer=many)) for arm in (pool[one][0], pool[other][0])]
            for one, other in places
        ]
        found += bool(differences(Pooled(two, 1, pairs), PRIMARY)["reading"].isin(["more", "less"]).any())
    return found / OF_EQUAL_ARMS


def coverage(sizes: Collection[int] = tuple(SIZES)) -> None:
    """Measure and print it for each size."""
    print(f"\nIntervals of {COMPARISONS} comparisons of {REPLICATIONS} replications, of {len(ARMS)} arms:")
    whole = true_figures(1)
    for tickets, replications in ((size, SIZES[size]) for size in sizes):
        truth = whole.copy()
        truth[:, METRICS.index("hours of access in total")] *= tickets
        pool, chance = results(tickets, replications, seed=7), np.random.default_rng(tickets)
        each, whole_pool = [Pooled(ARMS, tickets, group) for group in groups(pool, chance)], Pooled(ARMS, tickets, pool)
        print(f"  {tickets:,} tickets each:")
        tell("figures", pd.concat([levels(its) for its in each]), levels(whole_pool), truth.ravel())
        apart, of_pool = (truth[1:] - truth[0]).ravel(), differences(whole_pool, PRIMARY)
        tell("differences", pd.concat([differences(its, PRIMARY) for its in each]), of_pool, apart)
        print(f"    equal arms: {equal_arms(pool, chance):.1%} of the comparisons show anything as clear (at most 5 %)")


if __name__ == "__main__":
    coverage([int(size) for size in sys.argv[1:]] or tuple(SIZES))
