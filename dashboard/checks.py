"""What the policy checker says, kept for everybody: a report is the same for each visitor who asks about a policy."""

import logging
import pickle
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import streamlit as st

from dashboard.policy_link import policy_of
from model.checker import DEFAULT, SMALL, Report, check
from model.exploration import Bounds

_KEPT = 300  # reports
_PROVER = (sys.executable, "-c", "from dashboard.prover import main; main()")
_ROOT = Path(__file__).parents[1]
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
        self._reports: OrderedDict[str, Future[Report]] = OrderedDict()
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="thorough check")
        self._process: subprocess.Popen[bytes] | None = None

    def find(self, code: str) -> "Future[Report] | None":
        """The check of the policy, if somebody has asked for it."""
        return self._reports.get(code)

    @property
    def busy(self) -> bool:
        """Do so many wait that no more can be asked for?"""
        return sum(not check.done() for check in list(self._reports.values())) > self.MOST_WAITING

    def ask(self, code: str) -> None:
        """Begins a check, unless it was asked for before and did not fail."""
        with self._lock:
            asked = self._reports.get(code)
            if self.busy or (asked and not (asked.done() and asked.exception())):
                return
            self._reports[code] = self._pool.submit(self._check, code)
            over = [code for code, check in self._reports.items() if check.done()]
            for old in over[: max(len(self._reports) - _KEPT, 0)]:
                del self._reports[old]

    def _check(self, code: str) -> Report:
        pipe = subprocess.PIPE
        with subprocess.Popen(_PROVER, stdin=pipe, stdout=pipe, cwd=_ROOT, start_new_session=True) as process:
            self._process = process
            try:
                answer, _ = process.communicate(pickle.dumps((policy_of(code), self.bounds)), timeout=_LONGEST)
                found: Report = pickle.loads(answer)
            except (subprocess.TimeoutExpired, EOFError, pickle.UnpicklingError):
                process.kill()
                _log.exception("the thorough check of %s came to nothing", code)
                raise
            return found

    def close(self) -> None:
        """Ends everything."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        if self._process:
            self._process.kill()


@st.cache_resource(show_spinner=False, on_release=Thorough.close)
def thorough() -> Thorough:
    """The one of this process."""
    return Thorough()
