"""Messages that stay on a page until the next act."""

import streamlit as st

from dashboard.shell.session_state import SAID
from dashboard.text.words import plain


def say(kind: str, text: str) -> None:
    """Keep a message (success, info, warning, error) on the page until the next action; `text` is plain."""
    SAID.put((kind, text))


def said() -> None:
    """Show the kept message."""
    if said := SAID.get():
        kind, text = said
        icons = {"success": "check_circle", "info": "info", "warning": "sync_problem", "error": "block"}
        getattr(st, kind)(plain(text), icon=f":material/{icons[kind]}:")
