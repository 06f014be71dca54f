"""A standalone picture: with a title, its source, a background and a font."""

import json
from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any
from xml.etree import ElementTree

import altair as alt
import pandas as pd

from dashboard.charts.theme import WIDTH
from dashboard.picture_format import FONT

Spec = Mapping[str, Any]
_OF_THE_WHOLE = ("$schema", "datasets", "config", "autosize", "padding", "title")
_CHARACTERS = {"title": 80, "subtitle": 120}  # of a line
_MARGIN, _SVG = 20, "http://www.w3.org/2000/svg"
_TEXT, _SMALL = "#10151c", "#474d58"


def part(spec: Spec, rows: pd.DataFrame, height: int) -> dict[str, Any]:
    """Return a specification without rows as a part for `whole`, with its rows and `height` pixels."""
    values = json.loads(rows.to_json(orient="records", date_format="iso"))
    return {"$schema": alt.SCHEMA_URL, **spec, "data": {"values": values}, "width": WIDTH, "height": height}


def whole(parts: Sequence[Spec], title: str, sources: Sequence[str]) -> dict[str, Any]:
    """Return a specification of vertically stacked parts, with a title and lines for each source.

    `parts` are charts as Vega-Lite specifications, with or without their own titles.
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


def whole_drawing(svg: str, title: str, sources: Sequence[str]) -> str:
    """Return an SVG drawing on white, with a title above and lines for each source."""
    ElementTree.register_namespace("", _SVG)
    drawing = ElementTree.fromstring(svg)
    width, height = float(drawing.attrib["width"]), float(drawing.attrib["height"])
    said = [(line, 16, "bold", _TEXT) for line in _lines(title, "title")]
    said += [(line, 11, "normal", _SMALL) for source in sources for line in _lines(source, "subtitle")]
    at, texts = _MARGIN, []
    for line, pixels, weight, colour in said:
        at += pixels + 6
        looks = {"x": f"{_MARGIN}", "y": f"{at}", "font-size": f"{pixels}", "font-weight": weight, "fill": colour}
        texts.append(ElementTree.Element(f"{{{_SVG}}}text", looks))
        texts[-1].text = line
    drawing.attrib |= {"x": f"{_MARGIN}", "y": f"{at + _MARGIN}", "font-family": FONT}
    size = {"width": f"{width + 2 * _MARGIN}", "height": f"{at + height + 2 * _MARGIN}"}
    picture = ElementTree.Element(f"{{{_SVG}}}svg", {**size, "font-family": FONT})
    ElementTree.SubElement(picture, f"{{{_SVG}}}rect", {**size, "fill": "white"})
    picture.extend([*texts, drawing])
    return ElementTree.tostring(picture, encoding="unicode")


def _lines(text: str, where: str) -> list[str]:
    return wrap(text, _CHARACTERS[where])
