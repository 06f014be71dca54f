"""Which of many differences are clear: the primary figure is read first, the others are corrected for their number."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

ALPHA = 0.05
"""Of comparisons of equal arms, at most so many show any clear difference."""
OF_PRIMARY = 0.6
"""How much of that the primary figure has; the others share the rest."""


def adjusted(p: Numbers, primary: Sequence[bool] | NDArray[np.bool_]) -> Numbers:
    """Return each p-value corrected for all that are read beside it (Holm 1979, with weights).

    The primary figure, of each arm, has OF_PRIMARY of all weight, the other figures share the rest equally. What an
    answer is clear about passes its weight on to the others.
    """
    chosen = np.asarray(primary, np.bool_)
    many = np.array([np.count_nonzero(~chosen), np.count_nonzero(chosen)])
    parts = np.array([1 - OF_PRIMARY, OF_PRIMARY]) if many.all() else np.ones(2)
    weight = (parts / np.maximum(many, 1))[chosen.astype(np.intp)]
    order = np.argsort(p / weight, kind="stable")
    left = np.cumsum(weight[order][::-1])[::-1]  # of this one and of those behind it
    result = np.empty(len(p))
    result[order] = np.minimum(np.maximum.accumulate(p[order] * left / weight[order]), 1.0)
    return result
