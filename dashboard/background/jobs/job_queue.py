"""Work in a separate process: one job at a time, in order, with progress, a time limit and cached results.

Jobs are identified by key: equal requests share one job and its result. An owner has one job at a time; a job without
an owner is ended.
"""

from __future__ import annotations

import logging
import pickle
import subprocess
import threading
import time
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, cast

from dashboard.background.jobs.worker import Answer, Done, Failure, Message

_ROOT = Path(__file__).parents[3]
_OWNERS = 1000  # owners whose last request is remembered
_IDLE = 300  # seconds after which an idle worker is ended
_log = logging.getLogger(__name__)


class Stage(StrEnum):
    """The stage of a job."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True)
class Job:
    """An immutable snapshot of a job."""

    asked: Any  # the request's key
    stage: Stage = Stage.WAITING
    owners: frozenset[str] = frozenset()  # its owners
    done: int = 0
    of: int = 0  # 0: not known yet
    began: float = 0.0  # by time.monotonic
    seconds: float = 0.0  # that it took
    result: Any = None
    sentence: str = ""  # why it failed

    @property
    def over(self) -> bool:
        """Return whether the job will not change any more."""
        return self.stage not in (Stage.WAITING, Stage.RUNNING)

    @property
    def share(self) -> float:
        """Return the share that is done, from 0 to 1."""
        return self.done / self.of if self.of else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Return an estimate of the remaining seconds; None if it is too early."""
        if self.stage is not Stage.RUNNING or self.share < 0.05:
            return None
        return (time.monotonic() - self.began) * (1 - self.share) / self.share


@dataclass(frozen=True)
class Sentences:
    """The texts for jobs without a result."""

    failed: str
    died: str  # the worker's process ended
    too_long: str


@dataclass
class JobQueue:
    """Jobs by key, and the process that does them.

    `command` starts the worker, which calls `dashboard.background.jobs.worker.serve`.
    """

    command: tuple[str, ...]
    sentences: Sentences
    longest: float  # time limit of a job, in seconds
    kept: int  # finished jobs
    _jobs: OrderedDict[str, Job] = field(default_factory=OrderedDict)  # waiting jobs, in the order of their requests
    _wanted: OrderedDict[str, str] = field(default_factory=OrderedDict)  # owner -> its last key
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _thread: threading.Thread | None = None
    _process: subprocess.Popen[bytes] | None = None
    _closed: bool = False

    def request(self, asked: Any) -> Any:
        """Return the message to the worker for a key."""
        return asked

    def finished(self, job: Job) -> None:
        """Note that a job is done. Called under the queue's lock."""

    def want(self, owner: str, key: str, asked: Any) -> None:
        """Queue a job for an owner in place of its previous one; retry one that stopped or failed."""
        with self._changed:
            if self._wanted.get(owner) != key:
                self._leave(owner)
            job = self._jobs.get(key)
            if job is None or job.stage in (Stage.STOPPED, Stage.FAILED):
                self._jobs.pop(key, None)
                job = Job(asked)
            self._jobs[key] = replace(job, owners=job.owners | {owner})
            self._wanted[owner] = key
            self._wanted.move_to_end(owner)
            while len(self._wanted) > _OWNERS:
                self._wanted.popitem(last=False)
            if self._thread is None:  # a daemon: the server does not wait for it when it stops
                self._thread = threading.Thread(target=self._work, name=type(self).__name__, daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def stop(self, owner: str) -> None:
        """Withdraw an owner's job, which ends immediately unless it has another owner."""
        with self._changed:
            self._leave(owner)

    def find(self, key: str) -> Job | None:
        """Return the job of a key; None if it was not requested lately."""
        return self._jobs.get(key)

    def wanted(self, owner: str) -> str | None:
        """Return the key of an owner's last job."""
        return self._wanted.get(owner)

    def unfinished(self) -> list[str]:
        """Return the keys of the waiting and running jobs, in order."""
        with self._changed:
            return [key for key, job in self._jobs.items() if not job.over]

    def before(self, key: str) -> int:
        """Return the number of jobs before this one."""
        under_way = self.unfinished()
        return under_way.index(key) if key in under_way else 0

    def close(self) -> None:
        """End everything."""
        with self._changed:
            self._closed = True
            if self._process:
                self._process.kill()
            self._changed.notify_all()
        if self._thread:
            self._thread.join(timeout=10)

    def _leave(self, owner: str) -> None:
        """Remove the owner from its job, and end the job if it has no other owner."""
        key = self._wanted.get(owner, "")
        job = self._jobs.get(key)
        if job is None or job.over:
            return
        self._jobs[key] = job = replace(job, owners=job.owners - {owner})
        if not job.owners:
            self._jobs[key] = replace(job, stage=Stage.STOPPED)
            if job.stage is Stage.RUNNING and self._process:
                self._process.kill()  # its thread notices, and cleans up
                self._process = None

    # The methods below run in the one thread that talks to the worker.

    def _work(self) -> None:
        while key := self._next():
            try:
                self._run(key)
            except Exception:
                _log.exception("a job of %s failed", type(self).__name__)
                self._receive(key, Failure(self.sentences.failed))
                self._dismiss(self._process)
        self._dismiss(self._process)

    def _next(self) -> str | None:
        """Return the key of the next job; None if the queue is closed."""
        while True:
            with self._changed:
                if self._closed:
                    return None
                for key, job in self._jobs.items():
                    if job.stage is Stage.WAITING:
                        self._jobs[key] = replace(job, stage=Stage.RUNNING, began=time.monotonic())
                        return key
                if not self._changed.wait(timeout=_IDLE):
                    self._dismiss(self._process)

    def _run(self, key: str) -> None:
        """Let the worker do the job, and record its messages."""
        with self._changed:
            job = self._jobs[key]
            if job.stage is not Stage.RUNNING:  # it was stopped just now
                return
            worker = self._worker()
        requests, messages = cast(BinaryIO, worker.stdin), cast(BinaryIO, worker.stdout)
        too_long = threading.Timer(self.longest, worker.kill)
        too_long.daemon = True
        too_long.start()
        try:
            pickle.dump(self.request(job.asked), requests)
            requests.flush()
            while not self._receive(key, pickle.load(messages)):
                pass
        except (EOFError, OSError, pickle.UnpicklingError):  # the worker is gone
            late = time.monotonic() - job.began >= self.longest
            self._receive(key, Failure(self.sentences.too_long if late else self.sentences.died))
            self._dismiss(worker)
        finally:
            too_long.cancel()
            if worker is not self._process:  # it was killed, perhaps just after its last message
                self._dismiss(worker)

    def _worker(self) -> subprocess.Popen[bytes]:
        """Return the worker's process, starting one if there is none."""
        if self._process is None:
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(self.command, stdin=pipe, stdout=pipe, cwd=_ROOT)
        return self._process

    def _receive(self, key: str, message: Message) -> bool:
        """Record a message, and return whether it was the job's last one."""
        with self._changed:
            job = self._jobs[key]  # as it is now
            took = time.monotonic() - job.began
            if job.stage is not Stage.RUNNING:  # it was stopped
                return not isinstance(message, Done)
            match message:
                case Done(done, of):
                    self._jobs[key] = replace(job, done=done, of=of)
                    return False
                case Answer(result):
                    self._jobs[key] = job = replace(job, stage=Stage.DONE, result=result, seconds=took)
                    self.finished(job)
                case Failure(sentence):
                    why = sentence or self.sentences.failed
                    self._jobs[key] = replace(job, stage=Stage.FAILED, sentence=why, seconds=took)
            over = [other for other, job in self._jobs.items() if job.over]
            for other in over[: max(len(over) - self.kept, 0)]:
                del self._jobs[other]
            return True

    def _dismiss(self, worker: subprocess.Popen[bytes] | None) -> None:
        """End a worker, and clean up after it."""
        if worker:
            if worker is self._process:
                self._process = None
            worker.kill()
            worker.wait()
            for pipe in (worker.stdin, worker.stdout):
                with suppress(OSError):  # data not yet written to it
                    cast(BinaryIO, pipe).close()
