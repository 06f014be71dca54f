"""Messages that stay on a page until the next act."""

import streamlit as st

from dashboard.text.words import plain


def say(kind: str, text: str) -> None:
    """Keep a message (success, info, warning, error) on the page until the next action; `text` is plain."""
    st.session_state["said"] = (kind, text)


def said() -> None:
    """Show the message that was kept."""
    if said := st.session_state.get("said"):
        kind, text = said
        icons = {"success": "check_circle", "info": "info", "warning": "sync_problem", "error": "block"}
        getattr(st, kind)(plain(text), icon=f":material/{icons[kind]}:")
