"""Pausing a room, so that everyone listens: only its trainer can act, and can blank the projected page."""

import streamlit as st

from dashboard.background import entrance
from dashboard.shell.acting import told_if_unavailable
from dashboard.shell.session_state import act_begins
from dashboard.shell.visit import Visit


def pause_button(here: Visit) -> None:
    """Show the trainer of a room with invitations the button that pauses or resumes it."""
    if here.invitation is None or not here.leads:
        return
    label, icon = ("Go on", ":material/play_arrow:") if here.paused else ("Pause for everyone", ":material/pause:")
    st.button(label, key="pause", icon=icon, on_click=_pause, args=(here,), width="stretch")


def pause_banner(here: Visit) -> None:
    """Show on everybody's pages that the trainer has paused the room."""
    if here.paused:
        told = "You have paused: only trainers can act." if here.leads else "The trainer has paused."
        st.info(told, icon=":material/pause_circle:")


def blank_button(here: Visit, *, presenting: bool) -> None:
    """Show the trainer of a room with invitations the button that blanks presented pages or shows them again."""
    if here.invitation is None or not here.leads:
        return
    blanked = here.set_for_all.blanked
    label, icon = ("Show again", ":material/visibility:") if blanked else ("Blank", ":material/visibility_off:")
    st.button(
        label if presenting or blanked else "Blank the projector",
        key="blank",
        icon=icon,
        shortcut="B" if presenting else None,
        on_click=_blank,
        args=(here,),
        width="content" if presenting else "stretch",
        help="Side by side, where it is presented, shows nothing until you show it again.",
    )


def blank_page(here: Visit) -> bool:
    """Show an empty page with a button to end that, if the page is presented and blanked; return whether it is."""
    if not (here.presenting and here.set_for_all.blanked):
        return False
    st.space("large")
    with st.container(horizontal=True, horizontal_alignment="center", vertical_alignment="center"):
        st.markdown(":gray-badge[Simulation]", width="content")
        blank_button(here, presenting=True)
    return True


def _blank(here: Visit) -> None:
    act_begins()
    with told_if_unavailable():
        entrance.blank(here.room_id, here.key, not here.set_for_all.blanked)


def _pause(here: Visit) -> None:
    act_begins()
    with told_if_unavailable():
        entrance.pause(here.room_id, here.key, not here.paused)
