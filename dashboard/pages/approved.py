"""Approved access: live access, and other requests that are no longer pending for 30 days; details; Remove access."""

from dataclasses import replace

import streamlit as st

from dashboard.parts import cards
from dashboard.parts.case.note_field import note_field
from dashboard.parts.find_request import find_request, link_to_page
from dashboard.parts.table.columns import Cell, Column, Row, status_cell, support_request_id, text, time
from dashboard.parts.table.table import show_table
from dashboard.shell.acting import act
from dashboard.shell.visit import Visit, visit
from dashboard.text.words import badge, plain
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
        st.caption("Every request of every tenant that is no longer pending, however old. No tenant sees all of this.")
        rows = [row for row in here.room.overview().rows("all_requests") if row["status"] != Status.PENDING]
    else:
        refusal = here.lens.refusal
        if refusal:
            cards.no_permission(refusal.sentence)
            return
        rows = here.listed("approved_access")
        hidden = not here.room.policy.sees(Status.APPROVED, Side.SUPPORT)
        st.caption(
            f"Support access requests that are no longer pending and less than {days} days old, and all access that is "
            "still live, however old it is."
            + (" While access is live, it is shown only in the resource tenant." if hidden else "")
        )
    if not rows:
        cards.nothing("No approved access", f"A request stays here for {days} days after its decision or its end.")
        return
    show_table(
        "Approved access",
        rows,
        _columns(here),
        usual="-changed_at" if here.viewer else "-requested_at",
        filters=("status", "resource_tenant"),
        opens="request",
    )
    cards.ours(rows)


def _columns(here: Visit) -> list[Column]:
    names, now = here.room.directory.tenants, here.room.now
    return [
        support_request_id(),
        text("title", "Title"),
        Column("status", "Status", lambda row: row["status"], _status),
        text("support_request_tenant", "Support request tenant", names=names),
        text("resource_tenant", "Resource tenant", names=names),
        text("decided_by", "Decided by"),
        time("requested_at", "Requested", now, hidden=here.viewer is not None),
        time("changed_at", "Last change", now),
        *([time("leaves_at", "Leaves this list", now)] if here.viewer else []),
        text("requested_by", "Support engineer", hidden=True),
        text("reason", "Why access is needed", hidden=True),
        text("severity", "Severity", hidden=True),
    ]


def _status(row: Row) -> Cell:
    return replace(status_cell(row["status"]), note="access is live" if row["status"] == Status.APPROVED else "")


def details(here: Visit, request_id: str) -> None:
    """Show one request, and Remove access."""
    cards.back("Approved access")
    row = find_request(here, request_id)
    if row is None:
        return
    st.title("Access request")
    st.markdown(f"**{plain(row['title'])}** {badge(row['status'])}")
    with st.container(border=True):
        cards.facts(cards.request_facts(here, row))
    cards.ours([row])
    if not isinstance(here.viewer, Member) or row["status"] != Status.APPROVED:
        return
    if here.observes:
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
