"""Processes that work on a room, say what they did, and may be killed at any moment."""

import multiprocessing
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

_forks = multiprocessing.get_context("forkserver")  # of one process that has imported everything and opened nothing
_forks.set_forkserver_preload(["dashboard.background.rooms", "tests.evidence.acts"])

Act = Callable[..., None]
"""What a process does: `act(parent, *given)`, where `parent` is its end of a pipe."""


class Child:
    """A process that does an act. `hear` and `tell` are its pipe."""

    def __init__(self, act: Act, *given: Any) -> None:
        here, there = _forks.Pipe()
        self._process = _forks.Process(target=_work, args=(act, there, *given), daemon=True)
        self._process.start()
        there.close()
        self._pipe = here
        self.hear: Callable[[], Any] = here.recv  # raises EOFError once the process is gone
        self.tell: Callable[[Any], None] = here.send

    def rest(self) -> list[Any]:
        """Return all that it still says until it is gone."""
        said = []
        with suppress(EOFError, ConnectionResetError):
            while True:
                said.append(self.hear())
        return said

    def kill(self) -> None:
        """Kill it with SIGKILL."""
        self._process.kill()

    def end(self) -> int:
        """Wait until it is gone and return its exit code: minus the number of the signal that killed it."""
        self._process.join()
        code = self._process.exitcode or 0
        self._process.close()
        self._pipe.close()
        return code


def killed(act: Act, *given: Any, wait: float) -> list[Any]:
    """Run an act in a process and kill it `wait` seconds after it first said something; return all that it said."""
    child = Child(act, *given)
    said = [child.hear()]
    time.sleep(wait)
    child.kill()
    said += child.rest()
    child.end()
    return said


def ran(act: Act, *given: Any) -> list[tuple[float, Any]]:
    """Run an act in a process to its end; return what it said and when. Raises RuntimeError if it failed."""
    child, said = Child(act, *given), []
    with suppress(EOFError):
        while True:
            what = child.hear()
            said.append((time.perf_counter(), what))
    if code := child.end():
        raise RuntimeError(f"the process ended with exit code {code}; what it printed says why")
    return said


def _work(act: Act, parent: Connection, *given: Any) -> None:
    act(parent, *given)
