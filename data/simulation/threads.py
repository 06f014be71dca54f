"""Who does the replications of an experiment: threads of this process, or somebody else who works alike.

All give what each replication gave in the replications' order; so what is made of it is the same to the last digit.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Event
from typing import Protocol

from data.simulation.replication import Measured, Plan

BEAT = 0.1  # seconds between two calls of `heard`, at most

Found = list[tuple[Measured, ...]]


class Workers(Protocol):
    """Whoever does replications."""

    def work(self, plan: Plan, numbers: Sequence[int], heard: Callable[[int], None]) -> Found:
        """What comes of the replications of these numbers. `heard` is told, in this thread and again and again, how
        many arms are done so far; whatever it raises ends the work and comes out, as does what goes wrong in it.
        """


class Threads:
    """Threads of this process."""

    def __init__(self, threads: int) -> None:
        if type(threads) is not int or not 1 <= threads <= 256:
            raise ValueError(f"threads must be a whole number from 1 to 256, not {threads!r}")
        self._threads = threads

    def work(self, plan: Plan, numbers: Sequence[int], heard: Callable[[int], None]) -> Found:
        """See Workers. What is stopped ends after the block of tickets, or the measuring, that it is at."""
        stop, news = Event(), SimpleQueue[Future[tuple[Measured, ...]] | None]()
        with ThreadPoolExecutor(self._threads, "replication") as pool:
            runs = [pool.submit(plan, number, lambda: news.put(None), stop.is_set) for number in numbers]
            try:
                for run in runs:
                    run.add_done_callback(news.put)
                steps, ended = 0, 0
                while ended < len(runs):
                    with suppress(Empty):
                        if (over := news.get(timeout=BEAT)) is None:
                            steps += 1
                        else:
                            over.result()
                            ended += 1
                    heard(steps)
            finally:
                stop.set()
                pool.shutdown(wait=False, cancel_futures=True)
        return [run.result() for run in runs]
