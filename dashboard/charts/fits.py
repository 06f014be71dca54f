"""How well a learned delay fits the data: shares by hours, and a QQ plot."""

from functools import cache
from typing import Any

import pandas as pd

from dashboard import palette
from dashboard.charts.theme import ACCENT, EXACT_HOURS

Spec = dict[str, Any]

SEEN, FITTED = "seen", "fitted"
_TICKS = [0.1, 0.5, 2, 8, 24, 72, 168, 720, 2160]


def _hours(field: str, title: str) -> Spec:
    axis = {"values": _TICKS, "labelExpr": EXACT_HOURS, "labelOverlap": True}
    return {
        "field": field,
        "type": "quantitative",
        "title": title,
        "scale": {"type": "log", "nice": False},
        "axis": axis,
    }


@cache
def by_hours() -> Spec:
    """Return the chart of a delay's rows in `Fit.curves`: the data as steps with a 95 % band, and the fit."""
    x = _hours("hours", "hours")
    share = {"type": "quantitative", "title": "share of all", "scale": {"domain": [0, 1]}, "axis": {"format": "%"}}
    tips = [
        {"field": "hours", "type": "quantitative", "format": ",.2f"},
        {"field": "share", "type": "quantitative", "title": SEEN, "format": ".1%"},
        {"field": "fitted", "type": "quantitative", "title": FITTED, "format": ".1%"},
    ]
    look = {
        "field": "what",
        "type": "nominal",
        "legend": {"title": None, "orient": "top"},
        "scale": {"domain": [SEEN, FITTED], "range": [palette.GRAY.mark, ACCENT]},
    }
    return {
        "layer": [
            {
                "mark": {"type": "area", "interpolate": "step-after", "opacity": 0.2, "color": palette.GRAY.mark},
                "encoding": {"x": x, "y": {"field": "low", **share}, "y2": {"field": "high"}},
            },
            {
                "transform": [{"calculate": f"'{SEEN}'", "as": "what"}],
                "mark": {"type": "line", "interpolate": "step-after", "strokeWidth": 4},
                "encoding": {
                    "x": x,
                    "y": {"field": "share", **share},
                    "color": look,
                    "tooltip": tips,
                },
            },
            {
                "transform": [{"calculate": f"'{FITTED}'", "as": "what"}],
                "mark": {"type": "line", "interpolate": "monotone", "strokeWidth": 1.5},
                "encoding": {
                    "x": x,
                    "y": {"field": "fitted", **share},
                    "color": look,
                    "tooltip": tips,
                },
            },
        ],
        "config": {"view": {"strokeOpacity": 0}, "axis": {"gridOpacity": 0.35}},
    }


@cache
def hours_against_hours() -> Spec:
    """Return the QQ plot of a delay's rows in `Fit.quantiles`: on the line, the fit equals the data."""
    x, y = _hours("fitted", "hours by the fit"), _hours("seen", "hours that were seen")
    return {
        "layer": [
            {
                "mark": {"type": "line", "strokeDash": [4, 3], "color": palette.GRAY.mark},
                "encoding": {"x": x, "y": {**y, "field": "fitted"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 50, "opacity": 1, "color": ACCENT},
                "encoding": {
                    "x": x,
                    "y": y,
                    "tooltip": [
                        {"field": "share", "type": "quantitative", "format": ".0%", "title": "share that had ended"},
                        {"field": "seen", "type": "quantitative", "format": ",.2f"},
                        {"field": "fitted", "type": "quantitative", "format": ",.2f"},
                    ],
                },
            },
        ],
        "config": {"view": {"strokeOpacity": 0}, "axis": {"gridOpacity": 0.35}},
    }


def fit_in_words(curve: pd.DataFrame, about: str) -> str:
    """Return the largest difference between the fit and the data, as the picture's text alternative."""
    if curve.empty:
        return f"{about}: nothing was seen"
    gap = (curve["share"] - curve["fitted"]).abs()
    at = curve.iloc[int(gap.to_numpy().argmax())]
    return (
        f"{about}: the fit is nowhere further from what was seen than {100 * gap.max():.1f} percentage points, at "
        f"{at['hours']:.3g} hours ({100 * at['share']:.0f} % seen, {100 * at['fitted']:.0f} % by the fit)"
    )
