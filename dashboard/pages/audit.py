"""Audit log: the tenant's entries about support access, for those who may read it."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard.parts import cards
from dashboard.parts.find_request import link_to_page
from dashboard.parts.table.columns import support_request_id, text, time
from dashboard.parts.table.table import show_table
from dashboard.shell.visit import Visit, visit
from data.files.csv_and_parquet import csv_bytes
from data.imported.audit_forms import graph_json, log_analytics, portal_rows
from model import ROLES, Engineer

READERS = ", ".join(sorted(role.name for role in ROLES.values() if role.reads_audit_log))


def page(here: Visit) -> None:
    """Show the log, or who may read it."""
    st.title("Audit log")
    if isinstance(here.viewer, Engineer):
        link_to_page(here, "The audit log is a tenant's. Attempts to read are on the desk.", "desk")
        return
    if here.viewer is None:
        st.caption("The audit logs of all tenants, the latest entry first. No tenant sees this.")
        _table(here, here.room.overview().rows("all_audit_logs"))
        return
    refusal = here.lens.audit_refusal
    if refusal:
        cards.no_permission(refusal.sentence)
        st.markdown(f"Roles that read the audit log: **{READERS}**.")
        st.caption("Managing support access and reading the audit log are two permissions: few roles have both.")
        return
    st.caption(
        "Service *Core Directory*, category `MicrosoftSupportAccessManagement`. The real log keeps 7 or 30 days, by "
        "the edition; this one keeps everything."
    )
    rows = here.lens.rows("audit_log")
    _table(here, rows)
    if rows:
        _downloads(here, rows)


def _downloads(here: Visit, rows: list[dict[str, Any]]) -> None:
    """Show the downloads of the log, in the forms of a tenant's exports."""
    names = here.room.directory.tenants
    forms: dict[str, tuple[str, Callable[[], str | bytes]]] = {
        "Microsoft Graph (JSON)": ("graph.json", lambda: graph_json(rows, names)),
        "Log Analytics (JSON)": ("log-analytics.json", lambda: log_analytics(rows, names).to_json(orient="records")),
        "Log Analytics (CSV)": ("log-analytics.csv", lambda: csv_bytes(log_analytics(rows, names))),
        "Portal (CSV)": ("portal.csv", lambda: csv_bytes(portal_rows(rows, names))),
    }
    with st.popover("Download as the vendor's tools do", icon=":material/download:"):
        for label, (file, content) in forms.items():
            st.download_button(label, content, file_name=f"audit-log-{file}", key=f"as {file}", on_click="ignore")
        st.caption("No documentation says which field carries the access request: its place here is a guess.")


def _table(here: Visit, rows: list[dict[str, Any]]) -> None:
    if not rows:
        cards.nothing("No entries yet", "What happens to access requests that concern this tenant is logged here.")
        return
    names, everything = here.room.directory.tenants, here.viewer is None
    columns = [
        time("occurred_at", "Time (UTC)", here.room.now, to_the_second=True),
        *([text("tenant", "Tenant", names=names)] if everything else []),
        text("activity", "Activity"),
        text("actor", "Initiated by"),
        support_request_id(opens=False),
        text("request_id", "Access request", whole=True),
        text("support_request_tenant", "Support request tenant", names=names),
        text("resource_tenant", "Resource tenant", names=names),
        *([text("details", "Details")] if here.room.policy.asks_for_note else []),
    ]
    filters = ("tenant", "activity") if everything else ("activity", "actor")
    show_table("Audit log", rows, columns, usual="-occurred_at", filters=filters)


page(visit())
