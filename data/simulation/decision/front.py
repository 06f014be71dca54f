"""The Pareto front, and how much of it is luck: a bootstrap over the replications."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from data.simulation.statistics.intervals import t_quantile

Numbers = NDArray[np.float64]

RESAMPLINGS = 1_000


def on_front(one: Numbers, other: Numbers) -> NDArray[np.bool_]:
    """Return which points are not dominated: no other point has less of one and not more of the other.

    A point that lacks one of the two, NaN, is not on the front.
    """
    less, not_more = one[:, None] > one[None], one[:, None] >= one[None]  # has the other (by column) less?
    less_too, not_more_too = other[:, None] > other[None], other[:, None] >= other[None]
    beaten = ((less & not_more_too) | (not_more & less_too)).any(axis=1)
    front: NDArray[np.bool_] = ~beaten & ~np.isnan(one) & ~np.isnan(other)
    return front


def resampled(values: Numbers, seed: int, times: int = RESAMPLINGS) -> Numbers:
    """Return means over replications resampled with replacement; `values` by replication and any other axes.

    The same replications are drawn for all other axes, since they share their luck. The result has a row for each
    resampling. Bootstrap means of few replications vary too little, so their spread is widened to that of the
    intervals.
    """
    chance = np.random.Generator(np.random.SFC64(seed))
    many = len(values)
    drawn = chance.multinomial(many, np.full(many, 1 / many), size=times) / many  # the share of each
    as_far = t_quantile(many) / t_quantile(RESAMPLINGS) * np.sqrt(many / (many - 1))
    middle = values.mean(axis=0)
    means: Numbers = middle + as_far * (np.tensordot(drawn, values, axes=1) - middle)
    return means


def chance_on_front(one: Numbers, other: Numbers) -> Numbers:
    """Return for each point the share of the resamplings in which it is on the front; values by resampling."""
    chance: Numbers = np.mean([on_front(a, b) for a, b in zip(one, other, strict=True)], axis=0)
    return chance


def least_within(time: Numbers, access: Numbers, limit: float) -> int | None:
    """Return the index of the least access among the points whose time is within the limit; None if there is none."""
    within = np.flatnonzero((time <= limit) & ~np.isnan(access))
    return int(within[np.argmin(access[within])]) if len(within) else None


def how_often(times: Numbers, accesses: Numbers, limit: float) -> Sequence[tuple[int | None, float]]:
    """Return which index has the least access within the limit, with its share of resamplings, the largest first."""
    found = Counter(least_within(time, access, limit) for time, access in zip(times, accesses, strict=True))
    return [(place, many / len(times)) for place, many in found.most_common()]
