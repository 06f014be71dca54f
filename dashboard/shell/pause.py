"""Pausing a room: its trainer lets nobody else act, so that everyone listens."""

import streamlit as st

from dashboard.background import entrance
from dashboard.shell.acting import told_if_unavailable
from dashboard.shell.session_state import act_begins
from dashboard.shell.visit import Visit


def pause_button(here: Visit) -> None:
    """Show the trainer of a room with invitations the button that pauses it, or goes on."""
    if here.invitation is None or not here.leads:
        return
    label, icon = ("Go on", ":material/play_arrow:") if here.paused else ("Pause for everyone", ":material/pause:")
    st.button(label, key="pause", icon=icon, on_click=_pause, args=(here,), width="stretch")


def pause_banner(here: Visit) -> None:
    """Say that the trainer has paused, on everybody's pages."""
    if here.paused:
        told = "You have paused: only trainers can act." if here.leads else "The trainer has paused."
        st.info(told, icon=":material/pause_circle:")


def _pause(here: Visit) -> None:
    act_begins()
    with told_if_unavailable():
        entrance.pause(here.room_id, here.key, not here.paused)
