"""Pending requests: the list, and the review of one with Approve and Reject."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard.parts import cards
from dashboard.parts.case.note_field import note_field
from dashboard.parts.find_request import find_request, link_to_page
from dashboard.parts.table.columns import Cell, Column, support_request_id, text, time
from dashboard.parts.table.table import show_table
from dashboard.shell.acting import act
from dashboard.shell.deciders import may_decide, waits_for
from dashboard.shell.visit import Visit, visit
from dashboard.text.words import badge, one_line, plain
from data.files.durations import duration_text
from model import Approval, Approve, Engineer, Member, Reject
from model.decisions import decisions

SLOWER = (
    "Rejecting may result in **slower resolution** of your support request: Microsoft Support will not have access "
    "to your identity diagnostic data, and the support engineer will ask you to collect and provide what is needed. "
    "A rejection is final."
)


def listed(here: Visit) -> None:
    """Show the pending requests."""
    st.title("Pending requests")
    if isinstance(here.viewer, Engineer):
        link_to_page(here, "Pending requests are what a tenant sees.", "desk")
        return
    if here.viewer is None:
        rows = [row for row in here.room.overview().rows("all_requests") if row["status"] == "Pending"]
        st.caption("Every pending request of every tenant. Only an administrator decides: look as one.")
    else:
        refusal = here.lens.refusal
        if refusal:
            cards.no_permission(refusal.sentence)
            return
        rows = here.listed("pending")
        st.caption(
            "Microsoft Support asks for read-only access to identity diagnostic data. Nothing is read before "
            "a request is approved."
        )
    if not rows:
        cards.nothing("No pending requests", "When a support engineer asks for access, the request appears here.")
        if here.leads:  # after a decision, an empty list is no dead end
            label = "Compare what each party sees"
            st.page_link("dashboard/pages/side_by_side.py", label=label, query_params=here.link())
        return
    show_table(
        "Pending requests",
        rows,
        _columns(here),
        usual="requested_at" if here.viewer else "-requested_at",
        filters=("support_request_tenant", "resource_tenant"),
        opens="request",
    )


def _columns(here: Visit) -> list[Column]:
    names, now, policy = here.room.directory.tenants, here.room.now, here.room.policy
    return [
        support_request_id(),
        text("title", "Title"),
        text("support_request_tenant", "Support request tenant", names=names),
        text("resource_tenant", "Resource tenant", names=names),
        text("reason", "Why access is needed"),
        text("requested_by", "Support engineer"),
        time("requested_at", "Requested", now),
        *([time("due_at", "Expires", now)] if policy.pending_expires_after else []),
        *([text("first_approval", "First approval")] if policy.approval is Approval.EACH else []),
        Column("action", "Action needed", lambda row: _action(here, row).text, lambda row: _action(here, row)),
        text("severity", "Severity", hidden=True),
    ]


def _action(here: Visit, row: cards.Row) -> Cell:
    if here.viewer is None or here.observes:
        return Cell("View", opens=True)
    if may_decide(here, row):
        return Cell("Review for approval", opens=True)
    return Cell("View", one_line(f"waits for {waits_for(here, row)}"), opens=True)


def review(here: Visit, request_id: str) -> None:
    """Show one request with all its details, and the decision."""
    cards.back("Pending requests")
    row = find_request(here, request_id)
    if row is None:
        return
    st.title("Pending request" if row["status"] == "Pending" else "Access request")
    st.markdown(f"**{plain(row['title'])}** {badge(row['status'])}")
    with st.container(border=True):
        cards.facts(cards.request_facts(here, row))
    cards.ours([row])
    if row["status"] != "Pending":
        st.page_link(
            "dashboard/pages/approved.py",
            label="No longer pending: see it in Approved access",
            query_params=here.link(request=request_id),
        )
        return
    if here.viewer is None or here.observes:
        return
    who = _who_decides(here)
    decide = decisions(request_id, here.room.policy)
    refusal = here.room.would_be_refused(decide.approve, here.viewer)
    if refusal:
        waits = f" It waits for {plain(waits_for(here, row))}." if isinstance(here.viewer, Member) else ""
        st.info(f"{who} {plain(refusal.sentence)}{waits}", icon=":material/lock:")
        if here.room.would_be_refused(decide.reject, here.viewer):
            return
    st.caption(
        f"{who} With approval, Microsoft Support has *read-only* access to the data of "
        f"{here.tenant(row['resource_tenant'])}, and only to that, until the support request is closed or access is "
        "removed"
        f"{f', for at most {duration_text(lasts)}' if (lasts := here.room.policy.grant_lasts) else ''}."
    )
    resource = here.room.directory.tenants[row["resource_tenant"]]
    note = note_field(here, request_id)
    with st.container(horizontal=True):
        st.button(
            "Approve",
            key="approve",
            type="primary",
            disabled=refusal is not None,
            on_click=lambda: act(
                here,
                lambda: Approve(request_id, note()),
                _approved(here, row),
                seen=row,
                leave=True,
            ),
        )
        st.space("large")
        cards.confirm(
            "reject",
            "Reject",
            SLOWER,
            "Reject this request",
            lambda: act(
                here,
                lambda: Reject(request_id, note()),
                f"You rejected access to {resource} for “{row['title']}”. The engineer will ask you for the data.",
                seen=row,
                leave=True,
            ),
            about=request_id,
        )


def _approved(here: Visit, row: Mapping[str, Any]) -> str:
    """Return the message after the viewer's approval: the first of two gives no access yet."""
    names = here.room.directory.tenants
    said = f"You approved access to {names[row['resource_tenant']]} for “{row['title']}”"
    if here.room.policy.approval is not Approval.EACH or row["first_approval"] or not isinstance(here.viewer, Member):
        return f"{said}."
    (other,) = {row["support_request_tenant"], row["resource_tenant"]} - {here.viewer.tenant}
    return (
        f"{said}: the first of two approvals. No access is open yet; an administrator of {names[other]} still decides."
    )


def _who_decides(here: Visit) -> str:
    return {
        Approval.BOTH: "An administrator of both tenants decides.",
        Approval.EACH: "In this room two people have to approve, an administrator of each tenant.",
        Approval.RESOURCE: "In this room an administrator of the resource tenant decides.",
    }[here.room.policy.approval]


here = visit()
if chosen := st.query_params.get("request"):
    review(here, chosen)
else:
    listed(here)
