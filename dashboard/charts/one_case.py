"""The chart of one case: what each side saw, and when the engineer could read.

The specification is constant and has no rows, so that a page always sends the same one.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import pandas as pd

from dashboard import palette
from dashboard.charts.theme import ACCENT, COLOURS, MOMENT

Spec = dict[str, Any]
CAN_READ = "can read"
ROW = 26  # pixels
_LEAST = 0.015  # of the time span: the shortest bar
_TICKS = "timeFormat(datum.value, hours(datum.value) || minutes(datum.value) ? '%a %H:%M' : '%a %d %b')"
_BARS = {**COLOURS, CAN_READ: palette.LIVE.mark}
_NOTHING = "scale('x', datum.begins) > width - 130 ? 'nothing' : 'nothing, from here on'"  # else cut off
_LABEL_WIDTH = "windowSize()[0] < 640 ? 170 : 240"  # pixels
_READS = {"granted": (ACCENT, "circle"), "refused": (palette.ENDED.mark, "cross")}


class Bar(NamedTuple):
    """A bar of a row: a status that was seen, or CAN_READ."""

    row: str
    what: str
    begins: datetime
    ends: datetime | None


class Read(NamedTuple):
    """An attempt to read, in the row of its tenant."""

    row: str
    granted: bool
    at: datetime


def case_rows(rows: Sequence[str], bars: Sequence[Bar], reads: Sequence[Read], now: datetime) -> pd.DataFrame:
    """Return the data of `one_case`, with a mark for now; `rows` are the rows' names in order.

    `until` is a bar's end; it is drawn to `ends`, so that a new bar is visible.
    """
    order = {row: place for place, row in enumerate(rows)}
    least = (now - min((bar.begins for bar in bars), default=now)) * _LEAST
    drawn: list[tuple[object, ...]] = []
    for bar in bars:
        until = bar.ends or now
        drawn.append(("bar", bar.row, bar.what, bar.begins, max(until, bar.begins + least), until))
    for read in reads:
        drawn.append(("read", read.row, "granted" if read.granted else "refused", *3 * [read.at]))
    for row in dict.fromkeys(bar.row for bar in bars if bar.what != CAN_READ):
        ends = [bar.ends for bar in bars if bar.row == row]
        if None not in ends:
            drawn.append(("nothing", row, "nothing, from here on", *3 * [max(filter(None, ends))]))
    drawn.append(("now", rows[0], "now", *3 * [now]))
    frame = pd.DataFrame(drawn, columns=["kind", "row", "what", "begins", "ends", "until"])
    return frame.assign(place=frame["row"].map(order), words=frame["what"].map(palette.status_name))


@cache
def one_case(*, dark: bool = False) -> Spec:
    """Return the chart of `case_rows`: bars over time, marks for attempts to read, and a line for now."""
    hidden, now = (colour.dark if dark else colour.light for colour in (palette.HIDDEN, palette.CHANGED))
    begins = {
        "field": "begins",
        "type": "temporal",
        "title": None,
        "scale": {"padding": 48},
        "axis": {
            "tickCount": {"expr": "min(8, width / 90)"},
            "labelExpr": _TICKS,
            "labelFlush": True,
            "labelBound": True,
        },
    }
    row = {
        "field": "row",
        "type": "ordinal",
        "title": None,
        "sort": {"field": "place", "op": "min"},
        "axis": {
            "labelLimit": {"expr": _LABEL_WIDTH},
            "domain": False,
            "ticks": False,
            "labelPadding": 10,
            "labelFontSize": 13,
        },
    }
    told = [
        {"field": "row", "type": "nominal", "title": "who"},
        {"field": "words", "type": "nominal", "title": "what"},
        {"field": "begins", "type": "temporal", "title": "from", "format": MOMENT},
        {"field": "until", "type": "temporal", "title": "until", "format": MOMENT},
    ]
    at = [told[0], told[1], told[2] | {"title": "at"}]
    return {
        "layer": [
            {
                "transform": [{"filter": "datum.kind == 'bar'"}],
                "mark": {"type": "bar", "height": {"band": 0.56}, "cornerRadius": 3},
                "encoding": {
                    "x": begins,
                    "x2": {"field": "ends"},
                    "y": row,
                    "color": _looks(_BARS),
                    "tooltip": told,
                },
            },
            {
                "transform": [{"filter": "datum.kind == 'read'"}],
                "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1, "stroke": "white"},
                "encoding": {
                    "x": begins,
                    "y": row,
                    "fill": _looks({outcome: colour for outcome, (colour, _) in _READS.items()}),
                    "shape": _looks({outcome: shape for outcome, (_, shape) in _READS.items()}),
                    "tooltip": at,
                },
            },
            {
                "transform": [{"filter": "datum.kind == 'nothing'"}],
                "mark": {
                    "type": "text",
                    "text": {"expr": _NOTHING},
                    "align": "left",
                    "dx": 6,
                    "color": hidden.text,
                    "fontSize": 12,
                },
                "encoding": {"x": begins, "y": row},
            },
            {
                "transform": [{"filter": "datum.kind == 'now'"}],
                "mark": {"type": "rule", "strokeWidth": 2, "color": palette.CHANGED.mark},
                "encoding": {"x": begins},
            },
            {
                "transform": [{"filter": "datum.kind == 'now'"}],
                "mark": {"type": "text", "y": 0, "dy": -8, "color": now.text, "fontSize": 12},
                "encoding": {"x": begins, "text": {"field": "what"}},
            },
        ],
        "resolve": {"scale": {"color": "independent"}},
        "config": {"view": {"strokeOpacity": 0}, "axis": {"gridOpacity": 0.35}, "mark": {"aria": False}},
    }


def _looks(looks: dict[str, str]) -> Spec:
    scale = {"domain": [str(word) for word in looks], "range": list(looks.values())}
    return {"field": "what", "type": "nominal", "legend": None, "scale": scale}
