"""The button that copies a link, even on a page served by plain HTTP over a local network."""

from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent
_draw = st.components.v2.component(
    "copy_button",
    html='<button type="button" class="copy">Copy link</button>',
    css=(_HERE / "copy_button.css").read_text(encoding="utf-8"),
    js=(_HERE / "copy_button.js").read_text(encoding="utf-8"),
)


def copy_button(text: str, key: str) -> None:
    """Show the button that copies the text with one click."""
    _draw(key=key, data={"text": text}, width="content", height="content")
