"""The replications of an experiment on the workers of a Dask scheduler, in other processes, here or elsewhere.

Dask is asked for only here, and only where a scheduler is named. Workers have this project installed; they may come and
go: what a lost one was at, another does again.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any

from data.simulation.replication import Plan
from data.simulation.threads import BEAT, Found

_PATIENCE = 10  # seconds until a scheduler is taken for absent


@contextmanager
def cluster(address: str) -> Iterator["Cluster"]:
    """The workers of the scheduler at an address such as "tcp://10.0.0.1:8786".

    Raises ModuleNotFoundError where Dask is not installed, ValueError, and ConnectionError where nobody answers.
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

    def work(self, plan: Plan, numbers: Sequence[int], heard: Callable[[int], None]) -> Found:
        """See `data.simulation.workers`. What a worker is at when the work is stopped, it does to its end."""
        runs = self._client.map(plan, list(numbers), pure=False)
        with ThreadPoolExecutor(1) as waiting:
            results = waiting.submit(self._client.gather, runs)
            try:
                while not results.done():
                    wait([results], timeout=BEAT)
                    heard(sum(run.done() for run in runs) * len(plan.arms))
                found: Found = results.result()
            except self._lost as error:
                raise ConnectionError("the Dask scheduler, or worker after worker, was lost") from error
            finally:
                self._client.cancel(runs)
        return found
