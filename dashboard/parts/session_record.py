"""The room's session as a scenario file, for the trainer: the file tells everything."""

import streamlit as st

from dashboard.background.entrance import check_leads
from dashboard.background.rooms import rooms
from dashboard.shell.visit import Visit
from dashboard.text.words import moment
from data.room.recording import record
from data.scenario.reader import MOST_STEPS


def session_record(here: Visit) -> None:
    """Show the button that gives the session as a scenario file."""
    if here.viewer is not None or not here.leads:
        return
    acts = len(here.whole_room.acts())
    with st.expander("Record: the session as a scenario", icon=":material/videocam:"):
        st.caption(
            "Everything that was done in this room becomes the steps of a scenario file, each with what every party "
            "saw after it. `python -m data check` plays it, and so does a new room. It tells everything."
        )
        if acts > MOST_STEPS:
            st.caption(f"This room has {acts:,} acts, and a scenario at most {MOST_STEPS:,} steps.")
        st.download_button(
            "Download as a scenario",
            lambda: _recorded(here),
            file_name=f"session-{moment(here.room.now)[:15].replace(' ', '-').lower()}.toml",
            mime="application/toml",
            icon=":material/download:",
            key="record",
            disabled=not 0 < acts <= MOST_STEPS,
            on_click="ignore",
        )
        if not acts:
            st.caption("Nothing has been done in this room yet.")


def _recorded(here: Visit) -> bytes:
    check_leads(here.room_id, here.key)
    return record(rooms().get(here.room_id)).scenario.text.encode()
