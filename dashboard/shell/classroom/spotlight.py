"""The spotlight: the trainer points everybody at a case; a viewer who may not see it is sent nothing."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard.background import entrance
from dashboard.shell.acting import told_if_unavailable
from dashboard.shell.page_list import PAGES
from dashboard.shell.session_state import act_begins
from dashboard.shell.visit import Visit
from dashboard.text.words import plain
from data import Room
from data.room.past import PastRoom
from model import Engineer, Member


@dataclass(frozen=True)
class Pointed:
    """A case in the spotlight: its title, and the page and link on which the viewer sees it."""

    title: str
    page: str
    parameter: str
    value: str


def pointed_at(viewer: Member | Engineer | None, room: Room | PastRoom, ticket: str) -> Pointed | None:
    """Return where a viewer sees the ticket, or None if the viewer does not see it or it does not exist.

    In the support request tenant it is the ticket, whatever the state of its access requests.
    """
    if not ticket:
        return None
    if viewer is None:
        return _found(room.overview().rows("all_tickets"), ticket, "side_by_side")
    if isinstance(viewer, Engineer):
        return _found(room.as_seen_by(viewer).rows("desk_tickets"), ticket, "desk")
    lens = room.as_seen_by(viewer)
    if own := _found(lens.rows("tickets"), ticket, "tickets"):
        return own
    row = next((row for row in lens.rows("listed") if row["ticket_id"] == ticket), None)
    if row is None:
        return None
    page = "pending" if row["listed_in"] == "pending" else "approved"
    return Pointed(row["title"], page, "request", row["request_id"])


def _found(rows: list[dict[str, Any]], ticket: str, page: str) -> Pointed | None:
    row = next((row for row in rows if row["ticket_id"] == ticket), None)
    return Pointed(row["title"], page, "ticket", ticket) if row else None


def spotlight_banner(here: Visit) -> None:
    """Point the viewer at the case that the trainer chose, if the viewer sees it."""
    found = pointed_at(here.viewer, here.room, here.set_for_all.spotlight)
    if found is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="spotlit"):
        who = "You point everybody" if here.leads else "The trainer points you"
        st.markdown(f":gray-badge[:material/highlight: Spotlight] {who} at **{plain(found.title)}**", width="stretch")
        link = here.link(**{found.parameter: found.value})
        label = (
            "Open" if here.page != PAGES[found.page][0] or st.query_params.get(found.parameter) != found.value else ""
        )
        if label:
            st.page_link(f"dashboard/pages/{found.page}.py", label=label, query_params=link)
        if here.leads and here.viewer is None:
            st.button("End", key="end spotlight", on_click=_point_at, args=(here, ""))


def spotlight_button(here: Visit, ticket: str) -> None:
    """Show the trainer of a room with invitations the button that points everybody at a ticket."""
    if here.invitation is None or not here.leads or here.set_for_all.spotlight == ticket:
        return
    st.button(
        "Spotlight",
        key="spotlight",
        icon=":material/highlight:",
        on_click=_point_at,
        args=(here, ticket),
        help="Points everybody at this case, on their own pages. Who may not see it notices nothing.",
    )


def _point_at(here: Visit, ticket: str) -> None:
    act_begins()
    with told_if_unavailable():
        entrance.point_at(here.room_id, here.key, ticket)
