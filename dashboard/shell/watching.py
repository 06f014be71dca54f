"""Running a page again when something changes that it shows."""

import streamlit as st

from dashboard.background.rooms import rooms
from dashboard.shell.session_state import LOOKED_THROUGH
from dashboard.shell.visit import Visit
from model import Member


@st.fragment(run_every=4)
def watch(here: Visit, shows_everything: bool) -> None:
    """Run the page again when something changes that it shows. What this viewer does not see moves nothing."""
    room = rooms().get(here.room_id)
    same = room is here.room and room.state[0] == here.state[0]  # else another took its place, or it was wound back
    if same and (here.state == room.state or LOOKED_THROUGH.get() == (here.state, room.state)):
        return
    if not same or fingerprint(here, shows_everything, here.state[1]) != fingerprint(here, shows_everything):
        st.rerun(scope="app")
    LOOKED_THROUGH.put((here.state, room.state))


def fingerprint(here: Visit, shows_everything: bool, as_of: int | None = None) -> object:
    """All that can change on this viewer's pages, now or as it was after a line of the log."""
    if shows_everything or not isinstance(here.viewer, Member):
        return as_of or here.room.seq
    lens = here.room.as_seen_by(here.viewer, as_of)
    return [lens.rows(name) for name in ("clock", "pending", "approved_access", "tickets", "audit_log")]
