"""Chance by name: what is drawn for a thing depends on the seed and on the thing, and on nothing that happened before.

So what a person would like to do is the same whatever others did meanwhile, and the same again after a rewind.
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

    def number(self, *about: object) -> float:
        """Return a number between 0 and 1, neither of which it is."""
        digest = hashlib.blake2b("\n".join(map(str, about)).encode(), key=self._key, digest_size=8).digest()
        return (int.from_bytes(digest) // 2**12 + 0.5) / 2**52

    def happens(self, share: float, *about: object) -> bool:
        """Return whether something happens that has this probability."""
        return self.number(*about) < share

    def length(self, delay: Delay, *about: object) -> timedelta:
        """Return a length of time in whole seconds, at least 1."""
        drawn = self.number(*about)
        if delay.is_exponential:
            hours = -log(drawn) * delay.mean_of_exponential
        else:
            hours = delay.median_hours * exp(_NORMAL.inv_cdf(drawn) * delay.sigma)
        return timedelta(seconds=int(min(hours, LONGEST_HOURS) * 3600) + 1)

    def one_of(self, items: Sequence[T], weights: Sequence[float], *about: object) -> T:
        """Return one of the items, each as likely as its weight says."""
        left = self.number(*about) * sum(weights)
        for item, weight in zip(items, weights, strict=True):
            left -= weight
            if left < 0:
                return item
        return items[-1]

    def pick(self, items: Sequence[T], *about: object) -> T:
        """Return one of the items, all of which are as likely."""
        return items[int(self.number(*about) * len(items))]
