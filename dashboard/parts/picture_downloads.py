"""Buttons that download a picture as PNG or SVG, with its title and its sources."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from dashboard.background.picture_files import picture_file
from dashboard.picture_format import Kind

Parts = Sequence[Mapping[str, Any]]
"""Vega-Lite specifications of vertically stacked charts (`chart.to_dict()`)."""
Picture = Parts | str
"""Charts, or an SVG drawing."""

_KINDS: dict[Kind, str] = {"png": "image/png", "svg": "image/svg+xml"}


def picture_downloads(name: str, parts: Picture | Callable[[], Picture], title: str, sources: Sequence[str]) -> None:
    """Show a button for each format, named by the title.

    The picture is drawn in a separate process when the button is clicked. `name` is the file's name and the prefix of
    the buttons' keys. `parts` may be a function, which is called then.
    """
    for kind, mime in _KINDS.items():
        st.download_button(
            f"{title} ({kind.upper()})",
            partial(_drawn, parts, title, sources, kind),
            file_name=f"{name}.{kind}",
            mime=mime,
            icon=":material/image:",
            key=f"{name} {kind}",
            on_click="ignore",
        )


def _drawn(parts: Picture | Callable[[], Picture], title: str, sources: Sequence[str], kind: Kind) -> bytes:
    from dashboard.charts.whole import whole, whole_drawing  # imports Altair, for which no page should wait

    found = parts() if callable(parts) else parts
    whole_one = whole_drawing(found, title, sources) if isinstance(found, str) else whole(found, title, sources)
    return picture_file(whole_one, kind)
