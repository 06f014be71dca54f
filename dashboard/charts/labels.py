"""Labels beside lines and points, so that a chart of arms needs no legend."""

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd

LONGEST = 150  # pixels of a name on one line
_LINE = 13  # pixels
_WIDTH, _LINES = 24, 3  # of a name: characters per line, and lines


def short(name: str) -> str:
    """Return the name on up to three lines; a longer one ends in an ellipsis."""
    return "\n".join(wrap(name, _WIDTH, max_lines=_LINES, placeholder=" …"))


def spread(wanted: Sequence[float], sizes: Sequence[float], most: float) -> list[float]:
    """Return places from 0 to `most` for labels of these sizes, near the wanted places and in their order.

    Labels overlap only if they do not fit.
    """
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    places, edge = list(wanted), 0.0
    for place in order:
        places[place] = max(places[place], edge + sizes[place] / 2)
        edge = places[place] + sizes[place] / 2
    edge = most
    for place in reversed(order):
        places[place] = min(places[place], edge - sizes[place] / 2)
        edge = places[place] - sizes[place] / 2
    return places


def beside(points: pd.DataFrame, y: str, most: float, height: int) -> pd.DataFrame:
    """Return the points with a column `label`, and `place`: near `y`, where the labels do not overlap.

    The axis of `y` goes from 0 to `most` in so many pixels.
    """
    labels = [short(str(arm)) for arm in points["arm"]]
    sizes = [(_LINE * (label.count("\n") + 1) + 3) * most / height for label in labels]
    return points.assign(label=labels, place=spread([float(value) for value in points[y]], sizes, most))


def text(chart: Any, **more: Any) -> Any:
    """Draw labels that may have several lines."""
    return chart.mark_text(
        baseline="middle", fontSize=11.5, fontWeight="bold", lineBreak="\n", lineHeight=_LINE, **more
    )


def at_line_ends(lines: pd.DataFrame, y: alt.Y, most: float, height: int, colour: alt.Color) -> Any:
    """Name each arm right of the last point of its line; `y` is the encoding of the lines."""
    column = str(y.shorthand).partition(":")[0]
    ends = beside(lines.groupby("arm", sort=False).tail(1), column, most, height)
    encoding = y.copy()
    encoding.shorthand = "place:Q"
    return text(alt.Chart(ends[["arm", "label", "place"]]), align="left", dx=6).encode(
        x=alt.value("width"), y=encoding, text="label:N", color=colour
    )
