"""Timeline: support requests as bars over time, with requested and live access, as the viewer sees them."""

from datetime import timedelta
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.charts import over_time
from dashboard.palette import status_name
from dashboard.parts import cards
from dashboard.parts.open_case import case_clicked, follow_click
from dashboard.parts.over_time import choose_tenant, downloads, view_of
from dashboard.parts.picture_downloads import Picture
from dashboard.shell.visit import Visit, visit
from model import Engineer, Member, Status
from model.texts import hidden_shown

_CASES = 40
_ROW = 24  # pixels
_LEGEND = " ".join(
    [
        *(f":{colour.badge}[{said}]" for said, colour in over_time.BARS.values()),
        *(f":{colour.badge}[{sign} {said}]" for said, colour, _, sign in over_time.MARKS.values()),
    ]
)


def page(here: Visit) -> None:
    """Show the newest cases, or that the permission is missing."""
    st.title("Timeline")
    if isinstance(here.viewer, Member) and (refusal := here.lens.refusal):
        cards.no_permission(refusal.sentence)
        return
    chosen = _choices(here)
    found = view_of(here).frame("timeline", **chosen, newest=_CASES)
    if found.empty:
        if any(chosen.values()):
            cards.nothing("Nothing matches", "No support request matches these choices. Clear one of them to see more.")
        else:
            cards.nothing("No support requests yet", "Each support request becomes a bar here.")
        return
    cases, days = found["ticket_id"].nunique(), here.room.policy.history_days
    limit = f"The newest {_CASES} support requests; choose a tenant, a status or an engineer for others. "
    st.caption(
        (limit if cases == _CASES else "")
        + f"Shaded: the {days} days that Approved access looks back. Click a bar to open the case, drag to move in "
        "time, turn the wheel with Ctrl or Shift to zoom."
    )
    st.markdown(_LEGEND)
    names = {tenant: hidden_shown(name) for tenant, name in here.room.directory.tenants.items()} if cases else {}
    found = found.assign(
        resource_tenant=found["resource_tenant"].map(names),
        support_request_tenant=found["support_request_tenant"].map(names),
    )
    rows = over_time.case_rows(found, here.room.now, timedelta(days=days))
    picked: Any = st.vega_lite_chart(
        rows,
        over_time.cases(),
        on_select="rerun",
        selection_mode=over_time.CLICKS,
        key="cases",
        height=90 + _ROW * cases,
        alt=_in_words(found),
    )
    if row := case_clicked(found, [point for name in over_time.CLICKS for point in picked.selection.get(name, ())]):
        follow_click(here, row)
    _table(here, found)
    shaded = f"Shaded: the {days} days that Approved access looks back."
    downloads(here, {"Support requests over time": partial(_to_print, rows, cases)}, [shaded])


def _to_print(rows: pd.DataFrame, cases: int) -> Picture:
    from dashboard.charts.whole import part

    return [part(over_time.cases_to_print(), rows, _ROW * cases)]


def _choices(here: Visit) -> dict[str, str | None]:
    """Show the timeline's filters, and return the chosen ones."""
    with st.container(horizontal=True):
        tenant = choose_tenant(here)
        status = st.selectbox(
            "Status",
            [str(status) for status in Status],
            index=None,
            format_func=status_name,
            placeholder="All statuses",
            key="status",
            bind="query-params",
            label_visibility="collapsed",
            width=180,
        )
        engineer = None
        if not isinstance(here.viewer, Engineer):
            names = here.room.directory.engineers
            engineer = st.selectbox(
                "Engineer",
                list(names),
                index=None,
                format_func=lambda name: hidden_shown(names[name]),
                placeholder="All engineers",
                key="engineer",
                bind="query-params",
                label_visibility="collapsed",
                width=200,
            )
    return {"only_tenant": tenant, "only_status": status, "only_engineer": engineer}


def _in_words(found: pd.DataFrame) -> str:
    counted = found["what"].value_counts()
    parts = [f"{over_time.BARS[what][0]}: {counted[what]}" for what in over_time.BARS if what in counted]
    first, last = found["begins"].min(), found["ends"].max()
    return (
        f"Bars of {found['ticket_id'].nunique()} support requests, {first:%d %b %Y} to {last:%d %b %Y}. "
        + "; ".join(parts)
    )


def _table(here: Visit, found: pd.DataFrame) -> None:
    words = {what: said[0] for what, said in {**over_time.BARS, **over_time.MARKS}.items()}
    with st.expander("As a table", icon=":material/table:"):
        st.dataframe(
            pd.DataFrame(
                {
                    "Support request ID": found["ticket_id"],
                    "Title": found["title"],
                    "What": found["what"].map(words),
                    "From": found["begins"],
                    "Until": found["ends"],
                    "Support request tenant": found["support_request_tenant"],
                    "Resource tenant": found["resource_tenant"],
                    "Engineer": found["engineer"],
                }
            ),
            hide_index=True,
            key="cases table",
        )


page(visit())
