"""Run the tests on mutants: a process for each, forked after imports and collection, before any test has run.

So a mutant costs only its tests, and a process never has a database from before the fork.
"""

import itertools
import os
import signal
import struct
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import process_time
from typing import Generic, TextIO, TypeVar

import pytest

Key = TypeVar("Key")

AT_ONCE = os.cpu_count() or 1
LEAST_SECONDS, TIMES_AS_LONG = 5.0, 5.0
"""A test fails if its processor time exceeds so many seconds and so many times its time without a mutant."""
_SETTINGS = (
    *("-p", "no:cacheprovider"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # this process has loaded packages that are plugins, too
)
_BEGINS = struct.Struct("Hd")  # the test that begins, and the processor time so far


def run_in_forks(
    tests: Sequence[str], changes: Sequence[tuple[Key, Callable[[], None]]], told: Callable[[Key, int, int, str], str]
) -> None:
    """Run the tests once without a mutant, and for each mutant until one fails.

    `told` is called when one is done, with its key, the exit status, the number left, and the failed test. It returns
    the text to print. Raises RuntimeError if the tests fail without any change.
    """
    with _quiet() as out:
        forks = _Forks(changes, lambda *done: print(told(*done), file=out, flush=True))
        pytest.main([*_SETTINGS, *tests], plugins=[forks])
    if not forks.fine:
        raise RuntimeError("the tests fail without any change")


class _Forks(Generic[Key]):
    """Replaces pytest's loop over the collected tests."""

    def __init__(
        self, changes: Sequence[tuple[Key, Callable[[], None]]], told: Callable[[Key, int, int, str], None]
    ) -> None:
        self.todo, self.told = [*changes], told
        self.fine = False
        self._seconds: list[float] = []  # of each test, without a mutant
        self._kills = Counter[int]()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        places = [*range(len(session.items))]
        pid, pipe = self._start(session, lambda: None, places)
        _, status = os.waitpid(pid, 0)
        began = [seconds for _, seconds in _read(pipe)]
        self.fine = status == 0 and bool(places)
        if not self.fine:
            return True
        self._seconds = [after - before for before, after in itertools.pairwise(began)]
        running: dict[int, tuple[Key, int]] = {}
        while self.todo or running:
            if self.todo and len(running) < AT_ONCE:
                key, change = self.todo.pop(0)
                places.sort(key=lambda place: -(self._kills[place] + 0.1) / (self._seconds[place] + 0.02))
                pid, pipe = self._start(session, change, places)
                running[pid] = key, pipe
                continue
            pid, status = os.wait()
            key, pipe = running.pop(pid)
            begun = [place for place, _ in _read(pipe)]
            self._kills.update(begun[-1:] if status else [])
            killer = session.items[begun[-1]].nodeid if status and begun else ""
            self.told(key, os.waitstatus_to_exitcode(status), len(self.todo), killer)
        return True

    def _start(self, session: pytest.Session, change: Callable[[], None], places: Sequence[int]) -> tuple[int, int]:
        """Start a process with a mutant, and return its id and a pipe with the tests that it begins."""
        reading, writing = os.pipe()
        if pid := os.fork():
            os.close(writing)
            return pid, reading
        try:
            change()
            items = [session.items[place] for place in places]
            for place, item, following in zip(places, items, [*items[1:], None], strict=True):
                os.write(writing, _BEGINS.pack(place, process_time()))
                if self._seconds:  # the signal ends the process
                    signal.setitimer(signal.ITIMER_VIRTUAL, max(LEAST_SECONDS, TIMES_AS_LONG * self._seconds[place]))
                session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if session.testsfailed:
                    os._exit(1)
            os.write(writing, _BEGINS.pack(0, process_time()))
            os._exit(0)
        finally:
            os._exit(1)  # whatever happens: this process must not continue like its parent


def _read(pipe: int) -> Iterator[tuple[int, float]]:
    with open(pipe, "rb") as written:
        yield from _BEGINS.iter_unpack(written.read())


@contextmanager
def _quiet() -> Iterator[TextIO]:
    """Suppress output, except what is written to the yielded stream."""
    kept = os.dup(1), os.dup(2)
    with Path(os.devnull).open("w") as nowhere, open(kept[0], "w", closefd=False) as out:
        for stream in (1, 2):
            os.dup2(nowhere.fileno(), stream)
        try:
            yield out
        finally:
            for stream, copy in zip((1, 2), kept, strict=True):
                os.dup2(copy, stream)
                os.close(copy)
