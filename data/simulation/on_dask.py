"""Run the replications of an experiment on the workers of a Dask scheduler, in other processes or on other machines.

Dask is imported only here, and only if a scheduler is named. Workers need this project installed. They may come and go:
the replication of a lost worker is repeated by another.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any

from data.simulation.runs.replication import Replication
from data.simulation.threads import SECONDS_BETWEEN_REPORTS, Results

_PATIENCE = 10  # seconds to wait for a scheduler


@contextmanager
def cluster(address: str) -> Iterator["Cluster"]:
    """Connect to the workers of the scheduler at an address such as "tcp://10.0.0.1:8786".

    Raises ModuleNotFoundError if Dask is not installed, ValueError, and ConnectionError if there is no answer.
    """
    try:
        from distributed import Client, KilledWorker
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            "a scheduler needs Dask: pip install 'support-access-lab[cluster]', here and where the workers are"
        ) from None
    if "://" not in address:
        raise ValueError(f"the address of a scheduler reads like 'tcp://10.0.0.1:8786', not {address!r}")
    try:
        client: Any = Client(address, timeout=_PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except OSError as error:
        raise ConnectionError(f"no Dask scheduler answers at {address}") from error
    with client:
        yield Cluster(client, (KilledWorker, CancelledError))


class Cluster:
    """The workers of a scheduler."""

    def __init__(self, client: Any, lost: tuple[type[Exception], ...]) -> None:
        self._client, self._lost = client, lost

    def run(self, replication: Replication, numbers: Sequence[int], report: Callable[[int], None]) -> Results:
        """Run the replications; see `threads.Workers`. Stopping lets a worker finish the one that it is at."""
        runs = self._client.map(replication.run, list(numbers), pure=False)
        with ThreadPoolExecutor(1) as waiting:
            gathered = waiting.submit(self._client.gather, runs)
            try:
                while not gathered.done():
                    wait([gathered], timeout=SECONDS_BETWEEN_REPORTS)
                    report(sum(run.done() for run in runs) * len(replication.arms))
                results: Results = gathered.result()
            except self._lost as error:
                raise ConnectionError("the Dask scheduler, or worker after worker, was lost") from error
            finally:
                self._client.cancel(runs)
        return results
