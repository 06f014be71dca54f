"""Where the likelihood of a number says that its interval ends, whatever else the other numbers would then be.

A normal distribution around the maximum ends too low for what has a long tail upwards. Of delays of a hundred cases,
of which an unknown share never ends, the truth lay above such an interval of 95 % in 5 to 7 of 100 rooms and below it
in one or two; of these intervals it lies in 2 to 4 on either side.
"""

from collections.abc import Callable, Sequence
from math import sqrt

import numpy as np
import scipy
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Bounds = Sequence[tuple[float, float]]
Place = Callable[[float, Numbers], Numbers]
"""Returns all parameters, given the number and the other parameters."""
FALLEN = 1.385903580329487
"""How far the log-likelihood falls, as a root: of half of what a chi-squared of one degree exceeds once in twenty."""
_CLOSE = 0.01
_MOST_LOOKS = 12
_LONGEST_WAY = 12  # standard errors
_ENOUGH = {"ftol": 1e-7, "gtol": 1e-3}


def profile_end(
    minus: Callable[[Numbers], float], place: Place, at: tuple[float, Numbers], step: float, bounds: Bounds
) -> float | None:
    """Return where the likelihood has fallen so far that a 95 % interval ends; None if it never does.

    `at` is the number and the other parameters at the maximum, `bounds` are those of the others, and `step` is the
    number's standard error, negative to look for the lower end.
    """
    value, others = at
    best = minus(place(value, others))

    def fallen(number: float) -> float:  # almost a straight line, as its square is almost a parabola
        nonlocal others
        if not others.size:
            return sqrt(max(minus(place(number, others)) - best, 0.0))
        found = scipy.optimize.minimize(
            lambda rest: minus(place(number, rest)), others, method="L-BFGS-B", bounds=list(bounds), options=_ENOUGH
        )
        others = found.x
        return sqrt(max(float(found.fun) - best, 0.0))

    inside, outside = (value, 0.0), (value + 2 * step, fallen(value + 2 * step))
    while outside[1] < FALLEN:
        inside, outside = outside, (outside[0] + step, fallen(outside[0] + step))
        if abs(outside[0] - value) > _LONGEST_WAY * abs(step):
            return None
    number = outside[0]
    for _ in range(_MOST_LOOKS):
        number = inside[0] + (FALLEN - inside[1]) / (outside[1] - inside[1]) * (outside[0] - inside[0])
        here = (number, fallen(number))
        if abs(here[1] - FALLEN) < _CLOSE:
            break
        inside, outside = (here, outside) if here[1] < FALLEN else (inside, here)
    return number
