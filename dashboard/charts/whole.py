"""A picture that stands by itself: with its title, where it comes from, a background and a font."""

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

from dashboard.charts.theme import WIDTH
from dashboard.picture_format import FONT

Spec = Mapping[str, Any]
_OF_THE_WHOLE = ("$schema", "datasets", "config", "autosize", "padding", "title")
_CHARACTERS = {"title": 80, "subtitle": 120}  # of a line
_TEXT, _SMALL = "#10151c", "#474d58"


def whole(parts: Sequence[Spec], title: str, sources: Sequence[str]) -> dict[str, Any]:
    """Return one specification of parts below each other, with a title and a line or more for each source.

    `parts` are charts as Vega-Lite specifications, with or without titles of their own.
    """
    bare = [{key: value for key, value in part.items() if key not in _OF_THE_WHOLE} for part in parts]
    body = bare[0] if len(bare) == 1 else {"vconcat": bare, "spacing": 24}
    config = dict(parts[0].get("config", {}))
    return {
        "$schema": parts[0]["$schema"],
        **body,
        "datasets": {name: rows for part in parts for name, rows in part.get("datasets", {}).items()},
        "background": "white",
        "padding": 20,
        "title": {
            "text": _lines(title, "title"),
            "subtitle": [line for source in sources for line in _lines(source, "subtitle")],
            "anchor": "start",
            "offset": 16,
            "limit": 2 * WIDTH,
        },
        "config": config
        | {
            "font": FONT,
            "title": {
                "fontSize": 16,
                "color": _TEXT,
                "subtitleColor": _SMALL,
                "subtitleFontSize": 11,
                "subtitlePadding": 6,
            },
        },
    }


def _lines(text: str, where: str) -> list[str]:
    return wrap(text, _CHARACTERS[where])
