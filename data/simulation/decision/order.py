"""The order of the arms by a figure, and how a change of one assumption affects it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import isfinite

import pandas as pd

from data.lens.figures import UNITS
from data.simulation.statistics.differences import Difference, corrected, difference
from data.simulation.statistics.family import adjusted
from data.simulation.statistics.pooled import Pooled
from data.simulation.words.findings import CLEAR


@dataclass(frozen=True, slots=True)
class Turn:
    """Two arms whose order is reversed, or that can no longer be told apart (`reversed` is False)."""

    now_less: str  # the arm that had more of the figure before
    now_more: str
    reversed: bool


def every_pair(pooled: Pooled, figure: str) -> list[Difference]:
    """Return how much more of the figure the later of any two arms has than the earlier."""
    return [difference(pooled, figure, arm, base) for base, arm in combinations(range(len(pooled.arms)), 2)]


def pairs_read(arms: Sequence[str], figure: str, cases: Sequence[Sequence[Difference]]) -> pd.DataFrame:
    """Return a row for each case and pair of arms: case, base, arm, and the columns of `Comparison.differences`.

    The readings are corrected for the number of all rows; the first case, with the default assumptions, is primary.
    """
    pairs = list(combinations(arms, 2))
    rows = [
        {"case": case, "base": base, "arm": arm, "metric": figure, "unit": UNITS[figure], **found._asdict()}
        for case, each in enumerate(cases)
        for (base, arm), found in zip(pairs, each, strict=True)
    ]
    frame = pd.DataFrame(rows)
    return corrected(frame.assign(p_adjusted=adjusted(frame["p"].to_numpy(), frame["case"].to_numpy() == 0)))


def turns(before: pd.DataFrame, after: pd.DataFrame) -> Iterator[Turn]:
    """Yield the pairs of arms whose clear order has changed `after`; both have the rows of one case of `pairs_read`."""
    for base, arm, was, now in zip(before["base"], before["arm"], before["reading"], after["reading"], strict=True):
        if was in CLEAR and now != was:
            less, more = (arm, base) if was == "more" else (base, arm)
            yield Turn(less, more, reversed=now in CLEAR)


def never_told_apart(pairs: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the pairs of arms whose order is not clear."""
    unclear = pairs[~pairs["reading"].isin(CLEAR)]
    return list(zip(unclear["base"], unclear["arm"], strict=True))


def break_even(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the value of the assumption at which two arms are equal, interpolated between two simulated values.

    Each argument is a value and the difference found with it. NaN if they never are.
    """
    (left, before), (right, after) = one, other
    if before * after > 0 or before == after or not isfinite(left + right):
        return float("nan")
    return left + (right - left) * before / (before - after)
