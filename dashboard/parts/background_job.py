"""Background work of a page: a button that starts it, its progress, and its result."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard.background.jobs.checks import ThoroughChecks
from dashboard.background.jobs.job_queue import Stage


@dataclass(frozen=True)
class Offer:
    """The texts of a button that starts work, and of its progress."""

    key: str
    label: str
    icon: str
    help: str
    running: str


def result(queue: ThoroughChecks, code: str, offer: Offer) -> Any | None:
    """Return the result for a link's policy; without one, offer to compute it or show its progress."""
    asked = queue.find(code)
    if asked and not asked.over:
        st.fragment(_going, run_every=1)(queue, code, offer)
        return None
    if asked and asked.stage is Stage.DONE:
        return asked.result
    if asked:
        st.error(asked.sentence, icon=":material/error:")
    st.button(
        offer.label,
        key=offer.key,
        icon=f":material/{offer.icon}:",
        disabled=queue.busy,
        help=offer.help,
        on_click=queue.ask,
        args=(code,),
    )
    return None


def _going(queue: ThoroughChecks, code: str, offer: Offer) -> None:
    """Show the progress; rerun the page when it is over."""
    asked = queue.find(code)
    if asked is None or asked.over:
        st.rerun(scope="app")
    words = offer.running if asked.stage is Stage.RUNNING else "Waiting for another check"
    st.markdown(f":gray[:material/hourglass_top: {words}… You can go on; the result will be here.]")
