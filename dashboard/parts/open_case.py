"""Opening a case from a picture or a table."""

from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from dashboard.shell.page_list import PAGES
from dashboard.shell.visit import Visit
from model import Engineer, Member, Status

_go = st.components.v2.component(
    "clicked_case", js=resources.files("dashboard").joinpath("parts/clicked_case.js").read_text(encoding="utf-8")
)


def place_of_case(here: Visit, row: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Return the page on which the viewer sees a case, as its file's name, and the link's query parameters.

    `row` has `ticket_id` and may have `request_id` and `status`, of a request that the viewer sees.
    """
    ticket, request = str(row["ticket_id"]), row.get("request_id")
    if isinstance(here.viewer, Member):
        if not isinstance(request, str):
            return "tickets", here.link(ticket=ticket)
        return "pending" if row.get("status") == Status.PENDING else "approved", here.link(request=request)
    return "desk" if isinstance(here.viewer, Engineer) else "side_by_side", here.link(ticket=ticket)


def open_case(here: Visit, row: Mapping[str, Any]) -> None:
    """Go to the case; this run of the page ends."""
    page, params = place_of_case(here, row)
    st.switch_page(f"dashboard/pages/{page}.py", query_params=params)


def follow_click(here: Visit, row: Mapping[str, Any]) -> None:
    """Go to the clicked case; the browser's Back then returns to this page unchanged."""
    page, params = place_of_case(here, row)
    address = f"{PAGES[page][2]}?{urlencode(params)}"
    _go(key="clicked case", data={"address": address}, width="content", height="content")


def link_to_case(here: Visit, row: Mapping[str, Any], label: str) -> None:
    """Show a link to the case; the label is Markdown."""
    page, params = place_of_case(here, row)
    st.page_link(f"dashboard/pages/{page}.py", label=label, query_params=params)


def case_clicked(drawn: pd.DataFrame, points: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Return the case of the clicked bar or mark, for `place_of_case`, if it is one of those drawn.

    `drawn` are rows of "timeline"; `points` come from the browser, each with a `ticket_id` and a `request_id`.
    """
    for point in points:
        case = drawn[drawn["ticket_id"] == str(point.get("ticket_id"))]
        bars = case[case["request_id"] == str(point.get("request_id"))]
        if not case.empty:
            pending = set(bars["what"]) == {"waiting"}
            return {
                "ticket_id": case["ticket_id"].iloc[0],
                "request_id": None if bars.empty else bars["request_id"].iloc[0],
                "status": str(Status.PENDING) if pending else "",
            }
    return None
