"""The text area for the justification of a decision."""

from collections.abc import Callable

import streamlit as st

from dashboard.shell.visit import Visit
from model import Justification
from model.commands import LONGEST_TEXT


def justification(here: Visit, about: str) -> Callable[[], str]:
    """Show a text area if the room's policy asks for a justification; return what gives its text in a callback.

    `about` names the access request, and who decides where several people do on one page.
    """
    asked = here.room.policy.justification
    key = f"note {about}"
    if asked is not Justification.NOT_ASKED:
        label = "Justification" if asked is Justification.REQUIRED else "Justification (optional)"
        st.text_area(label, key=key, max_chars=LONGEST_TEXT, height=68)
    return lambda: str(st.session_state.get(key, ""))
