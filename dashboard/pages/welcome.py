"""Welcome: what this is, who asks whom for what, and three ways to begin."""

import streamlit as st

from dashboard.shell.page_list import TRAINER
from dashboard.shell.visit import Visit, visit


def page(here: Visit) -> None:
    """Show what the lab is about, and the ways in."""
    st.title("Welcome")
    st.markdown("Watch a story of a support access request, as each of the four parties sees it.")
    st.page_link(
        "dashboard/pages/side_by_side.py",
        label="Watch the story",
        icon=":material/play_arrow:",
        query_params=here.link() | {"viewer": TRAINER},
    )


page(visit())
