"""The frame around every page: side bar, who is looking, banner, messages."""

import streamlit as st

from dashboard.background.rooms import rooms
from dashboard.shell.messages import said
from dashboard.shell.page_list import PAGES
from dashboard.shell.sidebar import choose_viewer, clock, who_is_looking
from dashboard.shell.visit import Visit
from dashboard.shell.watching import watch
from model import Member


def frame(here: Visit, *, shows_everything: bool) -> None:
    """Show the side bar, who is looking, and the banner.

    `shows_everything`: the page shows more than the viewer sees.
    """
    with st.sidebar:
        st.markdown("### :material/handshake: Support Access Lab")
        st.caption(
            "A simulation of Microsoft Support access requests. Choosing a person is not signing in, "
            "and no real tenant is touched."
        )
        choose_viewer(here)
        with st.container(gap="xsmall"):
            for file, (title, icon, _) in PAGES.items():
                st.page_link(f"dashboard/pages/{file}.py", label=title, icon=icon, query_params=here.link())
        clock(here)
    who_is_looking(here)
    _only_in_memory(here)
    _banner(here)
    said()
    watch(here, shows_everything)


def _only_in_memory(here: Visit) -> None:
    if rooms().only_in_memory(here.room_id):
        st.caption(
            ":material/memory: This server cannot save rooms at the moment. This one is kept in memory and ends when "
            "the server stops. To keep a copy, look as the trainer and download a snapshot on the page Scenarios."
        )


def _banner(here: Visit) -> None:
    if isinstance(here.viewer, Member) and (waiting := len(here.listed("pending"))):
        with st.container(border=True, horizontal=True, vertical_alignment="center", key="banner"):
            many = f"{waiting} access requests wait" if waiting > 1 else "1 access request waits"
            st.markdown(f":orange-badge[:material/notifications: {many} for a decision]")
            st.page_link("dashboard/pages/pending.py", label="View and approve", query_params=here.link())
