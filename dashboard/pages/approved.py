"""Approved access: what is no longer pending, for 30 days, and what is live; details; Remove access."""

import streamlit as st

from dashboard.parts import cards
from dashboard.parts.find_request import find_request, link_to_page
from dashboard.parts.note_field import note_field
from dashboard.shell.acting import act
from dashboard.shell.visit import Visit, visit
from dashboard.text.words import ahead, badge, plain
from model import Engineer, Member, Revoke, Side, Status

FINAL_WORD = (
    "Microsoft Support's access to identity diagnostic data in this tenant is **removed immediately** for this support "
    "request, and for good: a status of Revoked cannot be changed."
)


def listed(here: Visit) -> None:
    """Show the history."""
    st.title("Approved access")
    if isinstance(here.viewer, Engineer):
        link_to_page(here, "Approved access is what a tenant sees.", "desk")
        return
    days = here.room.policy.history_days
    if here.viewer is None:
        st.caption("Every request of every tenant that is not pending, however old: no tenant sees all of this.")
        rows = [row for row in here.room.overview().rows("all_requests") if row["status"] != Status.PENDING]
    else:
        refusal = here.lens.refusal
        if refusal:
            cards.no_permission(refusal.sentence)
            return
        rows = here.listed("approved_access")
        hidden = not here.room.policy.sees(Status.APPROVED, Side.SUPPORT)
        only = ". Approved access is shown only in the resource tenant, as long as it lasts" if hidden else ""
        st.caption(f"Support access requests that are no longer pending and less than {days} days old{only}.")
    if not rows:
        cards.nothing("Nothing here", f"Requests that are decided stay here for {days} days.")
    for row in cards.paged(rows, "approved"):
        cards.request_card(here, row, "Details", cards.show_request, more=_more(here, row))


def _more(here: Visit, row: cards.Row) -> str:
    decided = f" · decided by {plain(row['decided_by'])}" if row["decided_by"] else ""
    if row["status"] == Status.APPROVED:
        return f"{decided} · **live**"
    leaves = row.get("leaves_at")
    return f"{decided} · leaves this list {ahead(leaves, here.room.now)}" if leaves else decided


def details(here: Visit, request_id: str) -> None:
    """One request, and Remove access."""
    cards.back("Approved access")
    row = find_request(here, request_id)
    if row is None:
        return
    st.title("Access request")
    st.markdown(f"**{plain(row['title'])}** {badge(row['status'])}")
    with st.container(border=True):
        cards.facts(cards.request_facts(here, row))
    if not isinstance(here.viewer, Member) or row["status"] != Status.APPROVED:
        return
    if here.viewer.tenant != row["resource_tenant"]:
        st.info(f"Access is removed in the {Side.RESOURCE}.", icon=":material/lock:")
        return
    resource = here.room.directory.tenants[row["resource_tenant"]]
    note = note_field(here, request_id)
    cards.confirm(
        "remove",
        "Remove access",
        FINAL_WORD,
        "Remove access now",
        lambda: act(
            here, lambda: Revoke(request_id, note()), f"Access to {resource} for “{row['title']}” is removed.", seen=row
        ),
        about=request_id,
        icon=":material/remove_moderator:",
    )


here = visit()
if chosen := st.query_params.get("request"):
    details(here, chosen)
else:
    listed(here)
