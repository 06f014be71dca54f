"""The loop of a worker process: it answers one request after another, at low priority.

Requests and messages are pickled, as both ends are this project's own. The other end is
`dashboard.background.jobs.job_queue`.
"""

import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

Progress = Callable[[int, int], None]
"""Called with the amount done and the total."""


@dataclass(frozen=True)
class Done:
    """The progress of a job."""

    done: int
    of: int


@dataclass(frozen=True)
class Failure:
    """Why a job failed, in a sentence for the page; empty if only the log has it."""

    sentence: str = ""


@dataclass(frozen=True)
class Answer:
    """The result of a job."""

    result: Any


Message = Done | Failure | Answer


class CannotAnswer(Exception):
    """Raised by a job that cannot have a result, with a sentence for the page."""


def command(module: str, niceness: int) -> tuple[str, ...]:
    """Return the command that starts a worker, which is the function `main` of a module and calls `serve`.

    `niceness` is from 0 to 19: the higher, the more of the processor everything else gets. It is set before the module
    is imported, because threads that an import starts would keep the server's priority.
    """
    return sys.executable, "-c", f"import os; os.nice({niceness}); from {module} import main; main()"


def serve(answer: Callable[[Any, Progress], Any]) -> None:
    """Answer requests from standard input until it ends, or until nobody reads the messages."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is handled by the server, which ends this process
    requests, messages = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library's output is not a message
    with suppress(EOFError, BrokenPipeError):
        while True:
            request = pickle.load(requests)
            _send(messages, message(answer, request, lambda done, of: _send(messages, Done(done, of))))


def message(answer: Callable[[Any, Progress], Any], request: Any, progress: Progress) -> Message:
    """Return the final message about a request: the answer, or the reason why there is none."""
    try:
        return Answer(answer(request, progress))
    except BrokenPipeError:
        raise
    except CannotAnswer as error:
        return Failure(str(error))
    except Exception:
        traceback.print_exc()
        return Failure()


def _send(messages: BinaryIO, message: Message) -> None:
    pickle.dump(message, messages)
    messages.flush()
