"""Background work: one job at a time, in order, at low priority, and ended when it has no owner."""

import os
import pickle
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.background.jobs import checks as policy_checks
from dashboard.background.jobs import comparisons, job_queue
from dashboard.background.jobs.checks import ThoroughChecks
from dashboard.background.jobs.comparison_worker import ComparisonResult
from dashboard.background.jobs.comparisons import DRAWING, START, Comparisons
from dashboard.background.jobs.decision_asked import DecisionAsked
from dashboard.background.jobs.job_queue import Job, JobQueue, Stage
from dashboard.background.jobs.pace import Pace, trial
from dashboard.background.jobs.worker import Answer, Done, Failure
from dashboard.text.policy_link import policy_code
from dashboard.text.question import DEFAULT, Question
from model import Approval, Policy
from model.simulation import Behaviour

FIRST, SECOND, THIRD = (replace(DEFAULT, seed=seed) for seed in (1, 2, 3))
ONE, TWO, THREE = "room one", "room two", "room three"
# Sends its process id and some progress, and the rest once the file `go` exists.
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

Pretend = Callable[..., tuple[str, ...]]
Make = Callable[..., Comparisons]


@pytest.fixture
def pretend(tmp_path: Path) -> Iterator[Pretend]:
    """Return the command of a fake worker, which sends given messages."""

    def command(*ends: object, go: bool = False) -> tuple[str, ...]:
        (tmp_path / "begins").write_bytes(pickle.dumps(Done(3, 12)))
        (tmp_path / "ends").write_bytes(b"".join(map(pickle.dumps, ends or [Answer(ComparisonResult(None, {}, 3.0))])))
        if go:
            (tmp_path / "go").touch()
        return sys.executable, "-c", WORKER, str(tmp_path)

    yield command
    assert not any(alive(int(process)) for process in (tmp_path / "workers").read_text().split())


@pytest.fixture
def make(pretend: Pretend) -> Iterator[Make]:
    """Return Comparisons with a fake worker."""
    made = []

    def runs(*ends: object, go: bool = False) -> Comparisons:
        made.append(Comparisons(pretend(*ends, go=go)))
        return made[-1]

    yield runs
    for each in made:
        each.close()


@pytest.fixture
def checks(pretend: Pretend) -> Iterator[ThoroughChecks]:
    """Return checks with a fake worker."""
    made = ThoroughChecks()
    made.command = pretend()
    yield made
    made.close()


def alive(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


def find(runs: Comparisons, question: Question) -> Job:
    run = runs.find(question.link)
    assert run
    return run


def until(holds: Callable[[], object], seconds: float = 10) -> None:
    """Wait until a condition holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.005)


def test_questions_are_answered_in_order_and_know_how_many_are_before_them(make: Make, tmp_path: Path):
    """One process answers them one at a time, and answers are cached."""
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


def test_stop_ends_a_run_immediately_and_the_next_one_begins(make: Make, tmp_path: Path):
    """The process ends whatever it was doing."""
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


def test_two_rooms_share_a_run_which_continues_for_the_other(make: Make, tmp_path: Path):
    """An owner who stops it only leaves it; others cannot stop it."""
    runs = make()
    runs.ask(ONE, FIRST)
    runs.ask(TWO, FIRST)
    runs.stop(THREE)
    runs.stop(ONE)
    assert find(runs, FIRST).owners == {TWO}
    (tmp_path / "go").touch()
    until(lambda: find(runs, FIRST).stage is Stage.DONE)
    assert (tmp_path / "workers").read_text().count(" ") == 1


def test_a_room_has_one_run_at_a_time(make: Make, tmp_path: Path):
    """A new question replaces the last one, so nobody can fill the queue."""
    runs = make()
    runs.ask(ONE, FIRST)
    runs.ask(ONE, SECOND)
    assert runs.wanted(ONE) == SECOND.link
    assert find(runs, FIRST).stage is Stage.STOPPED
    (tmp_path / "go").touch()
    until(lambda: find(runs, SECOND).stage is Stage.DONE)


def test_a_worker_that_dies_is_reported_and_replaced(make: Make, tmp_path: Path):
    """The sentence contains no path, and the next run has a new process."""
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


def test_a_worker_that_cannot_be_started_or_sends_nonsense_is_reported(make: Make, tmp_path: Path):
    """The next question is answered."""
    runs = make(go=True)
    right, runs.command = runs.command, ("/nowhere/at-all",)
    runs.ask(ONE, FIRST)
    until(lambda: find(runs, FIRST).over)
    (tmp_path / "begins").write_bytes(b"cnowhere\nNothing\n.")  # a pickle of an unknown class
    runs.command = right
    runs.ask(TWO, SECOND)
    until(lambda: find(runs, SECOND).over)
    for question in (FIRST, SECOND):
        assert find(runs, question).stage is Stage.FAILED and "/" not in find(runs, question).sentence
    (tmp_path / "begins").write_bytes(pickle.dumps(Done(1, 2)))
    runs.ask(THREE, THIRD)
    until(lambda: find(runs, THIRD).stage is Stage.DONE)


def test_a_workers_error_is_kept_verbatim(make: Make):
    """A repeated question is tried again."""
    runs = make(Failure("too few tickets"), go=True)
    runs.ask(ONE, FIRST)
    until(lambda: find(runs, FIRST).over)
    assert (find(runs, FIRST).stage, find(runs, FIRST).sentence) == (Stage.FAILED, "too few tickets")
    runs.ask(ONE, FIRST)
    assert find(runs, FIRST).stage is not Stage.FAILED


def test_only_the_latest_results_are_kept(make: Make):
    """Otherwise memory would grow with each question."""
    runs = make(go=True)
    runs.kept = 2
    asked = [replace(DEFAULT, seed=seed) for seed in range(5)]
    for room, question in enumerate(asked):
        runs.ask(str(room), question)
    until(lambda: find(runs, asked[-1]).over)
    assert [runs.find(question.link) is not None for question in asked] == [False, False, False, True, True]


def test_the_estimate_learns_from_the_last_run(make: Make):
    """More tickets, replications and arms take longer; before the first run a trial measures the pace."""
    runs = make(go=True)
    before = runs.estimate(DEFAULT)
    more_arms = DEFAULT.with_arm("One more", Policy(approval=Approval.BOTH))
    for more in (replace(DEFAULT, tickets=200_000), replace(DEFAULT, replications=200), more_arms):
        assert before < runs.estimate(more)
    runs.ask(ONE, DEFAULT)
    until(lambda: find(runs, DEFAULT).over)
    assert runs.estimate(DEFAULT) == pytest.approx(3.0 + DRAWING)  # the worker says that it took so long
    assert runs.estimate(replace(DEFAULT, seed=9)) == runs.estimate(DEFAULT) != before


def test_the_estimate_of_an_analysis_is_based_on_a_comparison_until_one_of_its_kind_ran(make: Make):
    """A sweep has its own time per run, which says nothing about other kinds."""
    runs, swept = make(go=True), DecisionAsked("sweep", DEFAULT, ("grant_lasts",))
    shaken, before = DecisionAsked("sensitivity", DEFAULT), runs.estimate(swept) - DRAWING - START
    runs.ask(ONE, DEFAULT)
    until(lambda: find(runs, DEFAULT).over)
    slower = 3.0 / trial().of(DEFAULT)
    assert runs.estimate(swept) - DRAWING == pytest.approx(slower * before)
    others = runs.estimate(shaken)
    runs.ask_beside(ONE, swept)
    until(lambda: (job := runs.find(swept.key)) is not None and job.over)
    assert runs.estimate(swept) == pytest.approx(3.0 + DRAWING) and runs.estimate(shaken) == others
    assert runs.estimate(replace(swept, knobs=("grant_lasts", "share_rejected"))) > 9.0


def test_a_run_that_is_too_short_does_not_change_the_pace(make: Make):
    """Its time is mostly noise."""
    runs = make(Answer(ComparisonResult(None, {}, 0.1)), go=True)
    runs.ask(ONE, DEFAULT)
    until(lambda: find(runs, DEFAULT).over)
    assert runs.estimate(DEFAULT) == pytest.approx(trial().of(DEFAULT) + DRAWING)


TIMED = replace(DEFAULT, tickets=10_000, replications=8)
MEASURED = (  # seconds of processor on one machine, for questions of many kinds
    (replace(TIMED, tickets=1_000), 1.56),
    (TIMED, 2.00),
    (replace(TIMED, tickets=100_000, replications=4), 2.56),
    (replace(TIMED, arms={}), 0.66),
    (Question(tickets=300_000, replications=2, arms={"a": {}}), 1.33),
    (TIMED.changed(0, Policy(), Behaviour(share_elsewhere=0.0)), 1.97),
    (TIMED.changed(0, Policy(), Behaviour(share_elsewhere=1.0)), 2.63),
    (replace(TIMED.changed(0, Policy(), Behaviour(share_elsewhere=1.0)), tickets=100_000, replications=2), 1.81),
)


def test_a_trial_of_two_sizes_predicts_every_question_within_a_factor_of_one_and_a_half():
    """`Pace` is compared with measurements from the smallest to the largest question."""
    pace = Pace.between(MEASURED[0], MEASURED[2], one_figure=0.5)
    for question, seconds in MEASURED:
        assert 1 / 1.5 < pace.of(question) / seconds < 1.5, question


def test_a_noisy_trial_never_predicts_a_negative_time():
    """On a busy machine a small question may take longer than a large one."""
    pace = Pace.between((TIMED, 3.0), (replace(TIMED, tickets=20_000), 2.0), one_figure=0.5)
    assert 0 < pace.of(TIMED) == pytest.approx(3.0, rel=0.01)


def test_the_queue_of_checks_is_limited(checks: ThoroughChecks, tmp_path: Path):
    """One runs and five wait. Further checks are queued only once they are done."""
    codes = [policy_code(Policy(history_days=days)) for days in range(1, 8)]
    for code in codes[:6]:
        assert not checks.busy
        checks.ask(code)
    until(lambda: checks.unfinished() == codes[:6] and (job := checks.find(codes[0])) and job.of)
    assert checks.busy
    checks.ask(codes[6])
    assert checks.find(codes[6]) is None and checks.unfinished() == codes[:6]
    (tmp_path / "go").touch()
    until(lambda: not checks.unfinished())
    checks.ask(codes[6])
    until(lambda: not checks.unfinished())
    assert [job.stage for code in codes if (job := checks.find(code))] == [Stage.DONE] * 7


def test_only_the_latest_owners_are_remembered(make: Make, monkeypatch: pytest.MonkeyPatch):
    """Otherwise memory would grow with each visitor. A forgotten owner's link still finds its answer."""
    monkeypatch.setattr(job_queue, "_OWNERS", 2)
    runs = make(go=True)
    for room, question in ((ONE, FIRST), (TWO, SECOND), (THREE, THIRD)):
        runs.ask(room, question)
    assert [runs.wanted(room) for room in (ONE, TWO, THREE)] == [None, SECOND.link, THIRD.link]
    until(lambda: not runs.unfinished())
    assert find(runs, FIRST).stage is Stage.DONE


def test_an_idle_worker_is_ended_and_the_next_job_has_a_new_one(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """An idle server then releases the memory."""
    monkeypatch.setattr(job_queue, "_IDLE", 0.05)
    runs = make(go=True)
    for question in (FIRST, SECOND):
        runs.ask(ONE, question)
        until(lambda: not runs.unfinished())
        until(lambda: runs._process is None)
    one, other = map(int, (tmp_path / "workers").read_text().split())
    assert one != other
    until(lambda: not alive(one) and not alive(other))
    assert [find(runs, question).stage for question in (FIRST, SECOND)] == [Stage.DONE] * 2


def test_a_worker_is_not_ended_while_it_works(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A long job is not idle."""
    monkeypatch.setattr(job_queue, "_IDLE", 0.01)
    runs = make()
    runs.ask(ONE, FIRST)
    until(lambda: find(runs, FIRST).of)
    time.sleep(0.2)  # many times the limit
    (tmp_path / "go").touch()
    until(lambda: find(runs, FIRST).over)
    assert find(runs, FIRST).stage is Stage.DONE


@pytest.mark.slow
@pytest.mark.parametrize(
    ("queue", "niceness"),
    [(Comparisons, comparisons.NICENESS), (ThoroughChecks, policy_checks.NICENESS)],
    ids=["comparisons", "checks"],
)
def test_a_worker_has_a_lower_priority_than_the_server(queue: type[JobQueue], niceness: int):
    """So have all its threads, so that pages are drawn as fast while it works."""
    lower = min(19, os.getpriority(os.PRIO_PROCESS, 0) + niceness)
    jobs = queue()  # type: ignore[call-arg]
    jobs.request = lambda asked: asked  # type: ignore[method-assign]
    jobs.want(ONE, "nonsense", "nonsense")
    until(lambda: not jobs.unfinished(), seconds=60)  # so all is imported
    assert jobs._process, "the worker said that it cannot answer, and waits"
    threads = [int(thread.name) for thread in Path(f"/proc/{jobs._process.pid}/task").iterdir()]
    assert {os.getpriority(os.PRIO_PROCESS, thread) for thread in threads} == {lower}
    jobs.close()
