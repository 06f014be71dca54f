"""Charts of what would change a decision: sensitivity to assumptions, sweeps of settings, and the trade-off."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from dashboard import palette
from dashboard.charts.theme import ACCENT, ARMS, GRAY, Drawn, finish, row_axis
from data.files.durations import duration_text
from data.lens.figures import UNITS
from data.simulation.decision.assumption_words import brief, brief_value
from data.simulation.decision.knobs import Knob, numbers
from data.simulation.decision.sensitivity import Sensitivity
from data.simulation.decision.sweep import Sweep
from data.simulation.decision.trade_off import TradeOff
from data.simulation.words.findings import CLEAR
from model import SETTINGS

_TURNS = palette.DIFFERS.mark
_BAR = 20  # pixels, for an assumption
_NEAR, _FAR = "#eceef2", "#5b6675"  # of the cells of a heat map, from least to most
_HEIGHT = 300
_TITLES = {"share": "difference in percentage points", "AUC": "difference from 0.5 (not at all) to 1 (always)"}


def tornado(found: Sensitivity, arm: str) -> Drawn:
    """Draw how far each assumption, by itself, moves the difference between an arm and the first one; widest on top.

    A bar goes from the difference under the default assumptions to that with a low or a high value, which is written at
    its end. It is violet if the order of the two reverses, and hollow if the difference is not clear. An assumption for
    which no effect was seen has no bar.
    """
    unit = UNITS[found.figure]
    assumed = float(found.assumed.loc[found.assumed["arm"] == arm, "difference"].iloc[0])
    of_arm = found.effects[found.effects["arm"] == arm].sort_values("spread", ascending=False, kind="stable")
    turned = found.turns[found.turns["reversed"].astype(bool)]
    pair = turned[turned[["now_less", "now_more"]].isin([arm, found.arms[0].name]).all(axis=1)]
    turns = set(zip(pair["assumption"], pair["at"], strict=True))
    rows = [
        {
            "assumption": brief(row["assumption"]),
            "value": row["value"],
            "difference": row["difference"],
            "assumed": assumed,
            "low": row["low"],
            "high": row["high"],
            "order": "turns around" if (row["assumption"], row["at"]) in turns else "stays",
            "reading": row["reading"],
        }
        for row in of_arm[of_arm["spread"] > 0].to_dict("records")
    ]
    columns = ["assumption", "value", "difference", "assumed", "low", "high", "order", "reading"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["words"] = _at_ends(frame)
    order = list(dict.fromkeys(frame["assumption"]))
    number = ("+.0%" if unit == "share" else "+,.3~g") if len(frame) else ""
    reach = [0.0, assumed, *frame["difference"]]
    margin = 0.16 * (max(reach) - min(reach) or 1)
    x = alt.X(
        "difference:Q",
        title=_TITLES.get(unit, f"difference in {unit}"),
        axis=alt.Axis(format=number, tickCount=6),
        scale=alt.Scale(domain=[min(reach) - margin, max(reach) + margin], nice=False),
    )
    colour = alt.Color(
        "order:N", legend=None, scale=alt.Scale(domain=["turns around", "stays"], range=[_TURNS, palette.GRAY.mark])
    )
    numbered = [alt.Tooltip(f"{name}:Q", format=number) for name in ("difference", "low", "high")]
    both = alt.Chart(frame).encode(y=alt.Y("assumption:N", title=None, sort=order, axis=row_axis()), x=x, color=colour)
    bars = both.mark_bar(height=_BAR * 0.6, strokeWidth=1.5).encode(
        x2="assumed:Q",
        stroke=colour,
        fillOpacity=alt.condition(alt.FieldOneOfPredicate("reading", list(CLEAR)), alt.value(1), alt.value(0.12)),
        tooltip=["assumption:N", "value:N", *numbered, "reading:N"],
    )
    room = 0.25 * margin  # a shorter bar has no label
    less, more = (both.transform_filter(f"{sign}(datum.difference - datum.assumed) > {room}") for sign in "-+")
    left = less.mark_text(align="right", dx=-4, fontSize=10.5, baseline="middle").encode(text="words:N")
    right = more.mark_text(align="left", dx=4, fontSize=10.5, baseline="middle").encode(text="words:N")
    nothing = alt.Chart().mark_rule(color=GRAY, strokeWidth=1.5).encode(x=alt.datum(0))
    as_assumed = alt.Chart().mark_rule(color=GRAY, strokeDash=[4, 4]).encode(x=alt.datum(assumed))
    title = f"{_capital(found.figure)}: “{arm}” against “{found.arms[0].name}”"
    return finish(nothing + as_assumed + bars + left + right, title, height=alt.Step(_BAR))


def _at_ends(frame: pd.DataFrame) -> list[str]:
    """Return what stands at the end of each bar; where both bars go the same way, both values stand at the longer."""
    said = [brief_value(value) for value in frame["value"]]
    away = (frame["difference"] - frame["assumed"]).to_numpy()
    for one, other in frame.groupby("assumption").indices.values():
        longer, shorter = (one, other) if abs(away[one]) > abs(away[other]) else (other, one)
        if away[longer] * away[shorter] > 0:
            said[longer], said[shorter] = f"{said[longer]}, {said[shorter]}", ""
    return said


def swept(found: Sweep, arm: str) -> Drawn:
    """Draw a sweep: over one setting a line with its band for each arm, over two a heat map of one arm.

    The best places are marked: larger points, or cells with a violet edge.
    """
    return _lines(found) if len(found.knobs) == 1 else _heat_map(found, arm)


def _lines(found: Sweep) -> Drawn:
    (knob,) = found.knobs
    arms = [arm.name for arm in found.arms]
    frame = _in_short(found)
    frame["place"] = found.values[knob.name].map(dict(zip(knob.words, _places(knob), strict=True)))
    if (there := numbers(knob.values)) is None:
        x: Any = alt.X(f"{knob.name}:N", sort=_short(knob), title=_title(knob), axis=alt.Axis(labelAngle=0))
    else:
        shares = knob.name.startswith("share_")
        x = alt.X(
            "place:Q",
            title=_title(knob) if shares or not _is_time(knob) else f"{_title(knob)}, hours",
            axis=alt.Axis(values=there, format=".0%" if shares else ",.3~g", labelOverlap=True, grid=False),
            scale=alt.Scale(zero=False, padding=12),
        )
    number = _number_format(found.figure)
    y = alt.Y("value:Q", title=found.figure, scale=alt.Scale(zero=False), axis=alt.Axis(format=number))
    tips = [
        "arm:N",
        alt.Tooltip(f"{knob.name}:N", title=knob.about),
        *(alt.Tooltip(f"{name}:Q", format=number) for name in ("value", "low", "high")),
        "best:N",
    ]
    scale = alt.Scale(domain=arms, range=[ARMS[place % len(ARMS)] for place in range(len(arms))])
    legend = alt.Legend(orient="top", title=None, symbolOpacity=1) if len(arms) > 1 else None
    both = alt.Chart(frame).encode(x=x, color=alt.Color("arm:N", scale=scale, legend=legend))
    bands = both.mark_area(opacity=0.18).encode(y=alt.Y("low:Q", title=found.figure), y2="high:Q")
    lines = both.mark_line().encode(y=y)
    sizes = alt.condition("datum.best", alt.value(160), alt.value(30))
    points = both.mark_point(filled=True, opacity=1).encode(y=y, size=sizes, tooltip=tips)
    chart = bands + lines + points
    return finish(chart, f"{_capital(found.figure)} over “{_title(knob)}”", height=_HEIGHT)


def _heat_map(found: Sweep, arm: str) -> Drawn:
    across, down = found.knobs
    frame = _in_short(found)[found.values["arm"] == arm]
    number = _number_format(found.figure)
    middle = float(frame["value"].mean())
    cells = alt.Chart(frame).encode(
        x=alt.X(f"{across.name}:N", sort=_short(across), title=_title(across), axis=alt.Axis(labelAngle=0)),
        y=alt.Y(f"{down.name}:N", sort=_short(down)[::-1], title=_title(down)),
    )
    filled = cells.mark_rect(stroke="white").encode(
        color=alt.Color("value:Q", title=None, legend=None, scale=alt.Scale(range=[_NEAR, _FAR])),
        tooltip=[
            *(alt.Tooltip(f"{knob.name}:N", title=knob.about) for knob in found.knobs),
            *(alt.Tooltip(f"{name}:Q", format=number) for name in ("value", "low", "high")),
            "best:N",
        ],
    )
    best = cells.transform_filter("datum.best").mark_rect(filled=False, stroke=_TURNS, strokeWidth=3)
    texts = cells.mark_text(fontSize=11.5).encode(
        text=alt.Text("value:Q", format=number),
        color=alt.condition(f"datum.value > {middle}", alt.value("white"), alt.value("#1f2933")),
    )
    title = f"{_capital(found.figure)} under “{arm}”; violet edge: the best"
    return finish(filled + best + texts, title, height=alt.Step(44))


def traded(found: TradeOff, against: str = "access") -> Drawn:
    """Draw policies by the time to resolution and the access given for it, or how well a removal can be guessed.

    `against`: "access" or "guess". Policies on the front are joined; hollow ones break a promise, which is named. Each
    has the number of its row in `TradeOff.policies`, from 1.
    """
    front = "on_front" if against == "access" else "on_guess_front"
    title = "hours of access per ticket" if against == "access" else "how well a removal can be guessed"
    hours = found.within.total_seconds() / 3600
    columns = ["arm", "resolved", "resolved_low", "resolved_high", against, f"{against}_low", f"{against}_high"]
    frame = found.policies[[*columns, "broken", front]].assign(number=range(1, len(found.policies) + 1))
    frame = frame.dropna(subset=["resolved", against]).assign(
        label=lambda it: _labels(it, against),
        standing=lambda it: [
            "breaks a promise" if broken else "on the front" if on else "beaten"
            for broken, on in zip(it["broken"], it[front], strict=True)
        ],
    )
    colours = alt.Scale(domain=["on the front", "beaten", "breaks a promise"], range=[ACCENT, GRAY, palette.RED.mark])
    x = alt.X(
        "resolved:Q",
        title="nine in ten tickets resolved within, hours",
        scale=alt.Scale(zero=False, padding=24),
        axis=alt.Axis(tickCount=8, labelOverlap=True),
    )
    y = alt.Y(f"{against}:Q", title=title, scale=_up_from(against))
    tips = ["arm:N", *(alt.Tooltip(f"{name}:Q", format=",.3~g") for name in ("resolved", against)), "standing:N"]
    colour = alt.Color("standing:N", scale=colours, legend=alt.Legend(orient="top", title=None, symbolOpacity=1))
    both = alt.Chart(frame).encode(color=colour)
    wide = both.mark_rule(opacity=0.5).encode(x="resolved_low:Q", x2="resolved_high:Q", y=y)
    tall = both.mark_rule(opacity=0.5).encode(y=f"{against}_low:Q", y2=f"{against}_high:Q", x=x)
    line = both.transform_filter("datum.standing == 'on the front'").mark_line(
        interpolate="step-after", strokeWidth=1.5
    )
    kept, hollow = (
        both.transform_filter(f"{sign}datum.broken").mark_point(size=90, opacity=1, filled=filled, strokeWidth=2)
        for sign, filled in (("!", True), ("", False))
    )
    names = both.mark_text(align="left", baseline="bottom", dx=6, dy=-4, fontSize=11).encode(x=x, y=y, text="label:N")
    limit = alt.Chart().mark_rule(color=GRAY, strokeDash=[4, 4]).encode(x=alt.datum(hours))
    said = alt.Chart().mark_text(align="right", baseline="top", dx=-4, dy=4, fontSize=11, color=GRAY, y=0)
    marked = said.encode(x=alt.datum(hours), text=alt.datum(f"within {duration_text(found.within)}"))
    drawn = [layer.encode(x=x, y=y, tooltip=tips) for layer in (kept, hollow)]
    layered = limit + marked + wide + tall + line.encode(x=x, y=y) + drawn[0] + drawn[1] + names
    return finish(layered, f"{_capital(title)}, given for a sooner resolution", height=_HEIGHT + 60)


def _up_from(against: str) -> alt.Scale:
    """Return the scale of access, which starts at 0, or of a guess."""
    return alt.Scale(zero=True, domainMin=0, nice=True) if against == "access" else alt.Scale(zero=False, padding=12)


def _labels(frame: pd.DataFrame, against: str) -> list[str]:
    """Return each point's label: its number, with those of points in almost the same place."""
    points = frame[["resolved", against]].to_numpy(float)
    near = 0.035 * np.ptp(points, axis=0) if len(points) else points
    groups: list[list[int]] = []  # of indices in the frame; the first of each has the label
    for place, broken in enumerate(frame["broken"]):
        for group in groups:
            there = group[0]
            if frame["broken"].iloc[there] == broken and (np.abs(points[place] - points[there]) <= near).all():
                group.append(place)
                break
        else:
            groups.append([place])
    said = [""] * len(frame)
    for group in groups:
        broken = frame["broken"].iloc[group[0]]
        many = ", ".join(str(frame["number"].iloc[place]) for place in group)
        said[group[0]] = f"{many} breaks “{broken}”" if broken else many
    return said


def _short(knob: Knob) -> list[str]:
    """Return the values in few words, or in all where few do not tell them apart."""
    short = [brief_value(words) for words in knob.words]
    return short if len(set(short)) == len(short) else list(knob.words)


def _in_short(found: Sweep) -> pd.DataFrame:
    """Return the values of a sweep with those of the knobs in few words."""
    words = {knob.name: dict(zip(knob.words, _short(knob), strict=True)) for knob in found.knobs}
    return found.values.assign(**{name: found.values[name].map(its) for name, its in words.items()})


def _title(knob: Knob) -> str:
    return knob.about if knob.name in SETTINGS else _capital(brief(knob.name))


def _places(knob: Knob) -> Sequence[float]:
    return numbers(knob.values) or list(range(len(knob.values)))


def _is_time(knob: Knob) -> bool:
    return any(not isinstance(value, int | float) for value in knob.values)


def _number_format(figure: str) -> str:
    return ".1%" if UNITS[figure] == "share" else ",.3~g"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
