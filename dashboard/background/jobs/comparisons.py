"""The comparisons that visitors ask for on the page What if: a job for each question, wanted by rooms."""

import time
from functools import cache
from typing import Any

import streamlit as st

from dashboard.background.jobs import worker
from dashboard.background.jobs.decision_asked import DecisionAsked
from dashboard.background.jobs.job_queue import Job, JobQueue, Sentences
from dashboard.text.question import Question

NICENESS = 10  # of 19: what else wants the processor gets ten times as much of it
_WORKER = worker.command("dashboard.background.jobs.comparison_worker", NICENESS)
_KEPT = 32  # comparisons that are over
_LONGEST = 900  # seconds
_SENTENCES = Sentences(
    failed="The simulation failed; the app's own log says more.",
    died="The simulation ended before it was done, perhaps for want of memory: ask for fewer tickets.",
    too_long=f"It took longer than {_LONGEST // 60} minutes and was ended: ask for fewer tickets or replications.",
)
_TRIAL = Question(tickets=2_000, replications=4)
_TELLING = 0.5  # the least effort whose time tells a pace
START, DRAWING = 4.0, 1.0
"""Efforts beside the simulation: the start of a worker, and the pictures. One thread does these alone."""


class Comparisons(JobQueue):
    """Comparisons by the link of their question, which says all of it; the owners are rooms."""

    def __init__(self, command: tuple[str, ...] = _WORKER, kept: int = _KEPT) -> None:
        super().__init__(command, _SENTENCES, _LONGEST, kept)
        self._last_pace: float | None = None

    def ask(self, room: str, question: Question) -> None:
        """Want a comparison for a room, in place of what the room wanted before."""
        self.want(room, question.link, question)

    def estimate(self, question: Question) -> float:
        """Return about how many seconds a comparison takes once it begins.

        It goes by how long the last one took; before the first one, by a short trial.
        """
        beside = DRAWING + (START if self._process is None else 0)
        return (self._last_pace or trial_pace()) * (effort(question) + beside)

    def ask_beside(self, room: str, asked: DecisionAsked) -> None:
        """Want, for a room, what would change the answer, beside the comparison itself."""
        self.want(asked.owner(room), asked.key, asked)

    def estimate_beside(self, asked: DecisionAsked) -> float:
        """Return about how many seconds `ask_beside` takes once it begins."""
        runs = Question(tickets=asked.tickets, replications=2)
        return (self._last_pace or trial_pace()) * (asked.runs * effort(runs) / 2 + DRAWING)

    def request(self, asked: Question | DecisionAsked) -> Any:
        """Return the experiment that answers a question, or what else is asked."""
        return asked.experiment if isinstance(asked, Question) else asked

    def finished(self, job: Job) -> None:
        """Learn the pace of the machine, unless the run was too short to tell."""
        if isinstance(job.asked, Question) and effort(job.asked) >= _TELLING:
            self._last_pace = job.result.seconds / effort(job.asked)


@cache
def trial_pace() -> float:
    """Return the seconds that an effort of 1 takes here, found by a trial in a fraction of a second."""
    Question(tickets=100, replications=2).experiment.run()  # loads what is loaded once
    began = time.monotonic()
    _TRIAL.experiment.run()
    return (time.monotonic() - began) / effort(_TRIAL)


def effort(question: Question) -> float:
    """Return how much work a question's simulation is, in seconds of the machine on which that was measured.

    Each arm of a replication takes a fixed time and a time for each ticket, and more if a request comes with it.
    """
    arms = (0.05 + question.tickets * (0.7e-6 + 0.9e-6 * arm.behaviour.share_elsewhere) for arm in question.worlds)
    return question.replications * (0.02 + sum(arms))


@st.cache_resource(show_spinner=False, on_release=Comparisons.close)
def comparisons() -> Comparisons:
    """Return the one queue of this process."""
    return Comparisons()
