"""Measure acts alternately, and print times beside their targets."""

import os
import statistics
import time
from collections.abc import Callable, Sequence


def timed(act: Callable[[], object]) -> float:
    """Return the act's time in milliseconds."""
    begin = time.perf_counter()
    act()
    return (time.perf_counter() - begin) * 1000


def alternate(acts: Sequence[Callable[[], object]], times: int) -> list[list[float]]:
    """Return the times of each act in milliseconds; acts alternate, so that noise affects all."""
    rounds = [[timed(act) for act in acts] for _ in range(times + 2)][2:]  # the first two warm up
    return [list(column) for column in zip(*rounds, strict=True)]


def ratio(times: Sequence[Sequence[float]]) -> float:
    """Divide the second's median time by the first's."""
    return statistics.median(times[1]) / statistics.median(times[0])


def show(what: str, times: Sequence[float]) -> None:
    """Print the median, minimum and maximum of times in milliseconds."""
    median = statistics.median(times)
    print(f"{what:<60}{median:9.1f} ms   min {min(times):.1f}, max {max(times):.1f}, n {len(times)}", flush=True)


def judge(what: str, figure: float, target: float | None, unit: str = "×", *, at_least: bool = False) -> None:
    """Print a figure beside its target, a maximum or a minimum."""
    verdict = ""
    if target is not None:
        reached = figure >= target if at_least else figure <= target
        verdict = f"   target {'>=' if at_least else '<='} {target:g} {unit}: {'reached' if reached else 'NOT reached'}"
    print(f"{what:<60}{figure:9.2f} {unit} {verdict}", flush=True)


def noise() -> None:
    """Print the machine's noise: the spread of repeated equal work."""
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, and the same sum many times over:")
    show("  sum of 300,000 squares", [timed(lambda: sum(n * n for n in range(300_000))) for _ in range(40)])
