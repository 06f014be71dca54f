"""Charts of the pages Overview and Timeline: constant specifications, and the rows that they draw.

A specification names the columns of its rows but has no rows, so that a page always sends the same one.
"""

from copy import deepcopy
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pandas as pd

from dashboard import palette
from dashboard.charts.theme import ACCENT, MOMENT
from dashboard.palette import Colour
from model.texts import hidden_shown

Spec = dict[str, Any]
BARS: dict[str, tuple[str, Colour]] = {  # what a lens calls it -> in words, colour
    "open": ("support request open", palette.OVER),
    "waiting": ("access request pending", palette.WAITS),
    "access": ("access held", palette.LIVE),
}
MARKS: dict[str, tuple[str, Colour, str, str]] = {  # the lens's name -> label, colour, shape etc.
    "approved": ("approved", palette.LIVE, "circle", "●"),
    "rejected": ("rejected", palette.ENDED, "cross", "✚"),
    "revoked": ("access removed", palette.ENDED, "triangle-down", "▼"),
    "completed": ("completed", palette.OVER, "square", "■"),
    "canceled": ("canceled (lab)", palette.OVER, "diamond", "◆"),
    "expired": ("expired (lab)", palette.OVER, "triangle-up", "▲"),
}
CLICKS = ("open", "bar", "mark")
"""The clickable marks of `cases`; each selects the `ticket_id` and the `request_id` of its row."""
_TICKS = "timeFormat(datum.value, hours(datum.value) || minutes(datum.value) ? '%H:%M' : '%d %b')"
_LABEL = 52  # characters of a title
_NOT_SHOWN = "\u2063"  # no title holds it: what stands after it tells cases of one title apart, in the tooltip alone
_LABEL_WIDTH = "windowSize()[0] < 640 ? 110 : 300"  # pixels; on a phone the bars need the room
_LABEL_WIDTH_PRINTED = 430
_WHOLE_LABEL = f"replace(datum.label, '{_NOT_SHOWN}', '')"


@cache
def calendar() -> Spec:
    """Return the chart of `calendar_rows`: a cell for each day, darker with more events."""
    return {
        "mark": {"type": "rect", "cornerRadius": 3, "color": ACCENT},
        "encoding": {
            "x": {
                "field": "week",
                "type": "ordinal",
                "title": None,
                "sort": None,
                "axis": {"labelAngle": 0, "domain": False, "ticks": False, "labelOverlap": True, "labelFlush": False},
                "scale": {"paddingInner": 0.12, "paddingOuter": 0},
            },
            "y": {
                "field": "weekday",
                "type": "ordinal",
                "title": None,
                "sort": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
                "axis": {"domain": False, "ticks": False},
                "scale": {"paddingInner": 0.12, "paddingOuter": 0},
            },
            "opacity": {
                "field": "many",
                "type": "quantitative",
                "legend": None,
                "scale": {"range": [0.07, 1], "domainMin": 0},
            },
            "tooltip": [
                {"field": "date", "type": "nominal", "title": "day"},
                {"field": "many", "type": "quantitative", "title": "how many"},
            ],
        },
        "config": {"view": {"strokeOpacity": 0}},
    }


def calendar_rows(by_day: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return a row for each day of "by_day": `week` (its Monday), `weekday`, `date` in words, and `many`."""
    days = pd.to_datetime(by_day["day"])
    return pd.DataFrame(
        {
            "week": (days - pd.to_timedelta(days.dt.day_of_week, unit="D")).map(_week),
            "weekday": days.dt.strftime("%a"),
            "date": days.dt.strftime("%a %d %b %Y"),
            "many": by_day[column].astype("int64"),
        }
    )


def _week(monday: pd.Timestamp) -> str:
    return f"{monday.day} {monday:%b}"


@cache
def load() -> Spec:
    """Return the chart of `load_rows`: the open work of each engineer."""
    words = [said for said, _ in LOAD.values()]
    return {
        "mark": {"type": "bar", "cornerRadiusEnd": 2},
        "encoding": {
            "y": {
                "field": "engineer",
                "type": "nominal",
                "title": None,
                "sort": None,
                "axis": {"labelLimit": 160, "domain": False, "ticks": False},
            },
            "x": {"field": "many", "type": "quantitative", "title": None, "axis": {"tickMinStep": 1, "tickCount": 5}},
            "color": {
                "field": "what",
                "type": "nominal",
                "sort": words,
                "legend": None,
                "scale": {"domain": words, "range": [colour.mark for _, colour in LOAD.values()]},
            },
            "order": {"field": "place", "type": "quantitative"},
            "tooltip": [
                {"field": "engineer", "type": "nominal"},
                {"field": "what", "type": "nominal"},
                {"field": "many", "type": "quantitative", "title": "how many"},
            ],
        },
        "config": {"view": {"strokeOpacity": 0}},
    }


def load_to_print() -> Spec:
    """Return `load` with a legend."""
    spec = deepcopy(load())
    spec["encoding"]["color"]["legend"] = {"title": None, "orient": "bottom"}
    return spec


LOAD: dict[str, tuple[str, Colour]] = {  # what a lens calls it -> in words, colour
    "open_tickets": ("open support requests", palette.OVER),
    "waiting": ("pending access requests", palette.WAITS),
    "live": ("live grants", palette.LIVE),
}


def load_rows(load: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each engineer and kind of open work: `engineer`, `what`, `many`, `place`."""
    parts = [
        pd.DataFrame(
            {"engineer": load["engineer"].map(hidden_shown), "what": words, "many": load[name], "place": place}
        )
        for place, (name, (words, _)) in enumerate(LOAD.items())
    ]
    return pd.concat(parts, ignore_index=True)


@cache
def cases() -> Spec:
    """Return the chart of `case_rows`: a line for each case. A click selects one of CLICKS; dragging pans."""
    row = {
        "field": "case",
        "type": "ordinal",
        "title": None,
        "sort": {"field": "place", "op": "min"},
        "axis": {
            "labelExpr": f"split(datum.label, '{_NOT_SHOWN}')[0]",
            "labelLimit": {"expr": _LABEL_WIDTH},
            "domain": False,
            "ticks": False,
            "labelPadding": 8,
        },
    }
    axis = {"orient": "top", "labelFlush": True, "tickCount": 8, "labelExpr": _TICKS}
    begins = {"field": "begins", "type": "temporal", "title": None, "axis": axis}
    told = [
        {"field": "case", "type": "nominal", "title": "support request"},
        {"field": "words", "type": "nominal", "title": "what"},
        {"field": "begins", "type": "temporal", "title": "from", "format": MOMENT},
        {"field": "ends", "type": "temporal", "title": "until", "format": MOMENT},
        {"field": "resource", "type": "nominal", "title": "resource tenant"},
    ]
    at = [told[0], told[1], told[2] | {"title": "at"}, told[4]]
    lane = {"field": "lane", "type": "ordinal"}
    zoom = {
        "name": "zoom",
        "select": {"type": "interval", "encodings": ["x"], "zoom": "wheel![event.ctrlKey || event.shiftKey]"},
        "bind": "scales",
    }
    return {
        "layer": [
            {
                "transform": [{"filter": "datum.kind == 'history'"}],
                "mark": {"type": "rect", "color": ACCENT, "opacity": 0.07},
                "encoding": {"x": begins, "x2": {"field": "ends"}},
            },
            {
                "transform": [{"filter": "datum.kind == 'history'"}],
                "mark": {"type": "rule", "strokeDash": [4, 3], "color": palette.GRAY.mark},
                "encoding": {"x": {"field": "ends", "type": "temporal"}},
            },
            {
                "params": [_clicks("open")],
                "transform": [{"filter": "datum.what == 'open'"}],
                "mark": {
                    "type": "bar",
                    "height": {"band": 0.86},
                    "cornerRadius": 3,
                    "opacity": 0.28,
                    "cursor": "pointer",
                },
                "encoding": {
                    "x": begins,
                    "x2": {"field": "ends"},
                    "y": row,
                    "color": _looks({said: colour.mark for said, colour in BARS.values()}),
                    "tooltip": told,
                },
            },
            {
                "params": [_clicks("bar"), zoom],
                "transform": [{"filter": "datum.kind == 'bar' && datum.what != 'open'"}],
                "mark": {"type": "bar", "height": {"band": 0.62}, "cornerRadius": 2, "cursor": "pointer"},
                "encoding": {
                    "x": begins,
                    "x2": {"field": "ends"},
                    "y": row,
                    "yOffset": lane,
                    "color": _looks({said: colour.mark for said, colour in BARS.values()}),
                    "tooltip": told,
                },
            },
            {
                "params": [_clicks("mark")],
                "transform": [{"filter": "datum.kind == 'mark'"}],
                "mark": {
                    "type": "point",
                    "filled": True,
                    "size": 70,
                    "opacity": 1,
                    "stroke": "white",
                    "strokeWidth": 0.8,
                    "cursor": "pointer",
                },
                "encoding": {
                    "x": begins,
                    "y": row,
                    "shape": _looks({said: shape for said, _, shape, _ in MARKS.values()}),
                    "fill": _looks({said: colour.mark for said, colour, _, _ in MARKS.values()}),
                    "tooltip": at,
                },
            },
        ],
        "resolve": {"scale": {"color": "shared"}},
        "config": {"view": {"strokeOpacity": 0}, "axis": {"gridOpacity": 0.35}, "mark": {"aria": False}},
    }


def cases_to_print() -> Spec:
    """Return `cases` as a static picture: with a legend, and without interaction."""
    spec = deepcopy(cases())
    legend = {"title": None, "orient": "bottom", "columns": 3, "symbolOpacity": 1}
    for layer in spec["layer"]:
        layer.pop("params", None)
        for name, channel in layer["encoding"].items():
            if name == "y":
                channel["axis"] |= {"labelLimit": _LABEL_WIDTH_PRINTED, "labelExpr": _WHOLE_LABEL}
            elif name in ("color", "fill", "shape"):
                channel["legend"] = legend
    return spec


def _clicks(name: str) -> Spec:
    return {"name": name, "select": {"type": "point", "fields": ["ticket_id", "request_id"], "toggle": False}}


def _looks(looks: dict[str, str]) -> Spec:
    scale = {"domain": list(looks), "range": list(looks.values())}
    return {"field": "words", "type": "nominal", "legend": None, "scale": scale}


def case_rows(timeline: pd.DataFrame, now: datetime, history: timedelta) -> pd.DataFrame:
    """Return the rows of "timeline" for `cases`, and one for the period of Approved access."""
    words = {what: said[0] for what, said in {**BARS, **MARKS}.items()}
    titles = timeline["title"].map(_short)
    rows = timeline[["place", "lane", "kind", "what", "ticket_id", "request_id", "begins", "ends"]].assign(
        case=titles + _NOT_SHOWN + " · " + timeline["ticket_id"],
        words=timeline["what"].map(words),
        resource=timeline["resource_tenant"],
    )
    looks_back = {"kind": "history", "begins": max(now - history, rows["begins"].min()), "ends": now}
    return pd.concat([rows, pd.DataFrame([looks_back])], ignore_index=True)


def _short(title: str) -> str:
    shown = hidden_shown(title)
    return shown if len(shown) <= _LABEL else f"{shown[: _LABEL - 1]}…"
