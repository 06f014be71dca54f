"""Support requests of the tenant: list, open, view and close them."""

from typing import Any

import streamlit as st

from dashboard.parts import cards
from dashboard.parts.find_request import link_to_page
from dashboard.parts.table.columns import Column, Row, status, support_request_id, text, time
from dashboard.parts.table.table import show_table
from dashboard.shell.acting import act
from dashboard.shell.messages import say
from dashboard.shell.session_state import NEW_TITLE
from dashboard.shell.visit import Visit, visit
from dashboard.text.words import CLOSING, ago, badge, moment, plain
from model import SEVERITIES, CloseTicket, Engineer, Member, OpenTicket, Status, TicketStatus


def page(here: Visit, chosen: str | None) -> None:
    """Show the support requests and a form to open one, or the one in the link."""
    if chosen is None:
        st.title("Support requests")
    if isinstance(here.viewer, Engineer):
        link_to_page(here, "The support requests of an engineer are on the desk.", "desk")
        return
    if here.viewer and (refusal := here.lens.refusal):
        cards.no_permission(refusal.sentence)
        return
    rows = here.lens.rows("tickets") if here.viewer else here.room.overview().rows("all_tickets")
    if chosen is None:
        listed(here, rows)
    else:
        details(here, next((row for row in rows if row["ticket_id"] == chosen), None))


def listed(here: Visit, rows: list[dict[str, Any]]) -> None:
    """Show the list."""
    if isinstance(here.viewer, Member):
        st.caption(f"The support requests that {here.tenant(here.viewer.tenant)} opened with Microsoft Support.")
        if not here.observes:
            _open(here)
    else:
        st.caption("Every support request of every tenant.")
    if not rows:
        cards.nothing("No support requests", "New support requests appear here.")
        return
    show_table(
        "Support requests",
        rows,
        _columns(here),
        usual="-opened_at",
        filters=("status", "engineer"),
        opens="ticket",
    )


def _columns(here: Visit) -> list[Column]:
    names, now = here.room.directory.tenants, here.room.now
    return [
        support_request_id(),
        text("title", "Title"),
        status(),
        *([] if here.viewer else [text("support_request_tenant", "Support request tenant", names=names)]),
        text("severity", "Severity"),
        text("engineer", "Support engineer"),
        time("opened_at", "Opened", now),
        text("opened_by", "Opened by"),
        time("closed_at", "Closed", now),
        text("closed_by", "Closed by", hidden=True),
        Column("advanced_diagnostics", "Advanced diagnostic information", _advanced, hidden=True),
    ]


def _advanced(row: Row) -> str:
    return "allowed" if row["advanced_diagnostics"] else "not allowed"


def _open(here: Visit) -> None:
    with st.expander("Open a support request", icon=":material/add:"):
        st.text_input("Title", key=NEW_TITLE.name, max_chars=200, placeholder="Guests cannot sign in")
        st.segmented_control("Severity", SEVERITIES, default="B", key="new severity", required=True)
        st.toggle(
            "Allow collection of advanced diagnostic information",
            value=True,
            key="new advanced",
            help="It lets the support engineer read the diagnostic data of your own tenant; another tenant's needs an "
            "access request.",
        )
        st.button("Open", key="open ticket", type="primary", on_click=_opened, args=(here,))


def _opened(here: Visit) -> None:
    title = (NEW_TITLE.get() or "").strip()
    if not title:
        say("error", "A support request needs a title: say in a few words what does not work.")
        return
    given = st.session_state["new severity"], st.session_state["new advanced"]
    act(here, lambda: OpenTicket(title, *given), f"You opened the support request “{title}”.")
    NEW_TITLE.put("")


def details(here: Visit, row: Row | None) -> None:
    """Show one support request, its access requests as the viewer sees them, and a button to close it."""
    cards.back("Support requests", "ticket")
    if row is None:
        st.warning("This support request doesn't exist, or this person can't see it.", icon=":material/search_off:")
        return
    st.title("Support request")
    st.markdown(f"**{plain(row['title'])}** {badge(row['status'])}")
    closed = f"{moment(row['closed_at'])}, by {plain(row['closed_by'])}" if row["closed_at"] else ""
    with st.container(border=True):
        cards.facts(
            {
                "Support request ID": f"{plain(row['ticket_id'])} :small[:gray[(invented)]]",
                "Support request tenant": here.tenant(_tenant(here, row)),
                "Severity": plain(row["severity"]),
                "Support engineer": plain(row["engineer"]),
                "Opened": f"{moment(row['opened_at'])} ({ago(row['opened_at'], here.room.now)}), "
                f"by {plain(row['opened_by'])}",
                "Closed": closed,
                "Advanced diagnostic information": _advanced(row),
            }
        )
    _access_requests(here, row["ticket_id"])
    if here.viewer is not None and not here.observes and row["status"] == TicketStatus.OPEN:
        st.space("small")
        cards.confirm(
            f"close {row['ticket_id']}",
            "Close the support request",
            CLOSING,
            "Close the support request",
            lambda: act(here, CloseTicket(row["ticket_id"]), f"You closed the support request “{row['title']}”."),
        )


def _tenant(here: Visit, row: Row) -> str:
    return here.viewer.tenant if isinstance(here.viewer, Member) else row["support_request_tenant"]


def _access_requests(here: Visit, ticket: str) -> None:
    """Show the access requests of a support request that are in the viewer's lists, with links to them."""
    if here.viewer:
        listed = [*here.listed("pending"), *here.listed("approved_access")]
    else:
        listed = here.room.overview().rows("all_requests")
    for request in (row for row in listed if row["ticket_id"] == ticket):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{badge(request['status'])} Access to {here.tenant(request['resource_tenant'])}")
            file = "pending" if request["status"] == Status.PENDING else "approved"
            st.page_link(
                f"dashboard/pages/{file}.py",
                label="View the access request",
                query_params=here.link(request=request["request_id"]),
            )


page(visit(), st.query_params.get("ticket"))
