"""The tally of a question to the class as a chart.

The specification is constant and has no rows, so that a page always sends the same one.
"""

from collections.abc import Sequence
from functools import cache
from textwrap import wrap
from typing import Any

import pandas as pd

from dashboard.charts.theme import ACCENT, GRAY

_LINE = 46  # characters per line of a choice's label
_ROW = 26  # pixels per line


def tally_rows(choices: Sequence[str], tally: Sequence[int], right: str | None = None) -> pd.DataFrame:
    """Return the data of `tally_chart`: a row for each choice; `right` is the one to mark, if known yet."""
    return pd.DataFrame(
        [
            {
                "choice": "\n".join(wrap(("✓ " if choice == right else "") + choice, _LINE)),
                "answers": count,
                "is_right": choice == right,
            }
            for choice, count in zip(choices, tally, strict=True)
        ]
    )


def tally_height(choices: Sequence[str]) -> int:
    """Return the chart's height in pixels."""
    return 12 + sum(max(36, _ROW * len(wrap(choice, _LINE))) for choice in choices)


@cache
def tally_chart() -> dict[str, Any]:
    """Return the specification of horizontal bars, one for each choice, with the number of answers."""
    place = {
        "field": "choice",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {"labelExpr": "split(datum.label, '\\n')", "labelLimit": 400, "labelFontSize": 14, "ticks": False},
    }
    many = {
        "field": "answers",
        "type": "quantitative",
        "title": None,
        "axis": None,
        "scale": {"domainMin": 0, "nice": 1},
    }
    colour = {"condition": {"test": "datum.is_right", "value": ACCENT}, "value": GRAY}
    return {
        "encoding": {"y": place, "x": many},
        "layer": [
            {"mark": {"type": "bar", "cornerRadius": 3, "height": {"band": 0.7}}, "encoding": {"color": colour}},
            {
                "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 16, "fontWeight": "bold", "color": GRAY},
                "encoding": {"text": {"field": "answers", "type": "quantitative"}},
            },
        ],
        "config": {"view": {"stroke": None}},
    }
