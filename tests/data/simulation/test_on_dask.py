"""The workers of a Dask scheduler give what threads give, to the last digit, and one of them may be lost."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import duckdb
import pytest
from distributed import Client, LocalCluster

from data import Comparison, compare, sweep

pytestmark = pytest.mark.slow

ARMS = {"as the source": {}, "each": {"policy": {"approval": "each", "pending_expires_after": "4 days"}}}
SIZE = {"tickets": 400, "replications": 6, "seed": 3}


@pytest.fixture(scope="module")
def local() -> Comparison:
    return compare(ARMS, **SIZE)


@pytest.fixture(scope="module")
def two_processes() -> Iterator[LocalCluster]:
    """A scheduler and two workers, each a process of its own."""
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address="127.0.0.1:0",
        scheduler_port=0,
        silence_logs=50,
    ) as running:
        yield running


def same(one: Comparison, other: Comparison) -> bool:
    return all(frame.equals(other.tables[name]) for name, frame in one.tables.items())


def test_a_worker_that_is_killed_midway_makes_no_difference(local, two_processes, tmp_path, announce):
    """After the first replication one of the two processes is killed; another does again what it was at, events too."""
    with Client(two_processes, set_as_default=False) as client:
        workers = client.run(os.getpid)
    killed: list[int] = []

    def kill(done: int, of: int) -> None:
        if 0 < done < of and not killed:
            killed.append(next(iter(workers.values())))
            os.kill(killed[0], signal.SIGKILL)

    found = compare(ARMS, **SIZE, scheduler=two_processes.scheduler_address, progress=kill, events=tmp_path / "events")
    assert killed and killed[0] != os.getpid()
    with Client(two_processes, set_as_default=False) as client:
        assert killed[0] not in client.run(os.getpid).values()
    assert same(found, local)
    events = str(tmp_path / "events" / "*" / "*" / "*.parquet")
    each = f"SELECT arm, replication, count(*), count(DISTINCT seq) FROM '{events}' GROUP BY ALL ORDER BY ALL"
    rows = duckdb.sql(each).fetchall()
    assert [row[:2] for row in rows] == [(arm, number) for arm in ARMS for number in range(6)]
    assert all(events == distinct for *_, events, distinct in rows), "each run's events are there once"
    announce(f"{len(rows)} runs on two processes, one of which was killed: all {len(found.tables)} tables are the same")


def test_a_sweep_on_workers_is_the_same_as_on_threads(two_processes):
    """What would change a decision is worked out by the same workers."""
    over, size = {"grant_lasts": ["8 hours", "2 days"]}, {"tickets": 100, "replications": 2}
    there = sweep(ARMS, over, **size, scheduler=two_processes.scheduler_address)
    assert there.values.equals(sweep(ARMS, over, **size).values)


def test_what_progress_raises_stops_the_workers(two_processes):
    """It comes out as it is, and nobody works on what nobody waits for."""
    with pytest.raises(InterruptedError, match="that will do"):
        compare(ARMS, tickets=100, replications=500, scheduler=two_processes.scheduler_address, progress=stop)
    begin = time.monotonic()
    with Client(two_processes, set_as_default=False) as client:
        while (left := client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks))) > 2:
            assert time.monotonic() - begin < 10, f"{left} are left; two workers may be at one each"


def stop(done: int, of: int) -> None:
    if done:
        raise InterruptedError("that will do")


def test_what_goes_wrong_at_a_worker_comes_out(two_processes):
    """As it would here."""
    with pytest.raises(ValueError, match="tickets must be a whole number"):
        compare(ARMS, tickets=0, scheduler=two_processes.scheduler_address)


def test_a_scheduler_that_is_lost_is_told():
    """Nobody waits for it for ever."""
    with LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        processes=False,
        dashboard_address="127.0.0.1:0",
        scheduler_port=0,
        silence_logs=50,
    ) as running:

        def close(done: int, of: int) -> None:
            if done:
                running.close()

        with pytest.raises(ConnectionError, match="was lost"):
            compare(ARMS, tickets=100, replications=500, scheduler=running.scheduler_address, progress=close)


def test_an_address_where_nobody_answers_is_told(monkeypatch):
    """Within a few seconds, and with the address."""
    monkeypatch.setattr("data.simulation.on_dask._PATIENCE", 0.2)
    with pytest.raises(ConnectionError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        compare(ARMS, **SIZE, scheduler="tcp://127.0.0.1:9")


def test_what_is_no_address_is_told():
    """With what one looks like."""
    with pytest.raises(ValueError, match=r"reads like 'tcp://10\.0\.0\.1:8786', not 'here'"):
        compare(ARMS, **SIZE, scheduler="here")


def test_without_dask_only_a_scheduler_is_missing(monkeypatch, local):
    """The error says how it is installed; threads need it not."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'support-access-lab\[cluster\]'"):
        compare(ARMS, **SIZE, scheduler="tcp://127.0.0.1:8786")
    assert same(compare(ARMS, **SIZE), local)


def test_neither_dask_nor_scipy_is_loaded_where_it_is_not_needed():
    """Whoever runs the dashboard or a room does without. `import scipy` alone loads none of its parts."""
    names = ("dask", "distributed", "scipy.optimize", "scipy.special", "scipy.stats")
    loads = f"import sys, data; print([name for name in {names} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", loads], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
