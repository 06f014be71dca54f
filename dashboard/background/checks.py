"""What the policy checker says, kept for everybody: a report is the same for each visitor who asks about a policy."""

import logging
import pickle
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from concurrent.futures import Future
from pathlib import Path
from queue import SimpleQueue

import streamlit as st

from dashboard.text.policy_link import policy_of
from model.checker.report import DEFAULT, SMALL, Report, check
from model.checker.small_world import Bounds

_KEPT = 300  # reports
_PROVER = (sys.executable, "-c", "from dashboard.background.check_worker import main; main()")
_ROOT = Path(__file__).parents[2]
_LONGEST = 600  # seconds
_log = logging.getLogger(__name__)


@st.cache_data(max_entries=_KEPT, show_spinner=False)
def report(code: str) -> Report:
    """The report within the small bounds, on the policy of a link; a second or two the first time."""
    return check(policy_of(code), SMALL, clock=time.perf_counter)


class Thorough:
    """Checks within wide bounds: one at a time, in a process beside the server, so that no page waits for them."""

    MOST_WAITING = 5

    def __init__(self, bounds: Bounds = DEFAULT) -> None:
        self.bounds = bounds
        self._asked: OrderedDict[str, Future[Report]] = OrderedDict()
        self._waiting: SimpleQueue[str | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    def find(self, code: str) -> Future[Report] | None:
        """The check of the policy, if somebody has asked for it."""
        return self._asked.get(code)

    @property
    def busy(self) -> bool:
        """Do so many wait that no more can be asked for?"""
        return sum(not check.done() for check in list(self._asked.values())) > self.MOST_WAITING

    def ask(self, code: str) -> None:
        """Begins a check, unless it was asked for before and did not fail."""
        with self._lock:
            before = self._asked.get(code)
            if self.busy or (before and not (before.done() and before.exception())):
                return
            self._asked[code] = Future()
            self._waiting.put(code)
            over = [other for other, check in self._asked.items() if check.done()]
            for old in over[: max(len(self._asked) - _KEPT, 0)]:
                del self._asked[old]
            if self._thread is None:  # a daemon: the server does not wait for it when it stops
                self._thread = threading.Thread(target=self._work, name="thorough checks", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Ends everything."""
        self._closed = True
        self._waiting.put(None)
        if self._process:
            self._process.kill()

    def _work(self) -> None:
        while (code := self._waiting.get()) and not self._closed:
            check = self._asked[code]
            check.set_running_or_notify_cancel()
            try:
                check.set_result(self._checked(code))
            except Exception as error:
                _log.exception("the thorough check of %s came to nothing", code)
                check.set_exception(error)

    def _checked(self, code: str) -> Report:
        pipe = subprocess.PIPE
        with subprocess.Popen(_PROVER, stdin=pipe, stdout=pipe, cwd=_ROOT) as self._process:
            try:
                answer, _ = self._process.communicate(pickle.dumps((policy_of(code), self.bounds)), timeout=_LONGEST)
            except subprocess.TimeoutExpired:
                self._process.kill()
                raise
            found: Report = pickle.loads(answer)
            return found


@st.cache_resource(show_spinner=False, on_release=Thorough.close)
def thorough() -> Thorough:
    """The one of this process."""
    return Thorough()
