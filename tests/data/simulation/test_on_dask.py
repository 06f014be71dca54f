"""Dask workers give the same results as threads, to the last digit, and a worker may be lost."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial

import duckdb
import pandas as pd
import pytest
from distributed import Client, LocalCluster

from data import Comparison, compare, sensitivity, sweep, trade_off
from data.simulation.decision.ranges import PLAUSIBLE

pytestmark = pytest.mark.slow

ARMS = {"as the source": {}, "each": {"policy": {"approval": "each", "pending_expires_after": "4 days"}}}
SIZE = {"tickets": 400, "replications": 6, "seed": 3}


@pytest.fixture(scope="module")
def local() -> Comparison:
    return compare(ARMS, **SIZE)


@pytest.fixture(scope="module")
def two_processes() -> Iterator[LocalCluster]:
    """Start a scheduler and two workers, each in its own process."""
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
    """One of the two is killed after the first replication; the other redoes its work, events too."""
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


@pytest.mark.parametrize(
    "decide",
    [
        partial(sensitivity, ranges={name: name == "decide" and its for name, its in PLAUSIBLE.items()}),
        partial(sweep, knobs={"grant_lasts": ["8 hours", "2 days"]}),
        trade_off,
    ],
    ids=["sensitivity", "sweep", "trade_off"],
)
def test_workers_give_the_same_decision_analyses_as_threads(two_processes, decide):
    """They are equal to the last digit."""
    size = {"tickets": 100, "replications": 3}
    here, there = (decide(ARMS, **size, scheduler=where) for where in (None, two_processes.scheduler_address))
    assert here.sentence == there.sentence
    for name, frame in here.tables.items():
        pd.testing.assert_frame_equal(frame, there.tables[name], check_exact=True)


def test_an_exception_in_progress_stops_the_workers(two_processes):
    """It is passed on, and no worker continues."""
    with pytest.raises(InterruptedError, match="that will do"):
        compare(ARMS, tickets=100, replications=500, scheduler=two_processes.scheduler_address, progress=stop)
    begin = time.monotonic()
    with Client(two_processes, set_as_default=False) as client:
        while (left := client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks))) > 2:
            assert time.monotonic() - begin < 10, f"{left} are left; two workers may be at one each"


def stop(done: int, of: int) -> None:
    if done:
        raise InterruptedError("that will do")


def test_an_exception_at_a_worker_is_passed_on(two_processes):
    """It is the same as with threads."""
    with pytest.raises(ValueError, match="tickets must be a whole number"):
        compare(ARMS, tickets=0, scheduler=two_processes.scheduler_address)


def test_a_lost_scheduler_is_reported():
    """The caller does not wait for ever."""
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


def test_an_address_without_a_scheduler_is_reported(monkeypatch):
    """The error comes within seconds, and has the address."""
    monkeypatch.setattr("data.simulation.on_dask._PATIENCE", 0.2)
    with pytest.raises(ConnectionError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        compare(ARMS, **SIZE, scheduler="tcp://127.0.0.1:9")


def test_an_invalid_address_is_reported():
    """The error shows a valid one."""
    with pytest.raises(ValueError, match=r"reads like 'tcp://10\.0\.0\.1:8786', not 'here'"):
        compare(ARMS, **SIZE, scheduler="here")


def test_without_dask_only_a_scheduler_is_missing(monkeypatch, local):
    """The error says how to install Dask; threads work without it."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'support-access-lab\[cluster\]'"):
        compare(ARMS, **SIZE, scheduler="tcp://127.0.0.1:8786")
    assert same(compare(ARMS, **SIZE), local)


def test_neither_dask_nor_scipy_is_loaded_unless_needed():
    """The dashboard and rooms do not need them. `import scipy` alone loads no submodules."""
    names = ("dask", "distributed", "scipy.optimize", "scipy.special", "scipy.stats")
    loads = f"import sys, data; print([name for name in {names} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", loads], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
