"""The comparisons that visitors ask for on the page What if: a job for each question, wanted by rooms."""

from typing import Any

import streamlit as st

from dashboard.background.jobs import worker
from dashboard.background.jobs.decision_asked import DecisionAsked
from dashboard.background.jobs.job_queue import Job, JobQueue, Sentences
from dashboard.background.jobs.pace import trial
from dashboard.text.question import Question

NICENESS = 10  # of 19: what else wants the processor gets ten times as much of it
_WORKER = worker.command("dashboard.background.jobs.comparison_worker", NICENESS)
_KEPT = 32  # comparisons that are over
_LONGEST = 900  # seconds
_COMPARISON = "comparison"  # what is learned of it is used for what was not asked yet
_SENTENCES = Sentences(
    failed="The simulation failed; the app's own log says more.",
    died="The simulation ended before it was done, perhaps for want of memory: ask for fewer tickets.",
    too_long=f"It took longer than {_LONGEST // 60} minutes and was ended: ask for fewer tickets or replications.",
)
_TELLING = 0.25  # seconds: what takes less tells no pace
START, DRAWING, CHECK = 3.0, 0.7, 0.15
"""Seconds for the start of a worker, for pictures, and for the promises of a policy: until a run has told better."""


class Comparisons(JobQueue):
    """Comparisons by the link of their question, which says all of it; the owners are rooms."""

    def __init__(self, command: tuple[str, ...] = _WORKER, kept: int = _KEPT) -> None:
        super().__init__(command, _SENTENCES, _LONGEST, kept)
        self._slower: dict[str, float] = {}  # by what is asked: how many times longer than the trial says it took
        self._drawing = DRAWING

    def ask(self, room: str, question: Question) -> None:
        """Want a comparison for a room, in place of what the room wanted before."""
        self.want(room, question.link, question)

    def estimate(self, asked: Question | DecisionAsked) -> float:
        """Return about how many seconds what is asked takes once it begins.

        It goes by how long the last one of its kind took; before, by the last comparison; before that, by a trial.
        """
        kind, checks = _kind(asked), 0.0
        if not isinstance(asked, Question) and kind == "trade-off" and kind not in self._slower:
            checks = CHECK * asked.runs / asked.replications  # later the worker knows which promises are kept
        beside = self._drawing + checks + (START if self._process is None else 0.0)
        return self._slower.get(kind, self._slower.get(_COMPARISON, 1.0)) * trial().of(asked) + beside

    def ask_beside(self, room: str, asked: DecisionAsked) -> None:
        """Want, for a room, what would change the answer, beside the comparison itself."""
        self.want(asked.owner(room), asked.key, asked)

    def request(self, asked: Question | DecisionAsked) -> Any:
        """Return the experiment that answers a question, or what else is asked."""
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
