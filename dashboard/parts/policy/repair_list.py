"""The smallest changes of settings that repair an unsafe policy, with a button for each."""

from collections.abc import Callable

import streamlit as st

from dashboard.background.jobs import checks
from dashboard.parts import background_job
from dashboard.text.words import sentence
from data.scenario.policy_words import differences
from model import Policy
from model.checker import Repairs
from model.checker.repair import MOST_CHANGES

Use = Callable[[Policy], None]
_SEARCH = background_job.Offer(
    "find repairs",
    "What would repair it?",
    "build",
    f"Finds the fewest changes, up to {MOST_CHANGES}, of settings or of who sees what; it takes some seconds.",
    "Looking for the smallest repairs",
)


def show(code: str, use: Use) -> None:
    """Offer to search for repairs of a link's policy, show the progress, or show the results.

    `use` is called in a callback, with the repaired policy.
    """
    repairs: Repairs | None = background_job.result(checks.repair_searches(), code, _SEARCH)
    if repairs is not None:
        _found(repairs, use)


def _found(repairs: Repairs, use: Use) -> None:
    if repairs.fewest is None:
        st.markdown(f"No change of up to {MOST_CHANGES} settings makes every promise hold.")
        return
    if repairs.fewest == 0:
        st.markdown("The quick check finds every promise kept, so it has nothing to repair.")
        return
    count, ways = repairs.fewest, len(repairs.found)
    fewest = "One change is" if count == 1 else f"{count} changes are"
    st.markdown(f":material/build: **{fewest} enough{f', in one of {ways} ways' if ways > 1 else ''}:**")
    for number, repair in enumerate(repairs.found):
        changes = [sentence(clause) for clause, _ in differences(repair.policy, repairs.report.policy)]
        st.button(
            "; ".join(changes),
            key=f"use repair {number}",
            icon=":material/build:",
            help="Make this change",
            on_click=use,
            args=(repair.policy,),
            wrap=True,
        )
    st.caption("Found by the quick check. Make a change, then check more thoroughly.")
