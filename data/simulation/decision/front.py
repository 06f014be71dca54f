"""The Pareto front, and what of it luck could have made otherwise: the replications are drawn again many times."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from data.simulation.statistics.intervals import t_quantile

Numbers = NDArray[np.float64]

RESAMPLINGS = 1_000


def on_front(one: Numbers, other: Numbers) -> NDArray[np.bool_]:
    """Return which of the points nothing beats: no other point has less of one and not more of the other.

    A point that lacks one of the two, NaN, is not on the front.
    """
    less, not_more = one[:, None] > one[None], one[:, None] >= one[None]  # has the other, by column, less of `one`?
    less_too, not_more_too = other[:, None] > other[None], other[:, None] >= other[None]
    beaten = ((less & not_more_too) | (not_more & less_too)).any(axis=1)
    front: NDArray[np.bool_] = ~beaten & ~np.isnan(one) & ~np.isnan(other)
    return front


def resampled(values: Numbers, seed: int, times: int = RESAMPLINGS) -> Numbers:
    """Return means over replications that are drawn again with replacement; `values` by replication and whatever else.

    The same replications are drawn for all, since they share their luck. The result has a row for each time. Means of
    few replications lie too close together when they are drawn again; they are spread as far as intervals are.
    """
    chance = np.random.Generator(np.random.SFC64(seed))
    many = len(values)
    drawn = chance.multinomial(many, np.full(many, 1 / many), size=times) / many  # how often each
    as_far = t_quantile(many) / t_quantile(RESAMPLINGS) * np.sqrt(many / (many - 1))
    middle = values.mean(axis=0)
    means: Numbers = middle + as_far * (np.tensordot(drawn, values, axes=1) - middle)
    return means


def chance_on_front(one: Numbers, other: Numbers) -> Numbers:
    """Return for each point in how many of the resamplings, from 0 to 1, it is on the front; values by resampling."""
    chance: Numbers = np.mean([on_front(a, b) for a, b in zip(one, other, strict=True)], axis=0)
    return chance


def least_within(time: Numbers, access: Numbers, limit: float) -> int | None:
    """Return the place of the least access among the points whose time is within the limit; None if there is none."""
    within = np.flatnonzero((time <= limit) & ~np.isnan(access))
    return int(within[np.argmin(access[within])]) if len(within) else None


def how_often(times: Numbers, accesses: Numbers, limit: float) -> Sequence[tuple[int | None, float]]:
    """Return which place has the least access within the limit in which share of the resamplings, most often first."""
    found = Counter(least_within(time, access, limit) for time, access in zip(times, accesses, strict=True))
    return [(place, many / len(times)) for place, many in found.most_common()]
