"""For notebooks: the process of imported tickets, and how well a fit to them agrees."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from dashboard.charts import fits, process
from dashboard.charts.theme import Drawn, finish


def paths_of_cases(frame: pd.DataFrame) -> Drawn:
    """Draw "paths of cases": a bar for each path, most frequent on top."""
    return _drawn(process.paths(), process.path_rows(frame), "Paths of support requests", height=26)


def hours_between_steps(frame: pd.DataFrame) -> Drawn:
    """Draw "hours between steps": a point at the median, a line to the 90th percentile."""
    return _drawn(process.between(), process.between_rows(frame), "Hours between steps", height=26)


def waiting_by_weekday_and_hour(frame: pd.DataFrame) -> Drawn:
    """Draw "waiting by weekday and hour": darker with more pending requests."""
    return _drawn(process.waiting(), process.waiting_rows(frame), "When access requests wait", height=26)


def fit_by_hours(curves: pd.DataFrame, assumption: str) -> Drawn:
    """Draw one delay of `Fit.curves`: the data with a 95 % band, and the fit."""
    return _drawn(fits.by_hours(), _of(curves, assumption), f"{assumption}: seen, and fitted")


def fit_hours_against_hours(quantiles: pd.DataFrame, assumption: str) -> Drawn:
    """Draw one delay of `Fit.quantiles`: on the dashed line, the fit equals the data."""
    title = f"{assumption}: hours that were seen against hours by the fit"
    return _drawn(fits.hours_against_hours(), _of(quantiles, assumption), title)


def _of(frame: pd.DataFrame, assumption: str) -> pd.DataFrame:
    """Return the rows of one assumption. Raises KeyError."""
    if assumption not in set(frame["assumption"]):
        known = ", ".join(dict.fromkeys(frame["assumption"])) or "no delay was learned"
        raise KeyError(f"{assumption!r} was not learned: {known}")
    return frame[frame["assumption"] == assumption]


def _drawn(spec: Mapping[str, Any], rows: pd.DataFrame, title: str, height: int | None = None) -> Drawn:
    """Return a specification as a chart with these rows; `height` is a row's, in pixels."""
    layers = [
        alt.Chart(
            mark=each["mark"], encoding=alt.FacetedEncoding(**each["encoding"]), transform=each.get("transform", [])
        )
        for each in spec.get("layer", (spec,))
    ]
    chart = alt.layer(*layers) if len(layers) > 1 else layers[0]
    chart.data = rows
    return finish(chart, title, height=alt.Step(height) if height else 260)
