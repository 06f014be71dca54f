"""Processes that work on a room, report their acts, and may be killed at any moment."""

import multiprocessing
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

_forks = multiprocessing.get_context("forkserver")  # of a process with all imports done and no file opened
_forks.set_forkserver_preload(["dashboard.background.rooms", "tests.evidence.acts"])

Act = Callable[..., None]
"""A process's function: `act(parent, *given)`, where `parent` is its end of a pipe."""


class Child:
    """A process that runs an act; `hear` and `tell` use its pipe."""

    def __init__(self, act: Act, *given: Any) -> None:
        here, there = _forks.Pipe()
        self._process = _forks.Process(target=_work, args=(act, there, *given), daemon=True)
        self._process.start()
        there.close()
        self._pipe = here
        self.hear: Callable[[], Any] = here.recv  # raises EOFError once the process is gone
        self.tell: Callable[[Any], None] = here.send

    def rest(self) -> list[Any]:
        """Return its remaining messages until it ends."""
        said = []
        with suppress(EOFError, ConnectionResetError):
            while True:
                said.append(self.hear())
        return said

    def kill(self) -> None:
        """Kill it with SIGKILL."""
        self._process.kill()

    def end(self) -> int:
        """Wait until it ends and return its exit code, negative for a signal."""
        self._process.join()
        code = self._process.exitcode or 0
        self._process.close()
        self._pipe.close()
        return code


def killed(act: Act, *given: Any, wait: float) -> list[Any]:
    """Run an act in a process, kill it `wait` seconds after its first message, and return all messages."""
    child = Child(act, *given)
    said = [child.hear()]
    time.sleep(wait)
    child.kill()
    said += child.rest()
    child.end()
    return said


def ran(act: Act, *given: Any) -> list[tuple[float, Any]]:
    """Run an act in a process to its end; return its messages with their times. Raises RuntimeError if it failed."""
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
