"""The charts of pages and notebooks, from frames. No figure is calculated here.

A chart sets neither its background nor its text colour: Streamlit's and JupyterLab's themes do, light or dark. The
colours of statuses are distinguishable on both, and readable under white text.
"""

import altair as alt
import pandas as pd

from dashboard.charts.theme import (
    ACCENT,
    COLOURS,
    GAPS,
    GRAY,
    MOMENT,
    NOT_ASKED,
    NOT_VISIBLE,
    OPEN,
    Drawn,
    finish,
    hours_axis,
    row_axis,
    share_axis,
    status_scale,
    top_axis,
)
from model import Status

FOUND: dict[str, str] = {
    "holds": COLOURS[Status.APPROVED],
    "under a condition": COLOURS[Status.PENDING],
    "broken": COLOURS[Status.REJECTED],
    "nothing to test": GRAY,
}
"""The checker's verdicts on a promise."""


def requests_by_status(frame: pd.DataFrame) -> Drawn:
    """Draw "requests by status": a bar for each status, in the order of the lifecycle."""
    bars = alt.Chart(frame).encode(
        x=alt.X("requests:Q", title="access requests", axis=alt.Axis(tickMinStep=1)),
        y=alt.Y("status:N", title=None, sort=list(COLOURS)),
        color=alt.Color("status:N", scale=status_scale(frame["status"]), legend=None),
        tooltip=["status:N", "requests:Q"],
    )
    numbers = bars.mark_text(align="left", dx=5, fontSize=12, fontWeight="bold").encode(
        text="requests:Q", color=alt.value(GRAY)
    )
    return finish(bars.mark_bar(cornerRadiusEnd=2) + numbers, "Access requests by status", height=alt.Step(30))


def hours_to_a_decision(frame: pd.DataFrame) -> Drawn:
    """Draw "hours to a decision": the share of decided requests by hours."""
    chart = (
        alt.Chart(frame)
        .mark_line(interpolate="step-after", strokeWidth=2.5, color=ACCENT)
        .encode(
            x=hours_axis("from the request to its approval or rejection"),
            y=share_axis("share of the decided"),
            tooltip=[alt.Tooltip("hours:Q", format=".1f"), alt.Tooltip("share:Q", format=".0%")],
        )
    )
    return finish(chart, "How long a decision takes")


def live_grants_by_day(frame: pd.DataFrame) -> Drawn:
    """Draw "live grants by day"."""
    chart = (
        alt.Chart(frame)
        .mark_area(
            interpolate="step-after", opacity=0.25, color=ACCENT, line={"color": ACCENT, "interpolate": "step-after"}
        )
        .encode(
            x=alt.X("day:T", title=None, axis=alt.Axis(format="%d %b", labelFlush=True, tickCount="week")),
            y=alt.Y("grants:Q", title="approved requests that give access", axis=alt.Axis(tickMinStep=1)),
            tooltip=[alt.Tooltip("day:T", format="%a %d %b %Y"), "grants:Q"],
        )
    )
    return finish(chart, "Live grants at the end of each day")


def tickets_by_week(frame: pd.DataFrame) -> Drawn:
    """Draw "tickets opened by week"; weeks that the room's history covers only in part are gray."""
    named = frame.assign(history=frame["whole"].map({True: "all of the week", False: "a part of the week"}))
    scale = alt.Scale(domain=["all of the week", "a part of the week"], range=[ACCENT, GRAY])
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
    return finish(chart, "Tickets opened by week")


def undecided(frame: pd.DataFrame) -> Drawn:
    """Draw "undecided for how long": a bar for each pending request, the longest wait first."""
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
    return finish(chart, "Pending requests, and how long they have waited", height=alt.Step(26))


def timeline(spans: pd.DataFrame, reads: pd.DataFrame) -> Drawn:
    """Draw "time in each status" and "tries to read": a line for each ticket and tenant."""
    spans, reads = (f.assign(row=f["ticket_id"] + " · " + f["tenant"]) for f in (spans, reads))
    what, found = "try to read", ["granted", "refused"]
    reads = reads.assign(read=reads["outcome"].where(reads["outcome"] == "granted", "refused"))
    row = alt.Y("row:N", title="ticket · tenant", sort=list(spans["row"].unique()), axis=alt.Axis(labelLimit=260))
    bars = alt.Chart(spans).encode(
        x=alt.X("begins:T", title=None, axis=alt.Axis(format="%a %H:%M", tickCount=7)),
        x2="ends:T",
        y=row,
        color=alt.Color("status:N", title="status", scale=status_scale(spans["status"], COLOURS | {OPEN: GRAY})),
        tooltip=[
            "ticket_id:N",
            "request_id:N",
            "status:N",
            alt.Tooltip("begins:T", format=MOMENT),
            alt.Tooltip("ends:T", format=MOMENT),
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
            tooltip=[alt.Tooltip("occurred_at:T", format=MOMENT), "tenant:N", "category:N", "outcome:N"],
        )
    )
    return finish(tickets + requests + tries, "What happened, and when", height=alt.Step(44))


def who_sees_which_status(frame: pd.DataFrame) -> Drawn:
    """Draw for each `event` (a row, in the frame's order) and `party` (a column) the `status` that the party sees.

    It may also be NOT_VISIBLE, or NOT_ASKED if there is no request.
    """
    colours = COLOURS | {NOT_VISIBLE: "transparent", NOT_ASKED: "transparent"}
    cells = alt.Chart(frame).encode(
        x=alt.X("party:N", title=None, sort=None, axis=top_axis(), scale=GAPS),
        y=alt.Y("event:N", title=None, sort=None, axis=row_axis(), scale=GAPS),
    )
    seen = cells.mark_rect(cornerRadius=3, stroke=GRAY, strokeOpacity=0.35).encode(
        color=alt.Color("status:N", legend=None, scale=status_scale(frame["status"], colours)),
        tooltip=["event:N", "party:N", "status:N"],
    )
    something = "indexof(['{}', '{}'], datum.status) {} 0"
    written = cells.mark_text(fontSize=12, fontWeight="bold", color="white").transform_filter(
        something.format(NOT_VISIBLE, NOT_ASKED, "<")
    )
    nothing = cells.mark_text(fontSize=12, color=GRAY).transform_filter(something.format(NOT_VISIBLE, NOT_ASKED, ">="))
    chart = seen + written.encode(text="status:N") + nothing.encode(text="status:N")
    return finish(chart, "Who sees which status after each event", width=alt.Step(132), height=alt.Step(30))


def what_roles_allow(frame: pd.DataFrame) -> Drawn:
    """Draw for each `member` (a row, in the frame's order) and `what` (a column) whether it is `allowed`."""
    scale = alt.Scale(domain=["yes", "no"], range=[COLOURS[Status.APPROVED], "transparent"])
    cells = alt.Chart(frame.assign(answer=frame["allowed"].map({True: "yes", False: "no"}))).encode(
        x=alt.X("what:N", title=None, sort=None, axis=top_axis(), scale=GAPS),
        y=alt.Y("member:N", title=None, sort=None, axis=row_axis(), scale=GAPS),
    )
    answers = cells.mark_rect(cornerRadius=3, stroke=GRAY, strokeOpacity=0.35).encode(
        color=alt.Color("answer:N", legend=None, scale=scale),
        tooltip=["member:N", "what:N", "answer:N"],
    )
    yes = cells.mark_text(fontSize=12, fontWeight="bold", color="white").transform_filter("datum.allowed")
    no = cells.mark_text(fontSize=12, color=GRAY).transform_filter("!datum.allowed")
    chart = answers + yes.encode(text="answer:N") + no.encode(text="answer:N")
    return finish(chart, "What the roles allow", width=alt.Step(190), height=alt.Step(30))


def which_promises_hold(frame: pd.DataFrame) -> Drawn:
    """Draw for each `promise` (a row, in the frame's order) and `policy` (a column) the verdict `found`, of FOUND."""
    lines = "split(datum.label, ' ')"  # they grow downwards, so they are drawn below
    names = alt.Axis(orient="bottom", labelAngle=0, labelExpr=lines, labelLineHeight=14, ticks=False, domain=False)
    cells = alt.Chart(frame).encode(
        x=alt.X("policy:N", title=None, sort=None, axis=names, scale=GAPS),
        y=alt.Y("promise:N", title=None, sort=None, axis=row_axis(), scale=GAPS),
    )
    found = cells.mark_rect(cornerRadius=3).encode(
        color=alt.Color("found:N", legend=None, scale=status_scale(frame["found"], FOUND)),
        tooltip=["promise:N", "policy:N", "found:N"],
    )
    labels = cells.mark_text(fontSize=12, fontWeight="bold", color="white").encode(text="found:N")
    return finish(found + labels, "Which promises hold", width=alt.Step(128), height=alt.Step(30))
