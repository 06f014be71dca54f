"""What the holder of an invitation finds who is no trainer: one person, and that person's pages."""

import streamlit as st

from dashboard.shell.page_list import PAGES, pages_of
from data import Room
from data.room_folder.invitations import Invitation
from model import Engineer, Member

SIMULATION = ":gray-badge[Simulation] No real tenant is touched."


def viewer_of(invited: Invitation, room: Room, page: str, link: dict[str, str]) -> Member | Engineer:
    """Return as whom an invitation that is no trainer's lets look.

    Ends the run of the page with a sentence if the room's story has no such person, or the page is not for them.
    """
    viewer = invited.viewer
    assert viewer, "a trainer chooses"
    if isinstance(viewer, Member):
        known = room.directory.knows(viewer.person, viewer.tenant)
    else:
        known = viewer.id in room.directory.engineers
    if not known:
        st.title("You have no part in this story")
        st.info("The trainer has started another scenario, in which your person does not occur. Ask for a new link.")
        st.caption(SIMULATION)
        st.stop()
    files = pages_of(invited)
    if page not in [PAGES[file][0] for file in files]:
        st.title("This page is not part of your invitation")
        st.caption(SIMULATION)
        for file in files:
            title, icon, _ = PAGES[file]
            st.page_link(f"dashboard/pages/{file}.py", label=title, icon=icon, query_params=link)
        st.stop()
    return viewer
