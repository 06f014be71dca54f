"""The comparisons of the page What if: a job for each question, owned by rooms."""

from typing import Any

import streamlit as st

from dashboard.background.jobs import worker
from dashboard.background.jobs.decision_asked import DecisionAsked
from dashboard.background.jobs.job_queue import Job, JobQueue, Sentences
from dashboard.background.jobs.pace import trial
from dashboard.text.question import Question

NICENESS = 10  # of 19: everything else gets ten times as much of the processor
_WORKER = worker.command("dashboard.background.jobs.comparison_worker", NICENESS)
_KEPT = 32  # finished comparisons
_LONGEST = 900  # seconds
_COMPARISON = "comparison"  # the size from which estimates for new questions are learned
_SENTENCES = Sentences(
    failed="The simulation failed; the app's own log says more.",
    died="The simulation ended before it was done, perhaps for want of memory: ask for fewer tickets.",
    too_long=f"It took longer than {_LONGEST // 60} minutes and was ended: ask for fewer tickets or replications.",
)
_TELLING = 0.25  # seconds: shorter runs are too noisy for the pace
START, DRAWING, CHECK = 3.0, 0.7, 0.15
"""Seconds to start a worker, to draw pictures and to check a policy's promises, until measured."""


class Comparisons(JobQueue):
    """Comparisons by their question's code; the owners are rooms."""

    def __init__(self, command: tuple[str, ...] = _WORKER, kept: int = _KEPT) -> None:
        super().__init__(command, _SENTENCES, _LONGEST, kept)
        self._slower: dict[str, float] = {}  # by kind of question: the ratio of actual to estimated time
        self._drawing = DRAWING

    def ask(self, room: str, question: Question) -> None:
        """Request a comparison for a room, in place of its previous request."""
        self.want(room, question.link, question)

    def estimate(self, asked: Question | DecisionAsked) -> float:
        """Return an estimate of a request's seconds once it starts.

        It is based on the last request of its kind, else on the last comparison, else on a trial.
        """
        kind, checks = _kind(asked), 0.0
        if not isinstance(asked, Question) and kind == "trade-off" and kind not in self._slower:
            checks = CHECK * asked.runs / asked.replications  # later the worker has the promises cached
        beside = self._drawing + checks + (START if self._process is None else 0.0)
        return self._slower.get(kind, self._slower.get(_COMPARISON, 1.0)) * trial().of(asked) + beside

    def ask_beside(self, room: str, asked: DecisionAsked) -> None:
        """Request, for a room, an analysis of what would change the answer, besides the comparison itself."""
        self.want(asked.owner(room), asked.key, asked)

    def request(self, asked: Question | DecisionAsked) -> Any:
        """Return the experiment that answers a question, or the other analysis."""
        return asked.experiment if isinstance(asked, Question) else asked

    def finished(self, job: Job) -> None:
        """Learn the pace of the machine, unless the run was too short to tell."""
        if job.result.seconds < _TELLING:
            return
        self._slower[_kind(job.asked)] = job.result.seconds / trial().of(job.asked)
        if isinstance(job.asked, Question) and 0 < (drawing := job.seconds - job.result.seconds) < START:
            self._drawing = drawing


def _kind(asked: Question | DecisionAsked) -> str:
    return _COMPARISON if isinstance(asked, Question) else asked.kind


@st.cache_resource(show_spinner=False, on_release=Comparisons.close)
def comparisons() -> Comparisons:
    """Return the one queue of this process."""
    return Comparisons()
