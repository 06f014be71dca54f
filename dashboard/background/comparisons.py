"""The comparisons that visitors ask for: one at a time, in a process beside the server, kept when they are done.

A run belongs to its question: who asks the same gets the same, at once where it is done. A room wants one run at a
time, so whoever leaves its pages and comes back finds it; a run that no room wants any more is ended.
"""

from __future__ import annotations

import logging
import pickle
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, cast

import streamlit as st

from dashboard.background.comparison_worker import Failure, Found, Message, Progress
from dashboard.text.question import Question

_WORKER = (sys.executable, "-c", "from dashboard.background.comparison_worker import main; main()")
_ROOT = Path(__file__).parents[2]
_KEPT = 32  # runs that are over
_ROOMS = 1000  # of which is remembered what they asked last
_IDLE = 300  # seconds after which a worker without work is ended
LONGEST = 900  # seconds that a run may take
_log = logging.getLogger(__name__)


class Stage(StrEnum):
    """What has become of a run."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True)
class Run:
    """A run at some moment. It changes by being replaced, so a page may read one at leisure."""

    question: Question
    stage: Stage = Stage.WAITING
    rooms: frozenset[str] = frozenset()  # that want it
    done: int = 0
    of: int = 0  # 0: not known yet
    began: float = 0.0  # by time.monotonic
    seconds: float = 0.0  # that it took
    found: Found | None = None
    sentence: str = ""  # why it failed

    @property
    def over(self) -> bool:
        """Will it not change any more?"""
        return self.stage not in (Stage.WAITING, Stage.RUNNING)

    @property
    def share(self) -> float:
        """How much is done, from 0 to 1."""
        return self.done / self.of if self.of else 0.0

    @property
    def seconds_left(self) -> float | None:
        """An estimate; None: too early to say."""
        if self.stage is not Stage.RUNNING or self.share < 0.05:
            return None
        return (time.monotonic() - self.began) * (1 - self.share) / self.share


@dataclass
class Runs:
    """Runs by their question's link, which says all of it."""

    command: tuple[str, ...] = _WORKER
    _runs: OrderedDict[str, Run] = field(default_factory=OrderedDict)  # those that wait, in the order of their asking
    _wanted: OrderedDict[str, str] = field(default_factory=OrderedDict)  # room -> what it asked last
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _thread: threading.Thread | None = None
    _process: subprocess.Popen[bytes] | None = None
    _closed: bool = False
    _pace: float = 1.0  # seconds that the last run took for one that was expected

    def ask(self, room: str, question: Question) -> None:
        """Wants a run for a room, in the place of what the room wanted before; one that failed is tried again."""
        with self._changed:
            if self._wanted.get(room) != question.link:
                self._leave(room)
            run = self._runs.get(question.link)
            if run is None or run.stage in (Stage.STOPPED, Stage.FAILED):
                self._runs.pop(question.link, None)
                run = Run(question)
            self._runs[question.link] = replace(run, rooms=run.rooms | {room})
            self._wanted[room] = question.link
            self._wanted.move_to_end(room)
            while len(self._wanted) > _ROOMS:
                self._wanted.popitem(last=False)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="what-if runs", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def stop(self, room: str) -> None:
        """Takes back what a room wants; the run ends at once, unless another room wants it too."""
        with self._changed:
            self._leave(room)

    def find(self, link: str) -> Run | None:
        """The run of a question; None: nobody asked it lately."""
        return self._runs.get(link)

    def wanted(self, room: str) -> str | None:
        """The link of the question that a room asked last."""
        return self._wanted.get(room)

    def before(self, link: str) -> int:
        """How many runs have to be over before the question's own can begin."""
        with self._changed:
            under_way = [other for other, run in self._runs.items() if not run.over]
        return under_way.index(link) if link in under_way else 0

    def estimate(self, question: Question) -> float:
        """About how many seconds a run takes once it begins, by how long the last one took."""
        return self._pace * _effort(question)

    def close(self) -> None:
        """Ends everything."""
        with self._changed:
            self._closed = True
            if self._process:
                self._process.kill()
            self._changed.notify_all()
        if self._thread:
            self._thread.join(timeout=10)

    def _leave(self, room: str) -> None:
        """The room does not want any longer what it asked last."""
        link = self._wanted.get(room, "")
        run = self._runs.get(link)
        if run is None or run.over:
            return
        self._runs[link] = run = replace(run, rooms=run.rooms - {room})
        if not run.rooms:
            self._runs[link] = replace(run, stage=Stage.STOPPED)
            if run.stage is Stage.RUNNING and self._process:
                self._process.kill()  # the thread that talks to it notices, and tidies up
                self._process = None

    # What follows runs in the one thread that talks to the worker.

    def _work(self) -> None:
        while run := self._next():
            try:
                self._run(run)
            except Exception:
                _log.exception("a run of What if failed")
                self._heard(run, Failure("The simulation could not be run; the app's own log says more."))
                self._dismiss(self._process)
        self._dismiss(self._process)

    def _next(self) -> Run | None:
        """The run that begins now; None: no more will come."""
        while True:
            with self._changed:
                if self._closed:
                    return None
                for link, run in self._runs.items():
                    if run.stage is Stage.WAITING:
                        self._runs[link] = replace(run, stage=Stage.RUNNING, began=time.monotonic())
                        return self._runs[link]
                if not self._changed.wait(timeout=_IDLE):
                    self._dismiss(self._process)

    def _run(self, run: Run) -> None:
        """Has the worker answer, and keeps what it says."""
        with self._changed:
            if self._runs[run.question.link].stage is not Stage.RUNNING:  # it was stopped just now
                return
            worker = self._worker()
        questions, answers = cast(BinaryIO, worker.stdin), cast(BinaryIO, worker.stdout)
        too_long = threading.Timer(LONGEST, worker.kill)
        too_long.daemon = True
        too_long.start()
        try:
            pickle.dump(run.question.experiment, questions)
            questions.flush()
            while not self._heard(run, pickle.load(answers)):
                pass
        except (EOFError, OSError, pickle.UnpicklingError):  # the worker is gone
            limit = f"It took longer than {LONGEST // 60} minutes and was ended: ask for fewer tickets or replications."
            died = "The simulation ended before it was done, perhaps for want of memory: ask for fewer tickets."
            self._heard(run, Failure(limit if time.monotonic() - run.began >= LONGEST else died))
            self._dismiss(worker)
        finally:
            too_long.cancel()
            if worker is not self._process:  # it was killed, perhaps just after its last word
                self._dismiss(worker)

    def _worker(self) -> subprocess.Popen[bytes]:
        """The process, started where none is at hand."""
        if self._process is None:
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(self.command, stdin=pipe, stdout=pipe, cwd=_ROOT)
        return self._process

    def _heard(self, begun: Run, message: Message) -> bool:
        """Keeps a message. Was it the last?"""
        with self._changed:
            link = begun.question.link
            run = self._runs[link]  # as it is now
            took = time.monotonic() - run.began
            if run.stage is not Stage.RUNNING:  # it was stopped
                return not isinstance(message, Progress)
            match message:
                case Progress(done, of):
                    self._runs[link] = replace(run, done=done, of=of)
                    return False
                case Found():
                    self._runs[link] = replace(run, stage=Stage.DONE, found=message, seconds=took)
                    self._pace = took / _effort(run.question)
                case Failure(sentence):
                    self._runs[link] = replace(run, stage=Stage.FAILED, sentence=sentence, seconds=took)
            over = [other for other, run in self._runs.items() if run.over]
            for other in over[: max(len(over) - _KEPT, 0)]:
                del self._runs[other]
            return True

    def _dismiss(self, worker: subprocess.Popen[bytes] | None) -> None:
        """Ends a worker, and tidies up after it."""
        if worker:
            if worker is self._process:
                self._process = None
            worker.kill()
            worker.wait()
            for pipe in (worker.stdin, worker.stdout):
                with suppress(OSError):  # what was to be written to it
                    cast(BinaryIO, pipe).close()


def _effort(question: Question) -> float:
    """Seconds that a run takes on the machine on which that was measured."""
    return 1.0 + len(question.worlds) * question.replications * (0.11 + 1.7e-6 * question.tickets)


@st.cache_resource(show_spinner=False, on_release=Runs.close)
def runs() -> Runs:
    """The one registry of this process."""
    return Runs()
