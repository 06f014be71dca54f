"""The page shown instead of one that failed: what happened, a number for the log, and a way forward."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.errors import StreamlitAPIException
from streamlit.proto.RootContainer_pb2 import RootContainer
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.background.room_opening import DAMAGED, RoomDamaged
from dashboard.background.rooms import RoomNotOpened
from dashboard.server.errors import log_error
from dashboard.shell.entrance.repair import offer_repair
from dashboard.shell.messages import said
from dashboard.text.words import plain
from data import DamagedRoom, RoomUnavailable


def show_failure(error: Exception) -> bool:
    """Show a safe account of an error instead of the page that failed, or of the fragment.

    The error's own text may contain secrets or a path: it goes to the log, under a number that the page shows. Returns
    True, so that Streamlit shows nothing itself.
    """
    number = log_error(error)
    drawn = _start_anew()
    match error:
        case RoomUnavailable():
            title, told = "This room is not available at the moment", reason(error)
        case RoomDamaged():
            title, told = "This room is damaged", DAMAGED
        case RoomNotOpened():
            title, told = "This room cannot be opened", str(error)
        case DamagedRoom():
            title, told = "This room is damaged", DAMAGED
        case _:
            title = "This page could not be shown"
            told = "Something went wrong on the server. What you did last may or may not have been carried out."
    st.title(title, anchor=False)
    st.error(plain(told), icon=":material/error:")
    st.caption(
        f":gray-badge[Simulation] The server's log says more, under error **{number}**. "
        "Tell the person who runs it if this happens again."
    )
    said()
    if isinstance(error, RoomDamaged | DamagedRoom):
        offer_repair(error.wrong if isinstance(error, RoomDamaged) else error.reason)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Try again", key="try again", icon=":material/refresh:", on_click=st.rerun)
        link_to_new_room()
    for _ in range(drawn - _LENGTH):
        st.empty()
    return True


_LENGTH = 4  # elements of the page above


@contextmanager
def room_failures_shown() -> Iterator[None]:
    """Show the failure if the room fails while the block reads it."""
    try:
        yield
    except (RoomNotOpened, RoomUnavailable, DamagedRoom) as error:
        show_failure(error)


def link_to_new_room() -> None:
    """Show a link to a new room: the start page, without a room in the link."""
    label, icon = "Open a new room", ":material/add_circle:"
    try:
        st.page_link("dashboard/pages/welcome.py", label=label, icon=icon)
    except StreamlitAPIException:  # the session's first run failed before the pages were named
        st.link_button(label, ".", icon=icon, type="tertiary")


def reason(error: RoomUnavailable) -> str:
    """Return why the room is unavailable; the system's own message, in brackets, is only in the log."""
    said = error.reason.partition(" (")[0]
    return f"{said[:1].upper()}{said[1:]}."


def _start_anew() -> int:
    """Replace what this run has drawn by what follows, and return the number of replaced elements.

    A fragment keeps its place on its page.
    """
    run = get_script_run_ctx()
    if run is None or run.fragment_ids_this_run:
        return 0
    before = run.cursors.pop(RootContainer.MAIN, None)
    return before.index if before else 0
