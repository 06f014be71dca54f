"""The cost of comparisons relative to the engine alone, their memory, and one thread compared with two.

Ten million tickets in each of two arms are compared in a separate process, to measure its memory:
`python -m tests.bench.experiment --here` does it in this process and prints the cost as JSON.
"""

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from dashboard.text.question import DEFAULT
from data import compare
from data.lens.figures import UNITS
from data.simulation.arms import arms_of
from model.simulation import run
from tests.bench.measuring import alternate, judge, ratio, show

ARMS = {"as the source": {}, "two keys, 4 days": {"policy": {"approval": "each", "pending_expires_after": "4 days"}}}
TICKETS, REPLICATIONS = 500_000, 20
SECONDS, GIB = 30.0, 4.0
TIMES_THE_ENGINE, TIMES_ONE_THREAD, QUESTION_SECONDS = 1.7, 1.7, 1.5
"""The targets."""
WHY = """\
    Of 460 ms of processor time for two arms of 500,000 tickets the engine takes 130 (it draws once for both; two runs
    apart take 210), the counts for the intervals 20, and the figures 155 an arm: 20 to hand the columns to DuckDB, 133
    to read them, in some forty scans, groups and sorts of which none takes more than a tenth."""
"""Processor time by stage."""


@dataclass(frozen=True)
class Cost:
    """The cost of a comparison."""

    seconds: float
    engine: float  # seconds of the engine alone for as many tickets
    processor_seconds: float  # of all threads
    gib: float  # peak memory of this process, without what it inherited from its parent


def cost() -> Cost:
    """Measure a comparison in a new process without children, so that its memory is the total."""
    command = [sys.executable, "-m", "tests.bench.experiment", "--here"]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    return Cost(**json.loads(done.stdout))


def peak_gib() -> float:
    """Return this process's peak memory, in GiB.

    `VmHWM` is reset when a program starts; `ru_maxrss` starts with the parent's memory at the fork.
    """
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 2**20
    raise AssertionError("this system does not say how much memory a process held")


def measure_here() -> None:
    """Compare in this process and print the cost as JSON."""
    own = engine(ARMS, 10, TICKETS) * REPLICATIONS / 10
    used_before = resource.getrusage(resource.RUSAGE_SELF)
    begin = time.perf_counter()
    found = compare(ARMS, tickets=TICKETS, replications=REPLICATIONS)
    took = time.perf_counter() - begin
    if len(found.metrics) != len(ARMS) * len(UNITS):
        raise AssertionError("not all figures of both arms")
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                "seconds": took,
                "engine": own,
                "processor_seconds": sum(used[:2]) - sum(used_before[:2]),
                "gib": peak_gib(),
            }
        )
    )


def engine(arms: Mapping[str, Any], replications: int, tickets: int) -> float:
    """Return the seconds of the engine alone for all tickets of a comparison, on two threads."""
    worlds = arms_of(arms)
    begin = time.perf_counter()
    for number in range(replications):
        for arm in worlds:
            run(arm.policy, arm.behaviour, tickets, replication=number, threads=2)
    return time.perf_counter() - begin


def questions() -> None:
    """Measure the default question of What if, and two threads compared with one."""
    question = DEFAULT
    arms = {arm.name: {"policy": arm.policy, "behaviour": arm.behaviour} for arm in question.worlds}
    many = {"tickets": question.tickets, "replications": question.replications}
    print(f"\nWhat if's first question: {len(arms)} arms x {question.replications} x {question.tickets:,} tickets:")
    own, asked = alternate(
        [lambda: engine(arms, question.replications, question.tickets), lambda: compare(arms, **many)], 5
    )
    show("  the engine alone", own)
    show("  all figures, with intervals and differences", asked)
    judge("  all figures", statistics.median(asked) / 1000, QUESTION_SECONDS, "s")
    threads = [partial(compare, ARMS, tickets=200_000, replications=4, threads=many) for many in (2, 1)]
    two, one = alternate(threads, 3)
    judge("  one thread : two threads, for 2 x 4 x 200,000 tickets", ratio([two, one]), TIMES_ONE_THREAD, at_least=True)


def comparisons() -> None:
    """Measure all figures of many simulated tickets, in a separate process."""
    many = TICKETS * REPLICATIONS
    print(f"\nA comparison of two arms, {many:,} tickets in each, on two threads:")
    found = [cost() for _ in range(3)]
    show("  all figures, with intervals and differences", [1000 * cost.seconds for cost in found])
    show("  the engine alone, for as many", [1000 * cost.engine for cost in found])
    show("  processor time of all threads together", [1000 * cost.processor_seconds for cost in found])
    judge("  all figures", statistics.median(cost.seconds for cost in found), SECONDS, "s")
    times = statistics.median(cost.seconds / cost.engine for cost in found)
    judge("  all figures : the engine alone", times, TIMES_THE_ENGINE)
    if times > TIMES_THE_ENGINE:
        print(WHY)
    judge("  memory at the most", max(cost.gib for cost in found), GIB, "GiB")


def stopping() -> None:
    """Measure how long a comparison takes to stop, with 100,000 tickets in a replication."""
    asked = time.perf_counter()

    def stop(done: int, of: int) -> None:
        nonlocal asked
        if done:
            asked = time.perf_counter()
            raise InterruptedError

    with suppress(InterruptedError):
        compare(ARMS, tickets=100_000, replications=1_000, progress=stop)
    judge("  stopping a comparison", time.perf_counter() - asked, 2.0, "s")


if __name__ == "__main__":
    if "--here" in sys.argv:
        measure_here()
    else:
        comparisons()
        questions()
        stopping()
