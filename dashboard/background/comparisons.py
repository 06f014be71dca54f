"""The comparisons that visitors ask for on the page What if: a job for each question, wanted by rooms."""

from typing import Any

import streamlit as st

from dashboard.background import worker
from dashboard.background.job_queue import Job, JobQueue, Sentences
from dashboard.text.question import Question

NICENESS = 10  # of 19: what else wants the processor gets ten times as much of it
_WORKER = worker.command("dashboard.background.comparison_worker", NICENESS)
_KEPT = 32  # comparisons that are over
_LONGEST = 900  # seconds
_SENTENCES = Sentences(
    failed="The simulation failed; the app's own log says more.",
    died="The simulation ended before it was done, perhaps for want of memory: ask for fewer tickets.",
    too_long=f"It took longer than {_LONGEST // 60} minutes and was ended: ask for fewer tickets or replications.",
)


class Comparisons(JobQueue):
    """Comparisons by the link of their question, which says all of it; the owners are rooms."""

    def __init__(self, command: tuple[str, ...] = _WORKER, kept: int = _KEPT) -> None:
        super().__init__(command, _SENTENCES, _LONGEST, kept)
        self._pace = 1.0  # seconds that the last comparison took for each that was expected

    def ask(self, room: str, question: Question) -> None:
        """Want a comparison for a room, in place of what the room wanted before."""
        self.want(room, question.link, question)

    def estimate(self, question: Question) -> float:
        """Return about how many seconds a comparison takes once it begins, by how long the last one took."""
        return self._pace * _effort(question)

    def request(self, asked: Question) -> Any:
        """Return the experiment that answers a question."""
        return asked.experiment

    def finished(self, job: Job) -> None:
        """Learn the pace of the machine."""
        self._pace = job.seconds / _effort(job.asked)


def _effort(question: Question) -> float:
    """Return the seconds that a comparison takes on the machine on which that was measured."""
    return 1.0 + len(question.worlds) * question.replications * (0.11 + 1.7e-6 * question.tickets)


@st.cache_resource(show_spinner=False, on_release=Comparisons.close)
def comparisons() -> Comparisons:
    """Return the one queue of this process."""
    return Comparisons()
