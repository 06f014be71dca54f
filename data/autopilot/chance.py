"""Random draws by name: a draw depends on the seed and on its name, and on nothing that happened before.

So what a person would like to do is the same whatever others do meanwhile, and the same again after a rewind.
"""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from math import exp, log
from statistics import NormalDist
from typing import TypeVar

from model.simulation import Delay
from model.simulation.behaviour import LONGEST_HOURS

T = TypeVar("T")
_NORMAL = NormalDist()


class Chance:
    """Draw shares, lengths of time and choices by name."""

    def __init__(self, seed: int) -> None:
        self._key = str(seed).encode()

    def number(self, *name: object) -> float:
        """Return a number between 0 and 1, both excluded."""
        digest = hashlib.blake2b("\n".join(map(str, name)).encode(), key=self._key, digest_size=8).digest()
        return (int.from_bytes(digest) // 2**12 + 0.5) / 2**52

    def happens(self, share: float, *name: object) -> bool:
        """Return whether an event of this probability happens."""
        return self.number(*name) < share

    def length(self, delay: Delay, *name: object) -> timedelta:
        """Return a length of time in whole seconds, at least 1."""
        drawn = self.number(*name)
        if delay.is_exponential:
            hours = -log(drawn) * delay.mean_of_exponential
        else:
            hours = delay.median_hours * exp(_NORMAL.inv_cdf(drawn) * delay.sigma)
        return timedelta(seconds=int(min(hours, LONGEST_HOURS) * 3600) + 1)

    def one_of(self, items: Sequence[T], weights: Sequence[float], *name: object) -> T:
        """Return one of the items, with probabilities in proportion to their weights."""
        left = self.number(*name) * sum(weights)
        for item, weight in zip(items, weights, strict=True):
            left -= weight
            if left < 0:
                return item
        return items[-1]

    def pick(self, items: Sequence[T], *name: object) -> T:
        """Return one of the items, all equally likely."""
        return items[int(self.number(*name) * len(items))]
