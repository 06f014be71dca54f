"""The text area for the note of a decision."""

from collections.abc import Callable

import streamlit as st

from dashboard.shell.visit import Visit, viewer_id
from model import Justification
from model.commands import LONGEST_TEXT


def note_field(here: Visit, about: str) -> Callable[[], str]:
    """Show a text area if the room's policy asks for a note; return a function that gives its text in a callback.

    `about` names the access request, and the tenant if several decide on one page. Each viewer has a separate draft.
    """
    key = f"note {viewer_id(here.viewer)} {about}"
    if here.room.policy.asks_for_note:
        required = here.room.policy.justification is Justification.REQUIRED
        label = "Justification" if required else "Justification (optional)"
        st.text_area(label, key=key, max_chars=LONGEST_TEXT, height=68)
    return lambda: str(st.session_state.get(key, ""))
