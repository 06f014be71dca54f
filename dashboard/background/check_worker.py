"""One check in a process of its own, at low priority: `dashboard.checks` starts it, and reads the report it writes."""

import os
import pickle
import sys
import time

from model.checker.report import check

NICENESS = 15  # of 19: whatever else wants the processor comes first


def main() -> None:
    """Reads a policy and bounds from the input, and writes the report; pickled, both ends are this project's own."""
    os.nice(NICENESS)
    policy, bounds = pickle.load(sys.stdin.buffer)
    pickle.dump(check(policy, bounds, clock=time.perf_counter), sys.stdout.buffer)
