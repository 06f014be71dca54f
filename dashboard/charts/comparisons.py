"""Charts of a comparison: frame in, chart out."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from dashboard.charts.theme import ARMS, GRAY, WIDTH, Drawn, arm_colour, finish, hours_axis, row_axis, share_axis


def decided_by_hours(frame: pd.DataFrame, arms: Sequence[str] = ()) -> Drawn:
    """Draw a comparison's `decided`: the share of all requests decided within so many hours, a line for each arm.

    Here as below `arms` are all arms in their order, so that each has its colour where the frame lacks some of them;
    without it, the frame's are all.
    """
    lines = _lines_by_hours(frame, arms, "from the request to its approval or rejection", "share of the requests")
    return finish(lines, "How long a decision takes")


def resolved_by_hours(frame: pd.DataFrame, arms: Sequence[str] = ()) -> Drawn:
    """Draw a comparison's `resolved`: the share of all tickets closed within so many hours, a line for each arm."""
    lines = _lines_by_hours(frame, arms, "from the opening of the ticket to its closing", "share of the tickets")
    return finish(lines, "How long a ticket is open")


def live_grants(frame: pd.DataFrame, arms: Sequence[str] = ()) -> Drawn:
    """Draw a comparison's `live`: the grants at the end of each day, a line for each arm."""
    lines = _lines(frame, arms).encode(
        x=alt.X("day:T", title=None, axis=alt.Axis(format="%d %b", labelFlush=True, tickCount=8)),
        y=alt.Y("grants:Q", title="live grants"),
        tooltip=["arm:N", alt.Tooltip("day:T", format="%a %d %b %Y"), alt.Tooltip("grants:Q", format=",.1f")],
    )
    return finish(lines, "Live grants at the end of each day")


def trade_off(metrics: pd.DataFrame, arms: Sequence[str] = ()) -> Drawn:
    """From a comparison's `metrics`: how long tickets take, against how long engineers have access; a point an arm.

    The rules are the intervals. An arm that lacks one of the two figures is left out.
    """
    hours, access = (
        metrics.loc[metrics["metric"] == metric, ["arm", "mean", "low", "high"]].dropna()
        for metric in ("median hours to resolution", "hours of access per ticket")
    )
    points = hours.merge(access, on="arm", suffixes=(" hours to resolution", " hours of access"))
    every = list(arms) or _arms(metrics)
    values = [f"{value} hours {of}" for of in ("to resolution", "of access") for value in ("mean", "low", "high")]
    near = alt.Scale(zero=False, padding=24)
    both = alt.Chart(points).encode(
        x=alt.X("mean hours to resolution:Q", title="median hours to resolution", scale=near),
        y=alt.Y("mean hours of access:Q", title="hours of access per ticket", scale=near),
        color=arm_colour(every),
        tooltip=["arm:N", *(alt.Tooltip(f"{value}:Q", format=",.2f") for value in values)],
    )
    sizes = alt.Scale(domain=every, range=_falling(400, 60, every))
    across = both.mark_rule(strokeWidth=1.5).encode(
        x=alt.X("low hours to resolution:Q", title="median hours to resolution"), x2="high hours to resolution"
    )
    down = both.mark_rule(strokeWidth=1.5).encode(
        y=alt.Y("low hours of access:Q", title="hours of access per ticket"), y2="high hours of access"
    )
    centres = both.mark_point(filled=True, opacity=1).encode(size=alt.Size("arm:N", title="arm", scale=sizes))
    return finish(across + down + centres, "Time to resolution, and access given for it", height=320)


def differences(frame: pd.DataFrame, arms: Sequence[str] = ()) -> Drawn:
    """Draw a comparison's `differences`: for each figure a point and its interval, a line for each arm.

    What is not clearly more or less is gray. Figures of one unit share a scale; total hours of access have none, since
    they are those per ticket over again.
    """
    kept = frame[frame["metric"] != "hours of access in total"]
    every = list(arms) or ["", *_arms(frame)]  # the frame lacks the first arm
    pictures = [_differences(some, str(unit), every) for unit, some in kept.groupby("unit", sort=False)]
    words = alt.TitleParams("Differences from the first arm; gray: none that is clear", anchor="start", offset=12)
    stacked = alt.vconcat(*pictures, title=words, spacing=24).resolve_scale(color="shared")
    drawn: Drawn = stacked.configure_axis(gridOpacity=0.35).configure_view(strokeOpacity=0)
    return drawn


def _differences(frame: pd.DataFrame, unit: str, arms: Sequence[str]) -> Any:
    """Those of one unit."""
    number = ".1%" if unit == "share" else ",.4~g"
    title = "more or less, in percentage points" if unit == "share" else f"more or less, in {unit}"
    clear = alt.FieldOneOfPredicate("reading", ["more", "less"])
    lines = alt.Chart(frame).encode(
        y=alt.Y("metric:N", title=None, sort=None, axis=row_axis()),
        yOffset=alt.YOffset("arm:N", sort=list(arms)),
        color=alt.condition(clear, arm_colour(arms, legend=alt.Legend(values=_arms(frame))), alt.value(GRAY)),
        tooltip=[
            "metric:N",
            "arm:N",
            *(alt.Tooltip(f"{value}:Q", format=number) for value in ("difference", "low", "high")),
            "reading:N",
        ],
    )
    nothing = alt.Chart().mark_rule(color=GRAY).encode(x=alt.datum(0))
    intervals = lines.mark_rule(strokeWidth=2.5).encode(
        x=alt.X("low:Q", title=title, axis=alt.Axis(format="+.0%" if unit == "share" else "+,.3~g")), x2="high:Q"
    )
    points = lines.mark_point(filled=True, size=70, opacity=1).encode(x="difference:Q")
    layered = nothing + intervals + points
    return layered.properties(width=WIDTH - 220, height=alt.Step(16))


def _arms(frame: pd.DataFrame) -> list[str]:
    """In the order of the frame."""
    return [str(arm) for arm in dict.fromkeys(frame["arm"])]


def _falling(first: float, last: float, arms: Sequence[str]) -> list[float]:
    """Return a size for each arm, ever smaller, so that each shows behind the next where arms coincide."""
    return [first + (last - first) * place / max(len(arms) - 1, 1) for place in range(len(arms))]


def _lines(frame: pd.DataFrame, arms: Sequence[str]) -> Any:
    """Draw a line of steps for each arm."""
    every = list(arms) or _arms(frame)
    dashes = [[6, 3] if place // len(ARMS) % 2 else [1, 0] for place in range(len(every))]
    widths = alt.Scale(domain=every, range=_falling(6, 1.5, every))
    return (
        alt.Chart(frame)
        .mark_line(interpolate="step-after")
        .encode(
            color=arm_colour(every),
            strokeDash=alt.StrokeDash("arm:N", title="arm", scale=alt.Scale(domain=every, range=dashes)),
            strokeWidth=alt.StrokeWidth("arm:N", title="arm", scale=widths),
        )
    )


def _lines_by_hours(frame: pd.DataFrame, arms: Sequence[str], hours: str, share: str) -> Any:
    return _lines(frame, arms).encode(
        x=hours_axis(hours),
        y=share_axis(share),
        tooltip=["arm:N", alt.Tooltip("hours:Q", format=",.1f"), alt.Tooltip("share:Q", format=".1%")],
    )
