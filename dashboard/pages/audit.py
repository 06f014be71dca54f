"""Audit log: the tenant's entries about support access, for those who may read it."""

import streamlit as st

from dashboard.parts import cards
from dashboard.parts.find_request import link_to_page
from dashboard.shell.visit import Visit, visit
from model import ROLES, Engineer

READERS = ", ".join(sorted(role.name for role in ROLES.values() if role.reads_audit_log))
_HEADINGS = {
    "occurred_at": "Time (UTC)",
    "activity": "Activity",
    "actor": "Initiated by",
    "ticket_id": "Support request ID",
    "request_id": "Access request",
    "support_request_tenant": "Support request tenant",
    "resource_tenant": "Resource tenant",
    "details": "Details",
}


def page(here: Visit) -> None:
    """Show the log, or who may read it."""
    st.title("Audit log")
    if isinstance(here.viewer, Engineer):
        link_to_page(here, "The audit log is a tenant's. The tries to read are on the desk.", "desk")
        return
    if here.viewer is None:
        st.caption("The room's own log, the latest first: every line of every tenant. No tenant sees this.")
        shown = here.room.events().iloc[::-1].drop(columns=["title", "reason"]).dropna(axis="columns", how="all")
        st.dataframe(shown, hide_index=True, key="log")
        return
    refusal = here.lens.audit_refusal
    if refusal:
        cards.no_permission(refusal.sentence)
        st.markdown(f"Roles that read the audit log: **{READERS}**.")
        st.caption("Managing support access and reading the audit log are two things: few roles can do both.")
        return
    st.caption(
        "Service *Core Directory*, category `MicrosoftSupportAccessManagement`. The real log keeps 7 or 30 days, by "
        "the edition; this one keeps everything."
    )
    log = here.lens.audit_log()
    if log.empty:
        cards.nothing("No entries yet", "What happens to access requests that concern this tenant is logged here.")
        return
    if not here.room.policy.asks_for_note:
        log = log.drop(columns="details")
    names = here.room.directory.tenants
    for side in ("support_request_tenant", "resource_tenant"):
        log[side] = log[side].map(names)
    st.dataframe(
        log.rename(columns=_HEADINGS),
        hide_index=True,
        key="audit",
        column_config={"Time (UTC)": st.column_config.DatetimeColumn(format="ddd D MMM YYYY, HH:mm:ss")},
    )


page(visit())
