"""The chart of when access is asked for, and how long that waits."""

from functools import cache
from typing import Any

import pandas as pd

from dashboard.charts.theme import ACCENT

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@cache
def week() -> dict[str, Any]:
    """Return the chart of `week_rows`: a cell for each hour of a week, the darker the longer a decision took."""
    return {
        "mark": {"type": "rect", "cornerRadius": 2, "color": ACCENT},
        "height": 190,
        "encoding": {
            "x": {
                "field": "hour",
                "type": "ordinal",
                "title": "Asked for at this hour (UTC)",
                "scale": {"domain": list(range(24)), "paddingInner": 0.12, "paddingOuter": 0},
                "axis": {"labelAngle": 0, "domain": False, "ticks": False, "labelOverlap": True},
            },
            "y": {
                "field": "day",
                "type": "ordinal",
                "title": None,
                "scale": {"domain": list(_DAYS), "paddingInner": 0.12, "paddingOuter": 0},
                "axis": {"domain": False, "ticks": False},
            },
            "opacity": {
                "field": "median_hours",
                "type": "quantitative",
                "legend": None,
                "scale": {"range": [0.12, 1], "domainMin": 0},
            },
            "tooltip": [
                {"field": "day", "type": "nominal", "title": "day"},
                {"field": "hour", "type": "ordinal", "title": "hour"},
                {"field": "requests", "type": "quantitative", "title": "requests"},
                {
                    "field": "median_hours",
                    "type": "quantitative",
                    "title": "median hours waited",
                    "format": ".1f",
                },
            ],
        },
        "config": {"view": {"strokeOpacity": 0}},
    }


def week_rows(waits: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the query waits_by_hour of which something was decided, with `day` in words."""
    decided = waits[waits["decided"] > 0]
    return decided.assign(day=decided["weekday"].map(dict(enumerate(_DAYS))))
