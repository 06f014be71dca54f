"""Run the replications of an experiment in threads of this process, or on other workers with the same interface.

Results are in the order of the replications, however they are run, so a comparison is the same to the last digit.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from threading import Event
from typing import Protocol

from data.simulation.runs.replication import ArmResult, Replication

SECONDS_BETWEEN_REPORTS = 0.1

Progress = Callable[[int, int], None]
"""Is told how many runs of an arm are done, and of how many; whatever it raises stops the work."""
Results = list[tuple[ArmResult, ...]]
"""For each replication, the results of the arms."""


class Workers(Protocol):
    """Run replications."""

    def run(self, replication: Replication, numbers: Sequence[int], report: Callable[[int], None]) -> Results:
        """Run the replications of these numbers.

        Several times a second `report` is called, in this thread, with how many arms are done. Whatever it raises stops
        the work and is raised here; so is an error in a replication.
        """


def reporter(progress: Progress | None, before: int, of: int) -> Callable[[int], None]:
    """Return what tells `progress` how many runs are done of so many, `before` of which were done before."""

    def report(done: int) -> None:
        if progress:
            progress(before + done, of)

    return report


class Threads:
    """Threads of this process. Raises ValueError if there cannot be so many."""

    def __init__(self, threads: int) -> None:
        if type(threads) is not int or not 1 <= threads <= 256:
            raise ValueError(f"threads must be a whole number from 1 to 256, not {threads!r}")
        self._threads = threads

    def run(self, replication: Replication, numbers: Sequence[int], report: Callable[[int], None]) -> Results:
        """Run the replications; see Workers. Stopping waits for the block of tickets, or the figures, in progress."""
        stop, arms_done = Event(), list[None]()
        with ThreadPoolExecutor(self._threads, "replication") as pool:
            runs = [
                pool.submit(replication.run, number, lambda: arms_done.append(None), stop.is_set) for number in numbers
            ]
            try:
                waiting = set(runs)
                while waiting:
                    ended, waiting = wait(waiting, SECONDS_BETWEEN_REPORTS, FIRST_EXCEPTION)
                    for run in ended:
                        run.result()
                    report(len(arms_done))
            finally:
                stop.set()
                pool.shutdown(wait=False, cancel_futures=True)
        return [run.result() for run in runs]
