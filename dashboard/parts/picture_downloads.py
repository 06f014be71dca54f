"""Buttons that download a picture as PNG or SVG, with its title and its sources."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from dashboard.background.picture_files import picture_file
from dashboard.charts.whole import Spec, whole
from dashboard.picture_format import Kind

_KINDS: dict[Kind, tuple[str, str]] = {"png": ("Picture (PNG)", "image/png"), "svg": ("Picture (SVG)", "image/svg+xml")}


def picture_downloads(name: str, parts: Sequence[Spec], title: str, sources: Sequence[str]) -> None:
    """Show a button for each format. The picture is drawn when a button is pressed, beside the server.

    `name` is that of the file and begins the buttons' keys; `parts` are Vega-Lite specifications (`chart.to_dict()`).
    """
    for kind, (label, mime) in _KINDS.items():
        st.download_button(
            label,
            partial(_drawn, parts, title, sources, kind),
            file_name=f"{name}.{kind}",
            mime=mime,
            icon=":material/image:",
            key=f"{name} {kind}",
            on_click="ignore",
        )


def _drawn(parts: Sequence[Spec], title: str, sources: Sequence[str], kind: Kind) -> bytes:
    return picture_file(whole(parts, title, sources), kind)
