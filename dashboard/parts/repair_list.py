"""What would repair a policy that is not safe: the smallest changes of its settings, each with a button."""

from collections.abc import Callable

import streamlit as st

from dashboard.background import checks
from dashboard.background.job_queue import Stage
from dashboard.text.words import sentence
from data.scenario.policy_words import differences
from model import Policy
from model.checker import Repairs
from model.checker.repair import MOST_CHANGES

Use = Callable[[Policy], None]


def show(code: str, use: Use) -> None:
    """Offer to look for repairs of the policy of a link, show how far that is, or show what was found.

    `use` is called in a callback, with the repaired policy.
    """
    st.subheader("What would repair it", anchor=False)
    asked = checks.repair_searches().find(code)
    if asked and not asked.over:
        st.fragment(_going, run_every=1)(code)
    elif asked and asked.stage is Stage.DONE:
        _found(asked.result, use)
    else:
        if asked:
            st.error(asked.sentence, icon=":material/error:")
        st.button(
            "Find the smallest repairs",
            key="find repairs",
            icon=":material/build:",
            disabled=checks.repair_searches().busy,
            help=f"Up to {MOST_CHANGES} settings, or cells of the table of who sees what, are changed; some seconds.",
            on_click=checks.repair_searches().ask,
            args=(code,),
        )


def _going(code: str) -> None:
    asked = checks.repair_searches().find(code)
    if asked is None or asked.over:
        st.rerun(scope="app")
    st.markdown(":gray[:material/hourglass_top: Looking for the smallest repairs… You can go on meanwhile.]")


def _found(repairs: Repairs, use: Use) -> None:
    if repairs.fewest is None:
        st.markdown(f"No change of up to {MOST_CHANGES} settings makes every promise hold.")
        return
    if repairs.fewest == 0:
        st.markdown("Within the small bounds every promise holds, so there is nothing to repair there.")
        return
    count, ways = repairs.fewest, len(repairs.found)
    fewest = "One change is" if count == 1 else f"{count} changes are"
    st.markdown(f"{fewest} enough{f', in one of {ways} ways' if ways > 1 else ''}:")
    for number, repair in enumerate(repairs.found):
        changes = [sentence(clause) for clause, _ in differences(repair.policy, repairs.report.policy)]
        with st.container(horizontal=True, wrap=False, vertical_alignment="center", key=f"repair {number}"):
            st.markdown("  \n".join(f":material/build: {change}" for change in changes), width="stretch")
            st.button("Use this", key=f"use repair {number}", on_click=use, args=(repair.policy,))
    st.caption("Found within the small bounds. Use one, and check it with the default bounds.")
