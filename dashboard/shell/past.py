"""Viewing a room's past: the link's `at` names a line of the log, and the page is read-only."""

import streamlit as st

from dashboard.shell.session_state import RETURNS, act_begins
from dashboard.shell.visit import Visit
from dashboard.text.words import moment


def look_at(line: int | None) -> None:
    """In a callback: show the room after a line of its log, or the present."""
    act_begins()
    if line is None:
        to_the_present()
    else:
        st.query_params["at"] = str(line)


def to_the_present() -> None:
    """In a callback: return to the present."""
    if "at" in st.query_params:
        del st.query_params["at"]
        RETURNS.put(returns() + 1)


def returns() -> int:
    """Return how often this tab returned to the present: a slow browser's earlier messages are ignored."""
    return RETURNS.get() or 0


def past_banner(here: Visit) -> None:
    """If the page shows an earlier moment, say so, with a button back to the present."""
    if here.past is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="past"):
        st.markdown(
            f":violet-badge[:material/history: As it was at {moment(here.room.now)}] Nothing can be done here.",
            width="stretch",
        )
        label, icon = "Back to the present", ":material/update:"
        st.button(label, key="present time", icon=icon, type="primary", on_click=look_at, args=(None,))
