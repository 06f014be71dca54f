"""What is said of a run that was asked for, is under way, or gave nothing."""

import streamlit as st

from dashboard.background.jobs.job_queue import Job, Stage
from dashboard.text.words import plain
from data.files.durations import approximately


def say_why_nothing(job: Job | None) -> None:
    """Say why a run gave nothing, if it failed or was stopped."""
    if job and job.stage is Stage.FAILED:
        st.error(plain(job.sentence), icon=":material/error:")
    if job and job.stage is Stage.STOPPED:
        st.info("The run was stopped, and nothing of it was kept.", icon=":material/stop_circle:")


def how_far(job: Job, before: int) -> str:
    """Return how far a run is; `before`: how many are done before it begins."""
    if job.stage is Stage.WAITING:
        return f"{before} {'run' if before == 1 else 'runs'} before yours" if before else "Yours is next"
    if not job.of:
        return "Getting ready …"
    left = job.seconds_left
    return f"Simulating: {job.done} of {job.of} runs" + (f", {approximately(left)} left" if left is not None else "")
