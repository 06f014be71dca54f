"""What trainers have learned from their rooms, on the page What if: a job for each time that one asks."""

from collections.abc import Callable
from functools import partial
from itertools import count
from weakref import ref

import streamlit as st

from dashboard.background.jobs import worker
from dashboard.background.jobs.job_queue import JobQueue, Sentences
from data import Room
from data.fitting.fit import History

NICENESS = 10  # of 19: what else wants the processor gets ten times as much of it
_WORKER = worker.command("dashboard.background.jobs.fit_worker", NICENESS)
_KEPT = 32  # fits that are over
_LONGEST = 900  # seconds
_SENTENCES = Sentences(
    failed="Learning failed; the app's own log says more.",
    died="Learning ended before it was done, perhaps for want of memory.",
    too_long=f"Learning took longer than {_LONGEST // 60} minutes and was ended.",
)


class Fits(JobQueue):
    """Fits by the room and a number; the owners are rooms. None is given twice: a room goes on in between."""

    def __init__(self, command: tuple[str, ...] = _WORKER, kept: int = _KEPT) -> None:
        super().__init__(command, _SENTENCES, _LONGEST, kept)
        self._numbers = count(1)

    def ask(self, room_id: str, room: Room) -> str:
        """Want a fit to a room as it is when the job begins, and return the job's key."""
        key = f"{room_id} {next(self._numbers)}"
        self.want(room_id, key, partial(_history, ref(room)))
        return key

    def request(self, asked: Callable[[], History]) -> History:
        """Return what has happened in the room. It is read here, because a large one takes seconds."""
        return asked()


def _history(room: "ref[Room]") -> History:
    here = room()
    if here is None:
        raise LookupError("the room was closed before anything was learned from it")
    return History.of(here)


@st.cache_resource(show_spinner=False, on_release=Fits.close)
def fits() -> Fits:
    """Return the one queue of this process."""
    return Fits()
