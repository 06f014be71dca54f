"""Multiple testing: the primary figure is read first, the others are corrected for their number."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

ALPHA = 0.05
"""The share of comparisons of equal arms that show any clear difference, at most."""
OF_PRIMARY = 0.6
"""The share of it for the primary figure; the others share the rest."""


def adjusted(p: Numbers, primary: Sequence[bool] | NDArray[np.bool_]) -> Numbers:
    """Return each p-value corrected for all that are read with it (weighted Holm, 1979).

    The primary figures have OF_PRIMARY of the weight, and the other figures share the rest equally. A rejected
    hypothesis passes its weight on to the others.
    """
    chosen = np.asarray(primary, np.bool_)
    many = np.array([np.count_nonzero(~chosen), np.count_nonzero(chosen)])
    parts = np.array([1 - OF_PRIMARY, OF_PRIMARY]) if many.all() else np.ones(2)
    weight = (parts / np.maximum(many, 1))[chosen.astype(np.intp)]
    order = np.argsort(p / weight, kind="stable")
    left = np.cumsum(weight[order][::-1])[::-1]  # of this one and of those after it
    result = np.empty(len(p))
    result[order] = np.minimum(np.maximum.accumulate(p[order] * left / weight[order]), 1.0)
    return result
