"""The room's session as a scenario file and as a report, for the trainer only: both contain everything."""

import streamlit as st

from dashboard.background import quizzes
from dashboard.background.entrance import check_leads
from dashboard.background.rooms import rooms
from dashboard.parts.rooms.class_report import class_report
from dashboard.shell.visit import Visit
from dashboard.text.words import day_in_file_name
from data.room.recording import record
from data.scenario.reader import MOST_STEPS


def session_record(here: Visit) -> None:
    """Show the buttons that download the session as a scenario file and as a report."""
    if here.viewer is not None or not here.leads:
        return
    acts = len(here.whole_room.acts())
    with st.expander("After the class: record and report", icon=":material/videocam:"):
        st.caption(
            "Everything that was done in this room becomes the steps of a scenario file, each with what every party "
            "saw after it; `python -m data check` plays it, and so does a new room. The report is one page to print, "
            "with pictures and what the class answered, without names. Both tell everything."
        )
        if acts > MOST_STEPS:
            st.caption(f"This room has {acts:,} acts, and a scenario at most {MOST_STEPS:,} steps.")
        day = day_in_file_name(here.room.now)
        with st.container(horizontal=True):
            st.download_button(
                "Download as a scenario",
                lambda: _recorded(here),
                file_name=f"session-{day}.toml",
                mime="application/toml",
                icon=":material/download:",
                key="record",
                disabled=not 0 < acts <= MOST_STEPS,
                on_click="ignore",
            )
            st.download_button(
                "Download a report",
                lambda: _reported(here),
                file_name=f"report-{day}.html",
                mime="text/html",
                icon=":material/print:",
                key="report",
                disabled=not 0 < acts <= MOST_STEPS,
                on_click="ignore",
            )
        if not acts:
            st.caption("Nothing has been done in this room yet.")


def _recorded(here: Visit) -> bytes:
    check_leads(here.room_id, here.key)
    return record(rooms().get(here.room_id)).scenario.text.encode()


def _reported(here: Visit) -> bytes:
    check_leads(here.room_id, here.key)
    return class_report(rooms().get(here.room_id), quizzes.all_asked(here.room_id)).encode()
