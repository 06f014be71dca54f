"""Charts of a comparison: frame in, chart out.

Each arm is named beside its mark and has one colour in all charts. The first arm, with which the others are compared,
is gray; its line is dashed and lies on top.
"""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from dashboard.charts import labels
from dashboard.charts.theme import ARMS, GRAY, HOURS, WIDTH, Drawn, arm_colour, finish, row_axis

_HEIGHT = 240
_HOURS, _ACCESS = "median hours to resolution", "hours of access per ticket"
_STEPS = (1, 2, 4, 6, 12, 24, 48, 72, 120, 240, 480, 720, 1440, 2880, 8760, 17_520, 43_800)  # hours between two ticks
_TICKS = 6
_UNIT_WORDS = {"share": "in percentage points", "AUC": "on a scale from 0.5 (not at all) to 1 (always)"}


def decided_by_hours(frame: pd.DataFrame, arms: Sequence[str] = ()) -> Drawn:
    """Draw a comparison's `decided`: the share of all requests decided within so many hours, a line for each arm.

    The last hundredth of the decisions is left out. Here and below `arms` lists all arms in order, so that each keeps
    its colour if the frame lacks some; by default they are the frame's.
    """
    return _by_hours(frame, arms, 0.99, "since the request", "Share of requests decided")


def resolved_by_hours(frame: pd.DataFrame, arms: Sequence[str] = ()) -> Drawn:
    """Draw a comparison's `resolved`: the share of all tickets closed within so many hours, a line for each arm.

    The last tenth of the tickets, which may take many times as long, is left out.
    """
    return _by_hours(frame, arms, 0.9, "since the ticket was opened", "Share of tickets resolved")


def live_grants(frame: pd.DataFrame, arms: Sequence[str] = ()) -> Drawn:
    """Draw a comparison's `live`: the grants at the end of each day, a line for each arm.

    It ends where every arm is below four fifths of its maximum: no more tickets arrive then.
    """
    every = list(arms) or _arms(frame)
    most = frame.groupby("arm")["grants"].transform("max")
    last = frame.loc[frame["grants"] >= 0.8 * most, "day"].max()
    some = frame[frame["day"] <= last]
    top = max(float(some["grants"].max()), 1.0) if len(some) else 1.0
    x = alt.X("day:T", title=None, axis=alt.Axis(format="%d %b", labelFlush=True, tickCount=6))
    y = alt.Y("grants:Q", title="live grants", scale=alt.Scale(domain=[0, top], nice=False))
    tips = ["arm:N", alt.Tooltip("day:T", format="%a %d %b %Y"), alt.Tooltip("grants:Q", format=",.1f")]
    return finish(_lines(some, every, x, y, tips, top), "Live grants at the end of each day")


def trade_off(metrics: pd.DataFrame, arms: Sequence[str] = ()) -> Drawn:
    """Draw a comparison's `metrics`: the time of tickets against the time of access; a point for each arm.

    The lines are the intervals. An arm that lacks one of the two figures is left out.
    """
    hours, access = (
        metrics.loc[metrics["metric"] == metric, ["arm", "mean", "low", "high"]].dropna()
        for metric in (_HOURS, _ACCESS)
    )
    points = hours.merge(access, on="arm", suffixes=(" hours to resolution", " hours of access"))
    every = list(arms) or _arms(metrics)
    values = [f"{value} hours {of}" for of in ("to resolution", "of access") for value in ("mean", "low", "high")]
    height = 300
    most = 1.15 * float(points["high hours of access"].max()) if points["high hours of access"].any() else 1.0
    across = alt.Scale(zero=False, padding=24)
    both = alt.Chart(labels.beside(points, "mean hours of access", most, height)).encode(
        x=alt.X("mean hours to resolution:Q", title=_HOURS, scale=across, axis=alt.Axis(tickCount=_TICKS)),
        y=alt.Y("mean hours of access:Q", title=_ACCESS, scale=alt.Scale(domain=[0, most], nice=False)),
        color=arm_colour(every),
        tooltip=["arm:N", *(alt.Tooltip(f"{value}:Q", format=",.2f") for value in values)],
    )
    rules, right = both.mark_rule(strokeWidth=1.5), alt.value("width")
    left_right = rules.encode(x=alt.X("low hours to resolution:Q", title=_HOURS), x2="high hours to resolution")
    down_up = rules.encode(y=alt.Y("low hours of access:Q", title=_ACCESS), y2="high hours of access")
    leaders = both.mark_rule(strokeWidth=1, opacity=0.4).encode(x2=right, y2="place")
    sizes = alt.Scale(domain=every, range=_falling(400, 60, every))
    centres = both.mark_point(filled=True, opacity=1).encode(size=alt.Size("arm:N", legend=None, scale=sizes))
    names = labels.text(both, align="left", dx=6).encode(x=right, y=alt.Y("place:Q", title=_ACCESS), text="label:N")
    title = "Time to resolution, and access given for it"
    return finish(leaders + left_right + down_up + centres + names, title, height=height)


def differences(frame: pd.DataFrame, arms: Sequence[str] = ()) -> Drawn:
    """Draw a comparison's `differences`: for each figure a point and its interval, a line for each arm.

    Differences that are not clear are hollow and thin. Figures of one unit share a scale; total hours of access are
    left out, since they repeat those per ticket.
    """
    kept = frame[frame["metric"] != "hours of access in total"]
    every = list(arms) or ["", *_arms(frame)]  # the frame lacks the first arm
    pictures = [_differences(some, str(unit), every) for unit, some in kept.groupby("unit", sort=False)]
    words = alt.TitleParams("Differences from the first arm; hollow: none that is clear", anchor="start", offset=12)
    stacked = alt.vconcat(*pictures, title=words, spacing=24).resolve_scale(color="shared")
    drawn: Drawn = stacked.configure_axis(gridOpacity=0.35).configure_view(strokeOpacity=0)
    return drawn


def _differences(frame: pd.DataFrame, unit: str, arms: Sequence[str]) -> Any:
    """Draw the differences of one unit."""
    number = ".1%" if unit == "share" else ",.4~g"
    title = f"more or less, {_UNIT_WORDS.get(unit, f'in {unit}')}"
    clear = alt.FieldOneOfPredicate("reading", ["more", "less"])
    lines = alt.Chart(frame).encode(
        y=alt.Y("metric:N", title=None, sort=None, axis=row_axis()),
        yOffset=alt.YOffset("arm:N", sort=list(arms)),
        color=arm_colour(arms),
        tooltip=[
            "metric:N",
            "arm:N",
            *(alt.Tooltip(f"{value}:Q", format=number) for value in ("difference", "low", "high")),
            "reading:N",
        ],
    )
    nothing = alt.Chart().mark_rule(color=GRAY).encode(x=alt.datum(0))
    ends = alt.X("low:Q", title=title, axis=alt.Axis(format="+.0%" if unit == "share" else "+,.3~g", tickCount=5))
    intervals = lines.mark_rule().encode(
        x=ends, x2="high:Q", strokeWidth=alt.condition(clear, alt.value(2.5), alt.value(1))
    )
    points = lines.mark_point(size=60, opacity=1).encode(
        x="difference:Q",
        fill=alt.condition(clear, arm_colour(arms), alt.value("transparent")),
    )
    names = lines.mark_text(align="left", baseline="middle", dx=6, fontSize=10.5, limit=labels.LONGEST)
    layered = nothing + intervals + points + names.encode(x=alt.value("width"), text="arm:N")
    return layered.properties(width=WIDTH - 220, height=alt.Step(16))


def _arms(frame: pd.DataFrame) -> list[str]:
    """Return the arms in the order of the frame."""
    return [str(arm) for arm in dict.fromkeys(frame["arm"])]


def _falling(first: float, last: float, arms: Sequence[str]) -> list[float]:
    """Return decreasing sizes for the arms, so that each shows behind the next if they coincide."""
    return [first + (last - first) * place / max(len(arms) - 1, 1) for place in range(len(arms))]


def _by_hours(frame: pd.DataFrame, arms: Sequence[str], of_all: float, since: str, title: str) -> Drawn:
    """Draw curves up to the time at which every arm has reached a share of its final value."""
    every = list(arms) or _arms(frame)
    reached = frame["share"] >= of_all * frame.groupby("arm")["share"].transform("max")
    wanted = float(frame[reached].groupby("arm")["hours"].min().max()) if len(frame) else 24.0
    step = next((step for step in _STEPS if wanted <= step * _TICKS), _STEPS[-1])
    end = step * max(-(-wanted // step), 2)
    some = pd.concat([_within(curve, end) for _, curve in frame.groupby("arm", sort=False)] or [frame])
    x = alt.X(
        "hours:Q",
        title=since,
        scale=alt.Scale(domain=[0, end], nice=False),
        axis=alt.Axis(values=[n * step for n in range(int(end // step) + 1)], labelExpr=HOURS, grid=False),
    )
    y = alt.Y(
        "share:Q",
        title=None,
        axis=alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1]),
        scale=alt.Scale(domain=[0, 1]),
    )
    tips = ["arm:N", alt.Tooltip("hours:Q", format=",.1f"), alt.Tooltip("share:Q", format=".1%")]
    return finish(_lines(some, every, x, y, tips, 1.0), title)


def _within(curve: pd.DataFrame, end: float) -> pd.DataFrame:
    """Return the points of one arm's curve, with one at the start and one at the end of the picture."""
    inside = curve[curve["hours"] <= end]
    first = curve.head(1).assign(hours=0.0, share=0.0)
    last = (inside if len(inside) else first).tail(1).assign(hours=end)
    return pd.concat([first, inside, last])


def _lines(frame: pd.DataFrame, every: Sequence[str], x: alt.X, y: alt.Y, tips: Any, most: float) -> Any:
    """Draw a line for each arm, named at its end; the first one's is dashed and on top."""
    dashes = [[8, 5], *([2, 2] if place // len(ARMS) % 2 else [1, 0] for place in range(1, len(every)))]
    colour = arm_colour(every)
    dash = alt.StrokeDash("arm:N", legend=None, scale=alt.Scale(domain=list(every), range=dashes[: len(every)]))
    is_base = frame["arm"] == every[0] if every else frame["arm"].notna()
    drawn = [
        alt.Chart(some).mark_line(strokeWidth=width).encode(x=x, y=y, color=colour, strokeDash=dash, tooltip=tips)
        for some, width in ((frame[~is_base], 2), (frame[is_base], 3.5))
    ]
    return drawn[0] + drawn[1] + labels.at_line_ends(frame, y, most, _HEIGHT, colour)
