"""Frame in, picture out: the charts of the pages and of the notebooks. No figure is worked out here.

A chart says nothing about its background or the colour of its letters: Streamlit's theme and JupyterLab's bring those,
light or dark. The colours of statuses are chosen to be told apart on either, and to carry white letters.
"""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from model import Status, TicketStatus

NOT_VISIBLE = "not visible"
NOT_ASKED = "not asked yet"
OPEN = str(TicketStatus.OPEN)
COLOURS: dict[str, str] = {
    Status.PENDING: "#b45309",
    Status.APPROVED: "#15803d",
    Status.REJECTED: "#c62f2f",
    Status.REVOKED: "#7c4bc9",
    Status.COMPLETED: "#1d6fc0",
    Status.CANCELED: "#64748b",
    Status.EXPIRED: "#8a6d3b",
}
"""Of each status, in the order of the lifecycle."""
FOUND: dict[str, str] = {
    "holds": COLOURS[Status.APPROVED],
    "under a condition": COLOURS[Status.PENDING],
    "broken": COLOURS[Status.REJECTED],
}
"""What the checker finds of a promise."""
ARMS = ("#1d6fc0", "#d55e00", "#8f25f9", "#7e9e5e", "#c65999", "#7f594c")
"""Of the arms of a comparison, in their order; the colour-blind tell them apart too. From the seventh on, dashed."""
_ACCENT = "#1d6fc0"
_GRAY = "#828d9d"  # of what is not so, or not wholly, on white and on black
_WIDTH = 640
_GAPS = alt.Scale(paddingInner=0.08, paddingOuter=0)
_HOURS = (
    "datum.value < 1 ? 'up to 30 min' : datum.value < 24 ? datum.value + ' h' : "
    "datum.value / 24 + (datum.value == 24 ? ' day' : ' days')"
)
_MOMENT = "%d %b %Y, %H:%M"
Drawn = alt.Chart | alt.LayerChart | alt.VConcatChart
_VEGA_LITE_5 = "application/vnd.vegalite.v5+json"


def show_in_jupyterlab() -> None:
    """Charts are drawn by JupyterLab itself from now on: Altair's own way fetches its programs from the internet.

    JupyterLab knows the format by its version 5, in which all that is used here was there already.
    """
    alt.renderers.register("jupyterlab-itself", _for_jupyterlab)
    alt.renderers.enable("jupyterlab-itself")


def _for_jupyterlab(spec: dict[str, Any], **_: Any) -> dict[str, Any]:
    older = spec | {"$schema": "https://vega.github.io/schema/vega-lite/v5.json"}
    return {_VEGA_LITE_5: older, "text/plain": f"A chart: {_words(spec.get('title'))}"}


def _words(title: Any) -> str:
    return str(title["text"] if isinstance(title, dict) else title)


def requests_by_status(frame: pd.DataFrame) -> Drawn:
    """The figure "requests by status": a bar for each status, in the order of the lifecycle."""
    bars = alt.Chart(frame).encode(
        x=alt.X("requests:Q", title="access requests", axis=alt.Axis(tickMinStep=1)),
        y=alt.Y("status:N", title=None, sort=list(COLOURS)),
        color=alt.Color("status:N", scale=_scale(frame["status"]), legend=None),
        tooltip=["status:N", "requests:Q"],
    )
    numbers = bars.mark_text(align="left", dx=5, fontSize=12, fontWeight="bold").encode(
        text="requests:Q", color=alt.value(_GRAY)
    )
    return _finished(bars.mark_bar(cornerRadiusEnd=2) + numbers, "Access requests by status", height=alt.Step(30))


def hours_to_a_decision(frame: pd.DataFrame) -> Drawn:
    """The figure "hours to a decision": which share of the decided requests had been decided within so many hours."""
    chart = (
        alt.Chart(frame)
        .mark_line(interpolate="step-after", strokeWidth=2.5, color=_ACCENT)
        .encode(
            x=_hours("from the request to its approval or rejection"),
            y=_share("share of the decided"),
            tooltip=[alt.Tooltip("hours:Q", format=".1f"), alt.Tooltip("share:Q", format=".0%")],
        )
    )
    return _finished(chart, "How long a decision takes")


def live_grants_by_day(frame: pd.DataFrame) -> Drawn:
    """The figure "live grants by day"."""
    chart = (
        alt.Chart(frame)
        .mark_area(
            interpolate="step-after", opacity=0.25, color=_ACCENT, line={"color": _ACCENT, "interpolate": "step-after"}
        )
        .encode(
            x=alt.X("day:T", title=None, axis=alt.Axis(format="%d %b", labelFlush=True, tickCount="week")),
            y=alt.Y("grants:Q", title="approved requests that give access", axis=alt.Axis(tickMinStep=1)),
            tooltip=[alt.Tooltip("day:T", format="%a %d %b %Y"), "grants:Q"],
        )
    )
    return _finished(chart, "Live grants at the end of each day")


def tickets_by_week(frame: pd.DataFrame) -> Drawn:
    """The figure "tickets opened by week"; weeks that the room's history covers in part are gray."""
    named = frame.assign(history=frame["whole"].map({True: "all of the week", False: "a part of the week"}))
    scale = alt.Scale(domain=["all of the week", "a part of the week"], range=[_ACCENT, _GRAY])
    chart = (
        alt.Chart(named)
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            x=alt.X("week:O", timeUnit="yearmonthdate", title="week that begins on", axis=alt.Axis(format="%d %b")),
            y=alt.Y("tickets:Q", title="tickets opened", axis=alt.Axis(tickMinStep=1)),
            color=alt.Color("history:N", title="the room covers", scale=scale),
            tooltip=[alt.Tooltip("week:T", format="%d %b %Y"), "tickets:Q", "history:N"],
        )
    )
    return _finished(chart, "Tickets opened by week")


def undecided(frame: pd.DataFrame) -> Drawn:
    """The figure "undecided for how long": a bar for each pending request, the longest wait first."""
    label = frame["support_request_tenant"] + " → " + frame["resource_tenant"] + ", " + frame["request_id"]
    chart = (
        alt.Chart(frame.assign(request=label, days=frame["hours"] / 24))
        .mark_bar(color=COLOURS[Status.PENDING], cornerRadiusEnd=2)
        .encode(
            x=alt.X("days:Q", title="days since the request", axis=alt.Axis(tickCount=8)),
            y=alt.Y("request:N", title=None, sort=list(label), axis=alt.Axis(labelLimit=320)),
            tooltip=["request:N", alt.Tooltip("days:Q", format=".1f"), alt.Tooltip("hours:Q", format=".1f")],
        )
    )
    return _finished(chart, "Pending requests, and how long they have waited", height=alt.Step(26))


def timeline(spans: pd.DataFrame, reads: pd.DataFrame) -> Drawn:
    """The figures "time in each status" and "tries to read": a line for each ticket and tenant."""
    spans, reads = (f.assign(row=f["ticket_id"] + " · " + f["tenant"]) for f in (spans, reads))
    what, found = "try to read", ["granted", "refused"]
    reads = reads.assign(read=reads["outcome"].where(reads["outcome"] == "granted", "refused"))
    row = alt.Y("row:N", title="ticket · tenant", sort=list(spans["row"].unique()), axis=alt.Axis(labelLimit=260))
    bars = alt.Chart(spans).encode(
        x=alt.X("begins:T", title=None, axis=alt.Axis(format="%a %H:%M", tickCount=7)),
        x2="ends:T",
        y=row,
        color=alt.Color("status:N", title="status", scale=_scale(spans["status"], COLOURS | {OPEN: _GRAY})),
        tooltip=[
            "ticket_id:N",
            "request_id:N",
            "status:N",
            alt.Tooltip("begins:T", format=_MOMENT),
            alt.Tooltip("ends:T", format=_MOMENT),
        ],
    )
    tickets = bars.mark_bar(height=6).transform_filter(f"datum.status == '{OPEN}'")
    requests = bars.mark_bar(height=22).transform_filter(f"datum.status != '{OPEN}'")
    tries = (
        alt.Chart(reads)
        .mark_point(filled=True, size=90, stroke="white", strokeWidth=1, opacity=1)
        .encode(
            x="occurred_at:T",
            y=row,
            shape=alt.Shape("read:N", title=what, scale=alt.Scale(domain=found, range=["circle", "cross"])),
            fill=alt.Fill("read:N", title=what, scale=alt.Scale(domain=found, range=["#15803d", "#c62f2f"])),
            tooltip=[alt.Tooltip("occurred_at:T", format=_MOMENT), "tenant:N", "category:N", "outcome:N"],
        )
    )
    return _finished(tickets + requests + tries, "What happened, and when", height=alt.Step(44))


def who_sees_which_status(frame: pd.DataFrame) -> Drawn:
    """For each `event` (a row, in the frame's order) and `party` (a column) the `status` that the party sees.

    Beside statuses it may be NOT_VISIBLE, or NOT_ASKED where there is nothing to be seen.
    """
    colours = COLOURS | {NOT_VISIBLE: "transparent", NOT_ASKED: "transparent"}
    cells = alt.Chart(frame).encode(
        x=alt.X("party:N", title=None, sort=None, axis=_head(), scale=_GAPS),
        y=alt.Y("event:N", title=None, sort=None, axis=_rows(), scale=_GAPS),
    )
    seen = cells.mark_rect(cornerRadius=3, stroke=_GRAY, strokeOpacity=0.35).encode(
        color=alt.Color("status:N", legend=None, scale=_scale(frame["status"], colours)),
        tooltip=["event:N", "party:N", "status:N"],
    )
    something = "indexof(['{}', '{}'], datum.status) {} 0"
    written = cells.mark_text(fontSize=12, fontWeight="bold", color="white").transform_filter(
        something.format(NOT_VISIBLE, NOT_ASKED, "<")
    )
    nothing = cells.mark_text(fontSize=12, color=_GRAY).transform_filter(something.format(NOT_VISIBLE, NOT_ASKED, ">="))
    chart = seen + written.encode(text="status:N") + nothing.encode(text="status:N")
    return _finished(chart, "Who sees which status after each event", width=alt.Step(132), height=alt.Step(30))


def what_roles_allow(frame: pd.DataFrame) -> Drawn:
    """For each `member` (a row, in the frame's order) and `what` (a column): `allowed`, true or false."""
    scale = alt.Scale(domain=["yes", "no"], range=[COLOURS[Status.APPROVED], "transparent"])
    cells = alt.Chart(frame.assign(answer=frame["allowed"].map({True: "yes", False: "no"}))).encode(
        x=alt.X("what:N", title=None, sort=None, axis=_head(), scale=_GAPS),
        y=alt.Y("member:N", title=None, sort=None, axis=_rows(), scale=_GAPS),
    )
    answers = cells.mark_rect(cornerRadius=3, stroke=_GRAY, strokeOpacity=0.35).encode(
        color=alt.Color("answer:N", legend=None, scale=scale),
        tooltip=["member:N", "what:N", "answer:N"],
    )
    yes = cells.mark_text(fontSize=12, fontWeight="bold", color="white").transform_filter("datum.allowed")
    no = cells.mark_text(fontSize=12, color=_GRAY).transform_filter("!datum.allowed")
    chart = answers + yes.encode(text="answer:N") + no.encode(text="answer:N")
    return _finished(chart, "What the roles allow", width=alt.Step(190), height=alt.Step(30))


def which_promises_hold(frame: pd.DataFrame) -> Drawn:
    """For each `promise` (a row, in the frame's order) and `policy` (a column) what was `found`: a word of FOUND."""
    lines = "split(datum.label, ' ')"  # they grow downwards, so they are below
    names = alt.Axis(orient="bottom", labelAngle=0, labelExpr=lines, labelLineHeight=14, ticks=False, domain=False)
    cells = alt.Chart(frame).encode(
        x=alt.X("policy:N", title=None, sort=None, axis=names, scale=_GAPS),
        y=alt.Y("promise:N", title=None, sort=None, axis=_rows(), scale=_GAPS),
    )
    found = cells.mark_rect(cornerRadius=3).encode(
        color=alt.Color("found:N", legend=None, scale=_scale(frame["found"], FOUND)),
        tooltip=["promise:N", "policy:N", "found:N"],
    )
    told = cells.mark_text(fontSize=12, fontWeight="bold", color="white").encode(text="found:N")
    return _finished(found + told, "Which promises hold", width=alt.Step(112), height=alt.Step(30))


def decided_by_hours(frame: pd.DataFrame, arms: Sequence[str] = ()) -> Drawn:
    """A comparison's `decided`: which share of all access requests was decided within so many hours, a line an arm.

    Here as below `arms` are all arms in their order, so that each has its colour where the frame lacks some of them;
    without it, the frame's are all.
    """
    lines = _lines_by_hours(frame, arms, "from the request to its approval or rejection", "share of the requests")
    return _finished(lines, "How long a decision takes")


def resolved_by_hours(frame: pd.DataFrame, arms: Sequence[str] = ()) -> Drawn:
    """A comparison's `resolved`: which share of all tickets was closed within so many hours, a line an arm."""
    lines = _lines_by_hours(frame, arms, "from the opening of the ticket to its closing", "share of the tickets")
    return _finished(lines, "How long a ticket is open")


def live_grants(frame: pd.DataFrame, arms: Sequence[str] = ()) -> Drawn:
    """A comparison's `live`: the grants at the end of each day, a line an arm."""
    lines = _lines(frame, arms).encode(
        x=alt.X("day:T", title=None, axis=alt.Axis(format="%d %b", labelFlush=True, tickCount=8)),
        y=alt.Y("grants:Q", title="live grants"),
        tooltip=["arm:N", alt.Tooltip("day:T", format="%a %d %b %Y"), alt.Tooltip("grants:Q", format=",.1f")],
    )
    return _finished(lines, "Live grants at the end of each day")


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
        color=_colour(every),
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
    return _finished(across + down + centres, "Time to resolution, and access given for it", height=320)


def differences(frame: pd.DataFrame, arms: Sequence[str] = ()) -> Drawn:
    """A comparison's `differences` from its first arm: for each figure a point and its interval, a line an arm.

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
        y=alt.Y("metric:N", title=None, sort=None, axis=_rows()),
        yOffset=alt.YOffset("arm:N", sort=list(arms)),
        color=alt.condition(clear, _colour(arms, legend=alt.Legend(values=_arms(frame))), alt.value(_GRAY)),
        tooltip=[
            "metric:N",
            "arm:N",
            *(alt.Tooltip(f"{value}:Q", format=number) for value in ("difference", "low", "high")),
            "reading:N",
        ],
    )
    nothing = alt.Chart().mark_rule(color=_GRAY).encode(x=alt.datum(0))
    intervals = lines.mark_rule(strokeWidth=2.5).encode(
        x=alt.X("low:Q", title=title, axis=alt.Axis(format="+.0%" if unit == "share" else "+,.3~g")), x2="high:Q"
    )
    points = lines.mark_point(filled=True, size=70, opacity=1).encode(x="difference:Q")
    layered = nothing + intervals + points
    return layered.properties(width=_WIDTH - 220, height=alt.Step(16))


def _finished(chart: Any, title: str, *, width: int | alt.Step = _WIDTH, height: int | alt.Step = 240) -> Drawn:
    words = alt.TitleParams(title, anchor="start", offset=12)
    framed = chart.properties(title=words, width=width, height=height)
    drawn: Drawn = framed.configure_axis(gridOpacity=0.35).configure_view(strokeOpacity=0)
    return drawn


def _scale(found: pd.Series, colours: dict[str, str] = COLOURS) -> alt.Scale:
    """The colours of what is found, always in the same order."""
    words = [word for word in colours if word in set(found)]
    return alt.Scale(domain=[str(word) for word in words], range=[colours[word] for word in words])


def _head() -> alt.Axis:
    return alt.Axis(orient="top", labelAngle=0, labelLimit=200, ticks=False, domain=False, labelPadding=8)


def _rows() -> alt.Axis:
    return alt.Axis(labelLimit=420, ticks=False, domain=False, labelPadding=8)


def _hours(title: str) -> alt.X:
    """Hours from half an hour on, each step further a multiple of the last."""
    return alt.X(
        "hours:Q",
        title=title,
        scale=alt.Scale(type="log", nice=False, domainMin=0.5, clamp=True),
        axis=alt.Axis(values=[0.5, 1, 2, 4, 8, 24, 72, 168, 720, 2160], labelExpr=_HOURS),
    )


def _share(title: str) -> alt.Y:
    return alt.Y("share:Q", title=title, axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1]))


def _arms(frame: pd.DataFrame) -> list[str]:
    """In the order of the frame."""
    return [str(arm) for arm in dict.fromkeys(frame["arm"])]


def _colour(arms: Sequence[str], **more: Any) -> alt.Color:
    """Each arm's own."""
    colours = [ARMS[place % len(ARMS)] for place in range(len(arms))]
    return alt.Color("arm:N", title="arm", scale=alt.Scale(domain=list(arms), range=colours), **more)


def _falling(first: float, last: float, arms: Sequence[str]) -> list[float]:
    """A size for each arm, smaller and smaller: so where arms coincide, each shows behind the next."""
    return [first + (last - first) * place / max(len(arms) - 1, 1) for place in range(len(arms))]


def _lines(frame: pd.DataFrame, arms: Sequence[str]) -> Any:
    """A line of steps for each arm."""
    every = list(arms) or _arms(frame)
    dashes = [[6, 3] if place // len(ARMS) % 2 else [1, 0] for place in range(len(every))]
    widths = alt.Scale(domain=every, range=_falling(6, 1.5, every))
    return (
        alt.Chart(frame)
        .mark_line(interpolate="step-after")
        .encode(
            color=_colour(every),
            strokeDash=alt.StrokeDash("arm:N", title="arm", scale=alt.Scale(domain=every, range=dashes)),
            strokeWidth=alt.StrokeWidth("arm:N", title="arm", scale=widths),
        )
    )


def _lines_by_hours(frame: pd.DataFrame, arms: Sequence[str], hours: str, share: str) -> Any:
    return _lines(frame, arms).encode(
        x=_hours(hours),
        y=_share(share),
        tooltip=["arm:N", alt.Tooltip("hours:Q", format=",.1f"), alt.Tooltip("share:Q", format=".1%")],
    )
