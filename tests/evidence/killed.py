"""Processes that are killed while they work on a room, and what they had acknowledged by then."""

import multiprocessing
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import Any

_processes = multiprocessing.get_context("forkserver")  # forks of a process that has imported everything, and no more
_processes.set_forkserver_preload(["tests.evidence.kills"])


def killed(act: Callable[..., None], *given: Any, wait: float) -> list[Any]:
    """Run `act(say, *given)` in a process and kill it with SIGKILL `wait` seconds after it first said something.

    Returns all that it said before it died.
    """
    process, hear = _start(act, *given)
    said = [hear()]
    time.sleep(wait)
    process.kill()
    with suppress(EOFError):
        while True:
            said.append(hear())
    _end(process)
    return said


def ran(act: Callable[..., None], *given: Any, heard: Callable[[Any], object] = lambda _: None) -> list[Any]:
    """Run `act(say, *given)` in a process to its end and return all that it said; `heard` is told each at once."""
    process, hear = _start(act, *given)
    said = []
    with suppress(EOFError):
        while True:
            said.append(hear())
            heard(said[-1])
    _end(process)
    return said


def _start(act: Callable[..., None], *given: Any) -> tuple[ForkServerProcess, Callable[[], Any]]:
    here, there = _processes.Pipe(duplex=False)
    process = _processes.Process(target=_work, args=(act, there, *given), daemon=True)
    process.start()
    there.close()
    return process, here.recv


def _end(process: ForkServerProcess) -> None:
    """Wait until it is gone. Raises RuntimeError if it ended by an error of its own."""
    process.join()
    if process.exitcode not in (0, -9):
        raise RuntimeError(f"process {process.name} failed; its traceback is on the screen")
    process.close()


def _work(act: Callable[..., None], there: Connection, *given: Any) -> None:
    act(there.send, *given)
