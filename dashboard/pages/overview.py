"""Overview: pending requests, live access, statuses and engineers' load, as the viewer sees them."""

from collections.abc import Callable, Mapping
from functools import partial
from math import isnan
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import palette
from dashboard.charts import flow, over_time
from dashboard.palette import status_name
from dashboard.parts import cards
from dashboard.parts.open_case import link_to_case, open_case
from dashboard.parts.over_time import choose_tenant, downloads, view_of
from dashboard.parts.picture_downloads import Picture
from dashboard.parts.process_pictures import process_pictures
from dashboard.parts.table import columns as columns_of
from dashboard.parts.table.table import show_table
from dashboard.shell.visit import Visit, visit
from dashboard.text.words import OURS_NOTE
from model import Engineer, Member, Side, Status
from model.texts import hidden_shown

_DAYS = {"14 days": 14, "30 days": 30, "90 days": 90}
_WEEK = 7  # days
_FLOW, _CALENDAR = 580, 245  # pixels, the maximum width and height: the two are side by side
_ROWS = 20  # in the table; on a phone each is a card
_ON_BOTH_SIDES = (Status.APPROVED, Status.REVOKED, Status.COMPLETED)
_HAPPENS = {"Requests": "requests", "Decisions": "decisions"}


def page(here: Visit) -> None:
    """Show the figures, the pictures and the table, or that the permission is missing."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.title("Overview", width="stretch")
        if not (isinstance(here.viewer, Member) and here.lens.refusal):
            tenant = choose_tenant(here)
            days = st.segmented_control(
                "Days",
                list(_DAYS),
                default="30 days",
                required=True,
                key="days",
                bind="query-params",
                label_visibility="collapsed",
            )
    if isinstance(here.viewer, Member) and (refusal := here.lens.refusal):
        cards.no_permission(refusal.sentence)
        return
    st.caption(f"{_whose(here)} Below each figure: how much it has changed in 7 days.")
    view = view_of(here)
    newest = view.rows("newest_requests", only_tenant=tenant, newest=_ROWS)
    wanted = st.query_params.get("request")  # a link of the table, which opens on its own page
    if row := next((row for row in newest if row["request_id"] == wanted), None):
        open_case(here, row)
    by_day = view.frame("by_day", days=_DAYS[days or "30 days"], only_tenant=tenant)
    statuses = {row["status"]: row for row in view.rows("flow", only_tenant=tenant)}
    longest = {row["status"]: row for row in view.rows("longest", only_tenant=tenant)}
    _figures(here, by_day, longest)
    left, right = st.columns([3, 2])
    with left.container(border=True, height="stretch"):
        _flow(here, statuses)
    with right.container(border=True, height="stretch"):
        happened = _calendar(by_day)
    load = view.frame("load", only_tenant=tenant)
    with st.container(border=True):
        _load(load)
    of_process = process_pictures(here) if here.viewer is None else {}
    with st.container(border=True):
        _table(here, newest)
    _behind(by_day, load)
    pictures: dict[str, Callable[[], Picture]] = {
        "Where requests are": partial(_flow_to_print, statuses),
        f"{happened} day by day": partial(_calendar_to_print, by_day, happened),
    }
    if not load.empty:
        pictures["Engineers’ load"] = partial(_load_to_print, load)
    pictures |= of_process
    only = f"Only requests from or to {hidden_shown(here.room.directory.tenants[tenant])}." if tenant else ""
    downloads(here, pictures, [only] if only else [])


def _whose(here: Visit) -> str:
    if isinstance(here.viewer, Member):
        tenant = here.tenant(here.viewer.tenant)
        return f"What {tenant} sees of its own support requests and of those that ask for its data."
    if isinstance(here.viewer, Engineer):
        return "The support requests that are assigned to you, and what was asked for them."
    return "Every request of every tenant. No tenant sees all of this."


def _figures(here: Visit, by_day: pd.DataFrame, longest: Mapping[str, Mapping[str, Any]]) -> None:
    last = by_day.iloc[-1]
    figures = (
        ("Waiting", "waiting", f"{last['waiting']:,}", palette.WAITS, None),
        ("Live grants", "live", f"{last['live']:,}", palette.LIVE, None),
        ("Oldest waiting", "oldest_waiting", _length(last["oldest_waiting"]), palette.WAITS, Status.PENDING),
        ("Longest live grant", "longest_live", _length(last["longest_live"]), palette.LIVE, Status.APPROVED),
        ("Leaving soon", "leaving_soon", f"{last['leaving_soon']:,}", palette.OVER, None),
    )
    tiles = st.container(horizontal=True, key="figures")
    for label, name, value, colour, status in figures:
        with tiles.container(border=True, height="stretch", gap="xsmall"):
            before = by_day[name].iloc[-1 - min(_WEEK, len(by_day) - 1)]
            difference = _difference(name, last[name], before)
            st.metric(
                label,
                value,
                difference,
                delta_color=colour.name,  # type: ignore[arg-type]
                chart_data=by_day[name].fillna(0).tolist(),
                help=_HELP[name],
            )
            if status and (row := longest.get(status)):
                link_to_case(here, row, "Open the case")
            elif name == "leaving_soon":
                st.caption("within 3 days")


_HELP = {
    "waiting": "Access requests that are Pending. The line shows the end of each day.",
    "live": "Access requests that are Approved and give access. The line shows the end of each day.",
    "oldest_waiting": "How long the oldest Pending access request has waited.",
    "longest_live": "How long the oldest grant that is still live has lasted.",
    "leaving_soon": "Entries of Approved access that leave it within three days.",
}


def _difference(name: str, now: float, before: float) -> str | None:
    """Return how much more or less a figure is than a week ago, or None if either is missing."""
    if isnan(now) or isnan(before):
        return None
    if name in ("waiting", "live", "leaving_soon"):
        return f"{int(now - before):+,}" if now != before else "0"
    sign = "+" if now >= before else "-"
    return f"{sign}{_length(abs(now - before))}"


def _length(hours: float) -> str:
    """Return a duration for a tile, rounded down: "6 d 13 h", "5 h", "20 min"."""
    if isnan(hours):
        return "–"
    if hours < 1:
        return f"{int(60 * hours)} min"
    days, rest = divmod(int(hours), 24)
    return f"{days} d {rest} h" if days else f"{rest} h"


def _flow(here: Visit, statuses: Mapping[str, Mapping[str, Any]]) -> None:
    cards.heading("Where requests are")
    now, ever = ({status: row[name] for status, row in statuses.items()} for name in ("now", "ever"))
    dark = st.context.theme.type == "dark"
    with st.container(horizontal_alignment="center"):
        st.image(flow.flow_drawing(now, ever, dark=dark), alt=flow.flow_in_words(now, ever), width=_FLOW)
    if isinstance(here.viewer, Member):
        policy = here.room.policy
        hidden = [s for s in _ON_BOTH_SIDES if not policy.sees(s, Side.SUPPORT) and policy.sees(s, Side.RESOURCE)]
        if hidden:
            st.caption(f"{', '.join(hidden)}: only of requests for {here.tenant(here.viewer.tenant)}’s own data.")
    st.caption(OURS_NOTE)
    with st.expander("As a table", icon=":material/table:"):
        rows = [(status_name(status), row["now"], row["ever"]) for status, row in statuses.items()]
        st.dataframe(pd.DataFrame(rows, columns=["Status", "In it now", "Ever reached it"]), hide_index=True)


def _flow_to_print(statuses: Mapping[str, Mapping[str, Any]]) -> Picture:
    now, ever = ({status: row[name] for status, row in statuses.items()} for name in ("now", "ever"))
    return flow.flow_drawing(now, ever, dark=False)


def _calendar(by_day: pd.DataFrame) -> str:
    """Show the calendar of daily events, and return the chosen view."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("Day by day", anchor=False, width="stretch")
        what = st.segmented_control(
            "What happened",
            list(_HAPPENS),
            default="Requests",
            required=True,
            key="happened",
            bind="query-params",
            label_visibility="collapsed",
        )
    what = what or "Requests"
    name = _HAPPENS[what]
    counts = by_day.set_index("day")[name]
    words = f"{what} in {len(counts)} days: {counts.sum():,}"
    if counts.any():
        words += f", the most on {counts.idxmax():%a %d %b}: {counts.max():,}"
    rows = over_time.calendar_rows(by_day, name)
    st.vega_lite_chart(rows, over_time.calendar(), height=_CALENDAR, alt=words, key=f"calendar {name}")
    st.caption(f"{words}.")
    return what


def _calendar_to_print(by_day: pd.DataFrame, what: str) -> Picture:
    from dashboard.charts.whole import part

    return [part(over_time.calendar(), over_time.calendar_rows(by_day, _HAPPENS[what]), _CALENDAR)]


def _load(load: pd.DataFrame) -> None:
    cards.heading("Engineers’ load")
    if load.empty:
        st.caption("No engineer has anything in hand.")
        return
    words = f"What {len(load)} engineers have in hand: {load['open_tickets'].sum():,} open support requests"
    st.vega_lite_chart(over_time.load_rows(load), over_time.load(), height=60 + 26 * len(load), alt=words, key="load")
    st.markdown(" ".join(f":{colour.badge}[{said}]" for said, colour in over_time.LOAD.values()))


def _load_to_print(load: pd.DataFrame) -> Picture:
    from dashboard.charts.whole import part

    return [part(over_time.load_to_print(), over_time.load_rows(load), 26 * len(load) + 20)]


def _table(here: Visit, newest: list[dict[str, Any]]) -> None:
    cards.heading("Requests")
    if not newest:
        cards.nothing("No access requests", "When a support engineer asks for access, the request is shown here.")
        return
    names, now = here.room.directory.tenants, here.room.now
    columns = [
        columns_of.support_request_id(),
        columns_of.text("title", "Title"),
        columns_of.status(),
        columns_of.text("support_request_tenant", "Support request tenant", names=names),
        columns_of.text("resource_tenant", "Resource tenant", names=names),
        columns_of.time("requested_at", "Requested", now),
        columns_of.time("changed_at", "Last change", now, hidden=True),
        columns_of.text("engineer", "Support engineer"),
    ]
    show_table(
        "Access requests",
        newest,
        columns,
        usual="-requested_at",
        filters=("status", "engineer"),
        opens="request",
        counted="newest; choose a tenant for others" if len(newest) == _ROWS else "in all",
    )


def _behind(by_day: pd.DataFrame, load: pd.DataFrame) -> None:
    with st.expander("The figures behind the pictures, as tables", icon=":material/table:"):
        st.dataframe(by_day.iloc[::-1].rename(columns=_COLUMNS), hide_index=True, key="days table")
        st.dataframe(load.rename(columns=_COLUMNS), hide_index=True, key="load table")


_COLUMNS = {
    "day": "Day",
    "waiting": "Waiting",
    "live": "Live grants",
    "oldest_waiting": "Oldest waiting (hours)",
    "longest_live": "Longest live grant (hours)",
    "leaving_soon": "Leave the history soon",
    "requests": "Requests",
    "decisions": "Decisions",
    "engineer": "Engineer",
    "open_tickets": "Open support requests",
}


page(visit())
