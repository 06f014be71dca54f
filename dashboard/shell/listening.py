"""The websocket of a tab's page, which tells it to run again."""

from importlib import resources

import streamlit as st

from dashboard.server.changes import OpenPage, address
from dashboard.shell.session_state import OPEN_PAGE

_changes = st.components.v2.component(
    "changes", js=resources.files("dashboard").joinpath("shell/changes.js").read_text(encoding="utf-8")
)


def open_page() -> OpenPage:
    """Return the page of this tab, which its session keeps from its first run on."""
    page = OPEN_PAGE.get()
    if page is None:
        page = OpenPage()
        OPEN_PAGE.put(page)
    return page


def listen(page: OpenPage, *, presenting: bool = False) -> None:
    """Let the browser rerun the page when `page.shown` is out of date."""
    _changes(
        key="changes",
        data={"address": address(page), "presenting": presenting},
        on_changed_change=lambda: None,
        width="content",
        height="content",
    )
