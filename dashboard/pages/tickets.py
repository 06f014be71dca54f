"""Support requests: the tenant's tickets; open one, close one."""

import streamlit as st

from dashboard.parts import cards
from dashboard.parts.find_request import link_to_page
from dashboard.shell.acting import act
from dashboard.shell.messages import say
from dashboard.shell.session_state import NEW_TITLE
from dashboard.shell.visit import Visit, visit
from dashboard.text.words import ago, moment, plain
from model import SEVERITIES, CloseTicket, Engineer, OpenTicket, TicketStatus

CLOSING = (
    "Closing the support request **ends the support engineer's access** to identity diagnostic data that was given "
    "for it, in every tenant. A request that is still pending is canceled. A closed support request stays closed."
)


def page(here: Visit) -> None:
    """Show the tickets, with the ways to open and to close one."""
    st.title("Support requests")
    if isinstance(here.viewer, Engineer):
        link_to_page(here, "An engineer's tickets are on the desk.", "desk")
        return
    if here.viewer is None:
        rows = here.room.overview().rows("all_tickets")
        st.caption("Every ticket of every tenant.")
    else:
        refusal = here.lens.refusal
        if refusal:
            cards.no_permission(refusal.sentence)
            return
        rows = here.lens.rows("tickets")
        st.caption(f"The tickets that {here.tenant(here.viewer.tenant)} opened with Microsoft Support.")
        _open(here)
    if not rows:
        cards.nothing("No support requests", "Open the first one above.")
    for row in cards.paged(rows, "tickets"):
        _card(here, row)


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


def _card(here: Visit, row: cards.Row) -> None:
    ticket = row["ticket_id"]
    tenant = f"{here.tenant(row['support_request_tenant'])} · " if here.viewer is None else ""
    colour = "green" if row["status"] == TicketStatus.OPEN else "gray"
    advanced = "allowed" if row["advanced_diagnostics"] else "not allowed"
    closed = f" · closed {moment(row['closed_at'])} by {plain(row['closed_by'])}" if row["closed_at"] else ""
    with st.container(border=True), st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{plain(row['title'])}** :{colour}-badge[{row['status']}]  \n"
            f":small[{tenant}Support request ID {plain(ticket)} · severity {plain(row['severity'])} · "
            f"{plain(row['engineer'])} · opened {ago(row['opened_at'], here.room.now)} by "
            f"{plain(row['opened_by'])} · advanced diagnostic information {advanced}{closed}]",
            width="stretch",
        )
        if here.viewer is not None and row["status"] == TicketStatus.OPEN:
            cards.confirm(
                f"close {ticket}",
                "Close",
                CLOSING,
                "Close the support request",
                lambda: act(here, CloseTicket(ticket), f"You closed the support request “{row['title']}”."),
            )


page(visit())
