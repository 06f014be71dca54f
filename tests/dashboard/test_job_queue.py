"""Comparisons beside the server: one at a time, in turn, for whoever asks, and ended at once when nobody wants them."""

import pickle
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.background.comparison_worker import ComparisonResult
from dashboard.background.comparisons import Comparisons
from dashboard.background.job_queue import Job, Stage
from dashboard.background.worker import Answer, Done, Failure
from dashboard.text.question import DEFAULT, Question

FIRST, SECOND, THIRD = (replace(DEFAULT, seed=seed) for seed in (1, 2, 3))
ONE, TWO, THREE = "room one", "room two", "room three"
# Tells its process, says that something is done, and the rest once the file `go` is there.
WORKER = """
import os, pathlib, sys, time
here = pathlib.Path(sys.argv[1])
while os.read(0, 1_000_000):
    with (here / "workers").open("a") as workers:
        workers.write(f"{os.getpid()} ")
    os.write(1, (here / "begins").read_bytes())
    while not (here / "go").exists():
        time.sleep(0.01)
    os.write(1, (here / "ends").read_bytes())
"""

Make = Callable[..., Comparisons]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Comparisons whose worker only pretends: it sends what it is told to."""
    made = []

    def runs(*ends: object, go: bool = False) -> Comparisons:
        (tmp_path / "begins").write_bytes(pickle.dumps(Done(3, 12)))
        (tmp_path / "ends").write_bytes(b"".join(map(pickle.dumps, ends or [Answer(ComparisonResult(None, {}))])))
        if go:
            (tmp_path / "go").touch()
        made.append(Comparisons((sys.executable, "-c", WORKER, str(tmp_path))))
        return made[-1]

    yield runs
    for each in made:
        each.close()
    assert not any(alive(int(process)) for process in (tmp_path / "workers").read_text().split())


def alive(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


def find(runs: Comparisons, question: Question) -> Job:
    run = runs.find(question.link)
    assert run
    return run


def until(holds: Callable[[], object], seconds: float = 10) -> None:
    """Waits."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.005)


def test_questions_are_answered_in_turn_and_told_how_many_are_before_them(make: Make, tmp_path: Path):
    """One at a time, by one process, and the answer stays for who asks again."""
    runs = make()
    for room, question in ((ONE, FIRST), (TWO, SECOND), (THREE, THIRD)):
        runs.ask(room, question)
    until(lambda: find(runs, FIRST).of == 12)
    assert [find(runs, q).stage for q in (FIRST, SECOND, THIRD)] == [Stage.RUNNING, Stage.WAITING, Stage.WAITING]
    assert [runs.before(q.link) for q in (FIRST, SECOND, THIRD)] == [0, 1, 2]
    assert find(runs, FIRST).share == 0.25 and find(runs, FIRST).seconds_left is not None
    (tmp_path / "go").touch()
    until(lambda: find(runs, THIRD).over)
    assert [find(runs, q).stage for q in (FIRST, SECOND, THIRD)] == [Stage.DONE] * 3
    assert len(set((tmp_path / "workers").read_text().split())) == 1
    runs.ask(TWO, FIRST)
    assert find(runs, FIRST).stage is Stage.DONE
    assert (tmp_path / "workers").read_text().count(" ") == 3


def test_stop_ends_a_run_at_once_and_the_next_one_begins(make: Make, tmp_path: Path):
    """The process is gone within a second, whatever it was doing."""
    runs = make()
    runs.ask(ONE, FIRST)
    runs.ask(TWO, SECOND)
    until(lambda: find(runs, FIRST).of)
    process = int((tmp_path / "workers").read_text())
    runs.stop(ONE)
    assert find(runs, FIRST).stage is Stage.STOPPED
    until(lambda: not alive(process), seconds=1)
    until(lambda: find(runs, SECOND).of)
    (tmp_path / "go").touch()
    until(lambda: find(runs, SECOND).over)
    assert (find(runs, FIRST).stage, find(runs, SECOND).stage) == (Stage.STOPPED, Stage.DONE)
    runs.ask(ONE, FIRST)
    until(lambda: find(runs, FIRST).stage is Stage.DONE)


def test_stop_takes_a_waiting_run_out_of_the_queue(make: Make, tmp_path: Path):
    """It never begins, and those behind it move up."""
    runs = make()
    for room, question in ((ONE, FIRST), (TWO, SECOND), (THREE, THIRD)):
        runs.ask(room, question)
    runs.stop(TWO)
    assert find(runs, SECOND).stage is Stage.STOPPED and runs.before(THIRD.link) == 1
    (tmp_path / "go").touch()
    until(lambda: find(runs, THIRD).over)
    assert (tmp_path / "workers").read_text().count(" ") == 2


def test_a_run_that_two_rooms_want_is_one_and_goes_on_for_the_other(make: Make, tmp_path: Path):
    """Who stops it only leaves it; who was not there has no say."""
    runs = make()
    runs.ask(ONE, FIRST)
    runs.ask(TWO, FIRST)
    runs.stop(THREE)
    runs.stop(ONE)
    assert find(runs, FIRST).owners == {TWO}
    (tmp_path / "go").touch()
    until(lambda: find(runs, FIRST).stage is Stage.DONE)
    assert (tmp_path / "workers").read_text().count(" ") == 1


def test_a_room_wants_one_run_at_a_time(make: Make, tmp_path: Path):
    """Another question takes the place of the last, so nobody fills the queue."""
    runs = make()
    runs.ask(ONE, FIRST)
    runs.ask(ONE, SECOND)
    assert runs.wanted(ONE) == SECOND.link
    assert find(runs, FIRST).stage is Stage.STOPPED
    (tmp_path / "go").touch()
    until(lambda: find(runs, SECOND).stage is Stage.DONE)


def test_a_worker_that_dies_is_told_and_replaced(make: Make, tmp_path: Path):
    """In a sentence that names no file, and the next run has a new process."""
    runs = make()
    runs.ask(ONE, FIRST)
    until(lambda: find(runs, FIRST).of)
    runs._process.kill()
    until(lambda: find(runs, FIRST).over)
    assert find(runs, FIRST).stage is Stage.FAILED
    assert find(runs, FIRST).sentence.startswith("The simulation ended before it was done")
    (tmp_path / "go").touch()
    runs.ask(ONE, FIRST)
    until(lambda: find(runs, FIRST).stage is Stage.DONE)


def test_a_worker_that_cannot_be_started_or_talks_nonsense_is_told_too(make: Make, tmp_path: Path):
    """And whoever asks next is answered."""
    runs = make(go=True)
    right, runs.command = runs.command, ("/nowhere/at-all",)
    runs.ask(ONE, FIRST)
    until(lambda: find(runs, FIRST).over)
    (tmp_path / "begins").write_bytes(b"cnowhere\nNothing\n.")  # a pickle of what there is not
    runs.command = right
    runs.ask(TWO, SECOND)
    until(lambda: find(runs, SECOND).over)
    for question in (FIRST, SECOND):
        assert find(runs, question).stage is Stage.FAILED and "/" not in find(runs, question).sentence
    (tmp_path / "begins").write_bytes(pickle.dumps(Done(1, 2)))
    runs.ask(THREE, THIRD)
    until(lambda: find(runs, THIRD).stage is Stage.DONE)


def test_what_the_worker_finds_wrong_is_kept_as_it_says_it(make: Make):
    """And asked again, it is tried again."""
    runs = make(Failure("too few tickets"), go=True)
    runs.ask(ONE, FIRST)
    until(lambda: find(runs, FIRST).over)
    assert (find(runs, FIRST).stage, find(runs, FIRST).sentence) == (Stage.FAILED, "too few tickets")
    runs.ask(ONE, FIRST)
    assert find(runs, FIRST).stage is not Stage.FAILED


def test_only_the_latest_results_are_kept(make: Make):
    """Or the server would grow with each question."""
    runs = make(go=True)
    runs.kept = 2
    asked = [replace(DEFAULT, seed=seed) for seed in range(5)]
    for room, question in enumerate(asked):
        runs.ask(str(room), question)
    until(lambda: find(runs, asked[-1]).over)
    assert [runs.find(question.link) is not None for question in asked] == [False, False, False, True, True]


def test_the_estimate_learns_from_the_last_run(make: Make):
    """More tickets, replications and arms take longer."""
    runs = make(go=True)
    before = runs.estimate(DEFAULT)
    assert before < runs.estimate(replace(DEFAULT, tickets=200_000)) < runs.estimate(replace(DEFAULT, replications=200))
    runs.ask(ONE, DEFAULT)
    until(lambda: find(runs, DEFAULT).over)
    assert runs.estimate(DEFAULT) == pytest.approx(find(runs, DEFAULT).seconds) != before
