"""The buttons of Side by side for each party. Acts that would be refused are disabled, with the reason."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from dashboard.parts.case.note_field import note_field
from dashboard.shell.acting import act
from dashboard.shell.visit import Visit, viewer_name
from dashboard.text.words import ending, plain
from model import Approve, CloseTicket, Command, Engineer, Member, RequestAccess, Status
from model.commands import Decision
from model.decisions import decisions

Row = dict[str, Any]


def member_acts(here: Visit, member: Member, ticket: Row, rows: list[Row]) -> None:
    """Show a member's acts: decide on visible access requests, and close a ticket of the tenant."""
    tenant, own = member.tenant, ticket["support_request_tenant"] == member.tenant
    to_decide = [row for row in rows if row["status"] in (Status.PENDING, Status.APPROVED)]
    for row in to_decide:
        _decide(here, member, row)
    if own:
        _act(here, CloseTicket(ticket["ticket_id"]), member, "Close the support request", f"close {tenant}")
    elif rows and not to_decide:
        st.caption(f"Nothing more to do: {rows[-1]['status']} is final.")


def engineer_acts(here: Visit, engineer: Engineer, ticket: Row) -> None:
    """Show the assigned engineer's acts: request access to a tenant, and close the ticket."""
    names = here.room.directory.tenants
    others = [tenant for tenant in names if tenant != ticket["support_request_tenant"]]
    with st.container(gap="xsmall"):
        chosen = st.selectbox(
            "Ask for", others, format_func=names.__getitem__, key="ask for", label_visibility="collapsed"
        )
        command = RequestAccess(ticket["ticket_id"], str(chosen))
        _act(here, command, engineer, "Request access", "request access")
        _act(here, CloseTicket(ticket["ticket_id"]), engineer, "Close the support request", "close engineer")


def _decide(here: Visit, member: Member, row: Row) -> None:
    request, tenant = row["request_id"], member.tenant
    note = note_field(here, f"{tenant} {request} {row['status']}")  # an approval's draft is not for its removal
    approve, reject, revoke = decisions(request, here.room.policy)
    with st.container(horizontal=True, gap="xsmall"):
        if row["status"] == Status.PENDING:
            _act(here, approve, member, "Approve", f"approve {tenant} {request}", row, note, primary=True)
            st.space("small")
            _act(here, reject, member, "Reject", f"reject {tenant} {request}", row, note)
        else:
            _act(here, revoke, member, "Remove access", f"remove {tenant} {request}", row, note)


def _act(
    here: Visit,
    command: Command,
    actor: Member | Engineer,
    label: str,
    key: str,
    seen: Row | None = None,
    note: Callable[[], str] | None = None,
    *,
    primary: bool = False,
) -> None:
    """Show a button. `note` gives the note of a decision when it is pressed; that of `command` is an example."""
    refusal = here.room.would_be_refused(command, actor)

    def made() -> Command:
        return replace(command, note=note()) if note and isinstance(command, Decision) else command

    def press() -> None:
        act(here, made, done, actor=actor, seen=seen)

    done = f"{viewer_name(here.room, actor)}: {label}. Done."
    st.button(
        label if refusal or isinstance(command, Approve | RequestAccess) else ending(label),
        key=key,
        type="primary" if primary else "secondary",
        disabled=refusal is not None,
        help=plain(refusal.sentence) if refusal else None,
        on_click=press,
    )
