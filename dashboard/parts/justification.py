"""The text area for the justification of a decision."""

from collections.abc import Callable

import streamlit as st

from dashboard.shell.visit import Visit, viewer_id
from model import Justification
from model.commands import LONGEST_TEXT


def justification(here: Visit, about: str) -> Callable[[], str]:
    """Show a text area if the room's policy asks for a justification; return what gives its text in a callback.

    `about` names the access request, and the tenant if several decide on one page. What one viewer was writing is not
    for the next.
    """
    asked = here.room.policy.justification
    key = f"note {viewer_id(here.viewer)} {about}"
    if asked is not Justification.NOT_ASKED:
        label = "Justification" if asked is Justification.REQUIRED else "Justification (optional)"
        st.text_area(label, key=key, max_chars=LONGEST_TEXT, height=68)
    return lambda: str(st.session_state.get(key, ""))
