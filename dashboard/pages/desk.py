"""The support engineer's desk: assigned tickets, requests for access, reads of diagnostic data."""

import streamlit as st

from dashboard.parts import cards
from dashboard.parts.table.columns import Column, status, support_request_id, text, time
from dashboard.parts.table.table import show_table
from dashboard.shell.acting import act, told_if_unavailable
from dashboard.shell.messages import say
from dashboard.shell.session_state import ASK_REASON, READ, act_begins, desk_ticket_changed
from dashboard.shell.visit import Visit, visit
from dashboard.text.words import CLOSING, ago, badge, category_name, moment, plain, sentence
from model import (
    CATEGORIES,
    CloseTicket,
    Code,
    Engineer,
    ReadDiagnostics,
    Refused,
    RequestAccess,
    TicketStatus,
    WriteDiagnostics,
)

_OUTCOMES = {
    "granted": "Granted",
    Code.NO_ACCESS: "Refused: no access to this tenant",
    Code.READ_ONLY: "Refused: access is read-only",
    Code.TICKET_CLOSED: "Refused: the support request is closed",
    Code.NOT_ASSIGNED: "Refused: assigned to another engineer",
}


def page(here: Visit) -> None:
    """Show the engineer's tickets, and the work on one."""
    st.title("Support engineer's desk")
    if not isinstance(here.viewer, Engineer):
        st.info(
            "The desk is the vendor's side. Look as a support engineer to work at it.", icon=":material/support_agent:"
        )
        for engineer in here.room.story.directory.engineers:
            params = here.link() | {"viewer": engineer}
            label = f"Look as {plain(here.room.directory.engineers[engineer])}"
            st.page_link("dashboard/pages/desk.py", label=label, icon=":material/support_agent:", query_params=params)
        return
    tickets = here.desk.rows("desk_tickets")
    if not tickets:
        cards.nothing(
            "No support request is assigned to you", "When a tenant opens a support request, it appears here."
        )
        return
    by_id = {row["ticket_id"]: row for row in tickets}
    wanted = st.query_params.get("ticket")
    st.session_state["desk ticket"] = wanted if wanted in by_id else tickets[0]["ticket_id"]
    st.selectbox(
        "Support request",
        list(by_id),
        format_func=lambda name: f"{by_id[name]['title']} · {name} · {by_id[name]['status']}",
        key="desk ticket",
        on_change=_choose,
    )
    row = by_id[st.session_state["desk ticket"]]
    work(here, row, here.viewer)
    if len(tickets) > 1:
        st.header("All support requests on this desk")
        show_table(
            "Support requests on this desk",
            tickets,
            _columns(here),
            usual="-opened_at",
            filters=("status", "support_request_tenant"),
            opens="ticket",
        )
    _tries(here)


def _columns(here: Visit) -> list[Column]:
    return [
        support_request_id(),
        text("title", "Title"),
        status(),
        text("support_request_tenant", "Support request tenant", names=here.room.directory.tenants),
        text("severity", "Severity"),
        time("opened_at", "Opened", here.room.now),
        time("closed_at", "Closed", here.room.now, hidden=True),
    ]


def _tries(here: Visit) -> None:
    """Show every attempt to read or change diagnostic data."""
    tries = here.desk.rows("desk_reads")
    if not tries:
        return
    st.header("Every attempt to read, granted or refused")
    columns = [
        time("occurred_at", "Time (UTC)", here.room.now, to_the_second=True),
        support_request_id(opens=False),
        text("tenant", "Tenant", names=here.room.directory.tenants),
        Column("category", "Category", lambda row: _category(row["category"])),
        Column("outcome", "Outcome", lambda row: _OUTCOMES.get(row["outcome"], "Refused")),
    ]
    show_table("Attempts to read", tries, columns, usual="-occurred_at", filters=("outcome",), at="tries-")


def _category(name: str) -> str:
    return sentence(category_name(name))


def _choose() -> None:
    desk_ticket_changed()
    st.query_params["ticket"] = st.session_state["desk ticket"]


def work(here: Visit, row: cards.Row, engineer: Engineer) -> None:
    """Show one ticket: its access requests, and the controls to request access and to read."""
    requests = [r for r in here.desk.rows("desk_requests") if r["ticket_id"] == row["ticket_id"]]
    with st.container(border=True):
        cards.facts(
            {
                "Support request tenant": here.tenant(row["support_request_tenant"]),
                "Severity": plain(row["severity"]),
                "Opened": f"{moment(row['opened_at'])} ({ago(row['opened_at'], here.room.now)})",
                "Support request": row["status"],
                "Advanced diagnostic information": "allowed" if row["advanced_diagnostics"] else "not allowed",
            }
        )
    left, right = st.columns(2, gap="large")
    with left:
        st.header("Access requests")
        for request in requests:
            st.markdown(
                f"{badge(request['status'])} **{here.tenant(request['resource_tenant'])}**  \n"
                f":small[{plain(request['reason'])} · requested {ago(request['requested_at'], here.room.now)}]"
            )
        if not requests:
            st.caption("None yet: another tenant's data needs one.")
        if row["status"] == TicketStatus.OPEN:
            _ask(here, row)
            cards.confirm(
                "close",
                "Close the support request",
                CLOSING,
                "Close the support request",
                lambda: act(here, CloseTicket(row["ticket_id"]), f"You closed “{row['title']}”."),
                about=row["ticket_id"],
            )
    with right:
        _read(here, row, engineer, [r["resource_tenant"] for r in requests])


def _ask(here: Visit, row: cards.Row) -> None:
    names = here.room.directory.tenants
    others = [tenant for tenant in names if tenant != row["support_request_tenant"]]
    with st.expander("Request access to another tenant", icon=":material/add:"):
        st.selectbox("Resource tenant", others, format_func=names.__getitem__, key="ask tenant")
        st.text_area(
            "Why access is needed", key=ASK_REASON.name, max_chars=300, placeholder="Sign-in logs of the guests"
        )
        st.button("Request access", key="ask", type="primary", on_click=_asked, args=(here, row["ticket_id"]))


def _asked(here: Visit, ticket: str) -> None:
    tenant, reason = st.session_state["ask tenant"], (ASK_REASON.get() or "").strip()
    if not reason:
        say("error", "Say why access is needed: the administrators read it before they decide.")
        return
    name = here.room.directory.tenants[tenant]
    act(here, lambda: RequestAccess(ticket, tenant, reason), f"You requested access to {name}.")


def _read(here: Visit, row: cards.Row, engineer: Engineer, asked: list[str]) -> None:
    names = here.room.directory.tenants
    first = list(dict.fromkeys([*asked, row["support_request_tenant"]]))
    st.header("Diagnostic data")
    st.selectbox(
        "Tenant", [*first, *(t for t in names if t not in first)], format_func=names.__getitem__, key="read tenant"
    )
    st.selectbox("Category", CATEGORIES, format_func=_category, key="read category")
    with st.container(horizontal=True):
        st.button(
            "Read", key="read it", type="primary", on_click=_tried, args=(here, row["ticket_id"], ReadDiagnostics)
        )
        st.button("Try to change it", key="write it", on_click=_tried, args=(here, row["ticket_id"], WriteDiagnostics))
    if (read := READ.get()) and read[0] == (here.room_id, row["ticket_id"]):
        if refusal := here.room.would_be_refused(ReadDiagnostics(row["ticket_id"], *read[1:3]), engineer):
            READ.drop()
            st.warning(f"What was shown here is gone: {plain(refusal.sentence)}", icon=":material/lock:")
            return
        st.caption(f"{plain(names[read[1]])}, {category_name(read[2])}: {len(read[3])} records, invented by Faker.")
        st.dataframe(read[3], hide_index=True, key="records", height=320)


def _tried(here: Visit, ticket: str, command: type[ReadDiagnostics] | type[WriteDiagnostics]) -> None:
    tenant, category = st.session_state["read tenant"], st.session_state["read category"]
    assert isinstance(here.viewer, Engineer)
    READ.drop()
    with told_if_unavailable():
        try:
            done = here.to_act_as(here.viewer).do(command(ticket, tenant, category), here.viewer)
        except Refused as refusal:
            say("error", f"Refused: {refusal.sentence}")
        else:
            act_begins()
            READ.put(((here.room_id, ticket), tenant, category, done.records))


page(visit())
