"""The process of cases: paths, hours between steps, and waiting times. Trainers only."""

from functools import cache
from typing import Any

import pandas as pd

from dashboard import palette
from dashboard.charts.theme import ACCENT, EXACT_HOURS

Spec = dict[str, Any]

STEPS = {
    "open": "opened",
    "request": "access requested",
    "approve": "approved",
    "reject": "rejected",
    "revoke": "access removed",
    "expire": "expired",
    "lapse": "lapsed",
    "close": "closed",
}
"""The steps of a path, in words."""
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MOST_PATHS, _MOST_STEPS = 12, 14
_LABELS = "windowSize()[0] < 640 ? 150 : 420"  # pixels; on a phone the bars need the room
_LOOK: Spec = {"view": {"strokeOpacity": 0}, "axis": {"gridOpacity": 0.35}}


def path_in_words(path: str) -> str:
    """Return a path of "paths of cases" in words.

    >>> path_in_words("open, request, approve")
    'opened → access requested → approved'
    """
    return " → ".join(STEPS.get(step, step) for step in path.split(", "))


def path_rows(paths: pd.DataFrame) -> pd.DataFrame:
    """Return the most frequent paths of "paths of cases" in words, and one row for all others."""
    many = _MOST_PATHS if len(paths) > _MOST_PATHS + 1 else len(paths)  # one other path is shown as itself
    shown = paths.head(many).assign(path=paths["path"].head(many).map(path_in_words))
    others = paths.iloc[many:]
    if others.empty:
        return shown
    rest = {"path": f"{len(others):,} other paths", "tickets": others["tickets"].sum(), "share": others["share"].sum()}
    return pd.concat([shown, pd.DataFrame([rest])], ignore_index=True)


@cache
def paths() -> Spec:
    """Return the chart of `path_rows`: a bar for each path, most frequent on top."""
    y = {
        "field": "path",
        "type": "nominal",
        "title": None,
        "sort": None,
        "axis": {"labelLimit": {"expr": _LABELS}, "domain": False, "ticks": False},
    }
    x = {
        "field": "share",
        "type": "quantitative",
        "title": "share of all support requests",
        "axis": {"format": "%", "tickCount": 5},
    }
    tips = [
        {"field": "path", "type": "nominal"},
        {"field": "tickets", "type": "quantitative", "format": ","},
        {"field": "share", "type": "quantitative", "format": ".1%"},
        {"field": "hours", "type": "quantitative", "format": ",.1f", "title": "half within (hours)"},
    ]
    return {
        "mark": {"type": "bar", "cornerRadiusEnd": 2, "color": ACCENT},
        "encoding": {"y": y, "x": x, "tooltip": tips},
        "config": _LOOK,
    }


def between_rows(steps: pd.DataFrame) -> pd.DataFrame:
    """Return the most frequent rows of "hours between steps", with the two steps in words."""
    some = steps.head(_MOST_STEPS)
    return some.assign(both=some["before"].map(STEPS) + " → " + some["step"].map(STEPS))


@cache
def between() -> Spec:
    """Return the chart of `between_rows`: a point at the median, a line to the 90th percentile."""
    y = {
        "field": "both",
        "type": "nominal",
        "title": None,
        "sort": None,
        "axis": {"labelLimit": 260, "domain": False, "ticks": False},
    }
    axis = {"values": [0, 0.5, 2, 8, 24, 72, 168, 720, 2160], "labelExpr": EXACT_HOURS, "labelOverlap": True}
    scale = {"type": "symlog", "constant": 0.5, "nice": False}
    x = {"type": "quantitative", "title": "hours after the step before", "axis": axis, "scale": scale}
    tips = [
        {"field": "both", "type": "nominal", "title": "steps"},
        {"field": "steps", "type": "quantitative", "format": ",", "title": "how often"},
        {"field": "median_hours", "type": "quantitative", "format": ",.1f", "title": "half within (hours)"},
        {"field": "p90_hours", "type": "quantitative", "format": ",.1f", "title": "nine in ten within (hours)"},
    ]
    line = {"x": {"field": "median_hours", **x}, "x2": {"field": "p90_hours"}, "y": y, "tooltip": tips}
    point = {"x": {"field": "median_hours", **x}, "y": y, "tooltip": tips}
    return {
        "layer": [
            {"mark": {"type": "rule", "strokeWidth": 3, "opacity": 0.45, "color": ACCENT}, "encoding": line},
            {
                "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1, "color": ACCENT},
                "encoding": point,
            },
        ],
        "config": _LOOK,
    }


def waiting_rows(waiting: pd.DataFrame) -> pd.DataFrame:
    """Return "waiting by weekday and hour" with the weekdays' names."""
    return waiting.assign(weekday=waiting["weekday"].map(dict(enumerate(WEEKDAYS, start=1))))


@cache
def waiting() -> Spec:
    """Return the chart of `waiting_rows`: a cell for each hour of the week, darker with more pending requests."""
    cells = {"paddingInner": 0.1, "paddingOuter": 0}
    return {
        "mark": {"type": "rect", "cornerRadius": 2, "color": palette.WAITS.mark},
        "encoding": {
            "x": {
                "field": "hour",
                "type": "ordinal",
                "title": "hour of the day, UTC",
                "axis": {"labelAngle": 0, "domain": False, "ticks": False, "labelOverlap": True},
                "scale": cells,
            },
            "y": {
                "field": "weekday",
                "type": "ordinal",
                "title": None,
                "sort": list(WEEKDAYS),
                "axis": {"domain": False, "ticks": False},
                "scale": cells,
            },
            "opacity": {
                "field": "requests",
                "type": "quantitative",
                "legend": None,
                "scale": {"range": [0.05, 1], "domainMin": 0},
            },
            "tooltip": [
                {"field": "weekday", "type": "nominal"},
                {"field": "hour", "type": "ordinal"},
                {"field": "requests", "type": "quantitative", "format": ",.1f", "title": "waiting on average"},
            ],
        },
        "config": {"view": {"strokeOpacity": 0}},
    }
