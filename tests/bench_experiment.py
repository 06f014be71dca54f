"""Ten million tickets in each of two arms, all figures, by `compare`: in a process of its own, to measure its memory.

`python -m tests.bench_experiment` does it in this process.
"""

import json
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from data import compare
from data.lens.figures import UNITS

ARMS = {"as the source": {}, "two keys, 4 days": {"policy": {"approval": "each", "pending_expires_after": "4 days"}}}
TICKETS, REPLICATIONS = 500_000, 20
SECONDS, GIB = 30.0, 4.0
"""The targets."""


@dataclass(frozen=True)
class Cost:
    """What it took."""

    seconds: float
    processor_seconds: float  # of all threads
    gib: float  # of memory, at the most


def cost() -> Cost:
    """In a new process, which has no children: what it holds is all that is held."""
    command = [sys.executable, "-m", "tests.bench_experiment"]
    done = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=True)
    return Cost(**json.loads(done.stdout))


def main() -> None:
    """Does it and prints the cost."""
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
                "gib": used.ru_maxrss / 2**20,  # kilobytes on Linux
            }
        )
    )


if __name__ == "__main__":
    main()
