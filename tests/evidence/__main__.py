"""`python -m tests.evidence` (make evidence) runs each experiment at full size and writes `tests/EVIDENCE.md`.

The file is written after each experiment, so that an interrupted run keeps its findings.

Arguments select experiments by name (`python -m tests.evidence kills "log cut"`); the report is then only printed.
`--part 10` runs a tenth of the full size; the report says so.
The exit status is 1 if anything was lost.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.evidence.experiment import Experiment, Finding, some
from tests.evidence.experiments import EXPERIMENTS, NOT_PROMISED
from tests.evidence.report import report

FILE = Path(__file__).parents[1] / "EVIDENCE.md"
_MEMORY = "/dev/shm"  # a disk in memory: no experiment cuts the power of a real disk


def main(arguments: Sequence[str]) -> int:
    """Run the experiments whose name contains one of the words, or all; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.evidence")
    parser.add_argument("words", nargs="*", help="parts of the names of experiments")
    parser.add_argument("--part", type=int, default=1, help="run one such part of the full size: 10 for a tenth")
    given = parser.parse_args(arguments)
    words: list[str] = given.words
    chosen = [each for each in EXPERIMENTS if not words or any(word in each.name for word in words)]
    results: dict[Experiment, Finding | str] = dict.fromkeys(chosen, "the run was ended before it")
    for experiment in chosen:
        results[experiment] = _run(experiment, max(experiment.short, experiment.full // given.part))
        text = report(results.items(), NOT_PROMISED, given.part)
        if not words:
            FILE.write_text(text, encoding="utf-8")
    print(text if words else f"wrote {FILE}")
    return 1 if any(isinstance(found, Finding) and found.lost for found in results.values()) else 0


def _run(experiment: Experiment, size: int) -> Finding | str:
    """Run one experiment, or return what the machine lacks for it."""
    print(f"{experiment.name}: {experiment.promise}", flush=True)
    if lacks := experiment.missing():
        print(f"    not tried: {lacks}", flush=True)
        return lacks
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None) as folder:
        found = experiment.run(size, Path(folder))
        found = replace(found, lost=tuple(each.replace(f"{folder}/", "") for each in found.lost))
    print(f"    {found.times:,} times in {time.perf_counter() - begin:,.0f} s, {len(found.lost):,} lost", flush=True)
    if found.lost:
        print(some(found.lost), flush=True)
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
