"""The order of the arms by a figure, and how a change of one assumption affects it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from data.simulation.decision.paired import CLEAR, difference

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Turn:
    """Two arms whose order is reversed, or that can no longer be told apart (`reversed` is False)."""

    now_less: str  # the arm that had more of the figure before
    now_more: str
    reversed: bool


def turns(arms: Sequence[str], before: Numbers, after: Numbers) -> Iterator[Turn]:
    """Yield the pairs of arms whose clear order has changed `after`; values by replication and arm."""
    for one, other in combinations(range(len(arms)), 2):
        was = difference(before[:, one], before[:, other]).reading
        now = difference(after[:, one], after[:, other]).reading
        if was not in CLEAR or now == was:
            continue
        less, more = (one, other) if was == "more" else (other, one)
        yield Turn(arms[less], arms[more], reversed=now in CLEAR)


def never_told_apart(arms: Sequence[str], values: Numbers) -> list[tuple[str, str]]:
    """Return the pairs of arms whose order is not clear."""
    pairs = combinations(range(len(arms)), 2)
    return [
        (arms[one], arms[other])
        for one, other in pairs
        if difference(values[:, one], values[:, other]).reading not in CLEAR
    ]


def break_even(arms: Sequence[str], turn: Turn, values: Sequence[tuple[float, Numbers]]) -> float:
    """Return the value of the assumption at which the two arms are equal, interpolated between simulated values.

    `values`: an assumption's values, ascending, and the figures at each. NaN if they never are.
    """
    less, more = arms.index(turn.now_less), arms.index(turn.now_more)
    apart = [(at, float(np.mean(found[:, less] - found[:, more]))) for at, found in values]
    for (left, before), (right, after) in pairwise(apart):
        if before * after <= 0 and before != after and isfinite(left + right):
            return left + (right - left) * before / (before - after)
    return float("nan")
