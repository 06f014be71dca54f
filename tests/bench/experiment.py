"""Ten million tickets in each of two arms, all figures, by `compare`: in a process of its own, to measure its memory.

`python -m tests.bench.experiment --here` does it in this process and prints the cost as JSON.
"""

import json
import resource
import statistics
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from data import compare
from data.lens.figures import UNITS
from tests.bench.measuring import judge, show

ARMS = {"as the source": {}, "two keys, 4 days": {"policy": {"approval": "each", "pending_expires_after": "4 days"}}}
TICKETS, REPLICATIONS = 500_000, 20
SECONDS, GIB = 30.0, 4.0
"""The targets."""


@dataclass(frozen=True)
class Cost:
    """What it took."""

    seconds: float
    processor_seconds: float  # of all threads
    gib: float  # of memory, at the most: this process's own, not what it inherited from its parent


def cost() -> Cost:
    """Measure a comparison in a new process, which has no children: what it holds is all that is held."""
    command = [sys.executable, "-m", "tests.bench.experiment", "--here"]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    return Cost(**json.loads(done.stdout))


def peak_gib() -> float:
    """Return the most memory that this process has held, in GiB.

    `VmHWM` begins anew when a program is started; `ru_maxrss` begins with what the parent held at the fork.
    """
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 2**20
    raise AssertionError("this system does not say how much memory a process held")


def measure_here() -> None:
    """Compare in this process and print the cost as JSON."""
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
                "processor_seconds": used.ru_utime + used.ru_stime,
                "gib": peak_gib(),
            }
        )
    )


def comparisons() -> None:
    """Measure all figures of many simulated tickets, in a process of its own."""
    many = TICKETS * REPLICATIONS
    print(f"\nA comparison of two arms, {many:,} tickets in each, on two threads:")
    found = [cost() for _ in range(3)]
    show("  all figures, with intervals and differences", [1000 * cost.seconds for cost in found])
    show("  processor time of all threads together", [1000 * cost.processor_seconds for cost in found])
    judge("  all figures", statistics.median(cost.seconds for cost in found), SECONDS, "s")
    judge("  memory at the most", max(cost.gib for cost in found), GIB, "GiB")


def stopping() -> None:
    """Measure how long a comparison goes on after it was asked to stop, with 100,000 tickets in a replication."""
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
        stopping()
