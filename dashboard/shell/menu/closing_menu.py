"""Close a phone's menu after a choice: it covers the page, and Streamlit closes it only for its own links."""

from importlib import resources

import streamlit as st

from dashboard.shell.visit import Visit, viewer_id

_close = st.components.v2.component(
    "closing_menu", js=resources.files("dashboard").joinpath("shell/menu/closing_menu.js").read_text(encoding="utf-8")
)


def close_after_choice(here: Visit) -> None:
    """In the side bar: close it in a narrow window whenever another page or viewer was chosen."""
    _close(
        key="closing menu", data={"shown": f"{here.page} {viewer_id(here.viewer)}"}, width="content", height="content"
    )
