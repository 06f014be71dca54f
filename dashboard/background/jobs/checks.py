"""Reports of the policy checker, cached for everybody: a report is the same for each visitor."""

import time

import streamlit as st

from dashboard.background.jobs import worker
from dashboard.background.jobs.job_queue import JobQueue, Sentences
from dashboard.text.policy_link import policy_of
from model import Policy
from model.checker import DEFAULT, SMALL, Bounds, Report, check

NICENESS = 15  # of 19: everything else gets the processor first
_WORKER = worker.command("dashboard.background.jobs.check_worker", NICENESS)
_KEPT = 300  # reports
_LONGEST = 600  # seconds
_MOST_WAITING = 5
_ENDED = "The check ended before it was done; the app's own log says more."


@st.cache_data(max_entries=_KEPT, show_spinner=False)
def report(code: str) -> Report:
    """Return the report within the small bounds on the policy of a link; it takes a second or two the first time."""
    return check(policy_of(code), SMALL, clock=time.perf_counter)


class ThoroughChecks(JobQueue):
    """Checks within wide bounds, by policy code. Nobody owns or stops one."""

    def __init__(self, bounds: Bounds = DEFAULT) -> None:
        super().__init__(_WORKER, Sentences(_ENDED, _ENDED, _ENDED), _LONGEST, _KEPT)
        self.bounds = bounds

    @property
    def busy(self) -> bool:
        """Return whether the queue is full."""
        return len(self.unfinished()) > _MOST_WAITING

    def ask(self, code: str) -> None:
        """Start checking the policy, unless a report exists, a check is under way, or the queue is full."""
        with self._changed:
            if not self.busy:
                self.want(code, code, code)

    def request(self, asked: str) -> tuple[Policy, Bounds | None]:
        """Return the policy of a code, and the bounds to check it in."""
        return policy_of(asked), self.bounds


class RepairSearches(ThoroughChecks):
    """Searches for the smallest repairs within the small bounds, by policy code."""

    def request(self, asked: str) -> tuple[Policy, Bounds | None]:
        """Return the policy of a code; without bounds the worker searches for repairs."""
        return policy_of(asked), None


@st.cache_resource(show_spinner=False, on_release=RepairSearches.close)
def repair_searches() -> RepairSearches:
    """Return the one queue of this process."""
    return RepairSearches()


@st.cache_resource(show_spinner=False, on_release=ThoroughChecks.close)
def thorough() -> ThoroughChecks:
    """Return the one queue of this process."""
    return ThoroughChecks()
