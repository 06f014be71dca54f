"""Side by side: one case as each party sees it at this moment, and what each may do: a trainer projects it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from dashboard.parts import cards, story_bar
from dashboard.parts.note_field import note_field
from dashboard.shell.acting import act
from dashboard.shell.session_state import act_begins
from dashboard.shell.visit import Visit, viewer_id, viewer_name, viewers, visit
from dashboard.text.words import ago, badge, plain
from model import (
    CloseTicket,
    Command,
    Engineer,
    Member,
    ReadDiagnostics,
    RequestAccess,
    TicketStatus,
)
from model.commands import Decision
from model.decisions import decisions

Row = dict[str, Any]
_NOT_VISIBLE = ":gray-badge[:material/visibility_off: not visible]"


def page(here: Visit) -> None:
    """Show the story, the case, and the parties beside each other."""
    st.title("Side by side")
    st.caption("One case as every party sees it at this moment. It shows what the parties hide from each other.")
    story_bar.step_bar(here)
    everything = here.room.overview()
    tickets = everything.rows("all_tickets")
    if not tickets:
        cards.nothing("No case yet", "Do the story's first step, or open a support request as an administrator.")
        return
    requests = everything.rows("all_requests")[::-1]
    ticket = _choose(here, tickets, {row["ticket_id"] for row in requests})
    requests = [row for row in requests if row["ticket_id"] == ticket["ticket_id"]]
    resources = list(dict.fromkeys(row["resource_tenant"] for row in requests))
    _differences(here, ticket, requests)
    columns = st.columns(max(2, 1 + len(resources)) + 2, gap="small")
    with columns[0]:
        _tenant(here, ticket, requests, ticket["support_request_tenant"], "Support request tenant")
    for column, resource in zip(columns[1:-2], resources, strict=False):
        with column:
            _tenant(
                here, ticket, [r for r in requests if r["resource_tenant"] == resource], resource, "Resource tenant"
            )
    if not resources:
        with columns[1], st.container(border=True, height="stretch"):
            _head("Resource tenant", "none yet")
            st.caption("No access to another tenant has been requested for this ticket.")
    with columns[-2]:
        _engineer(here, ticket, requests)
    with columns[-1]:
        _trainer(ticket, requests)


def _choose(here: Visit, tickets: list[Row], asked: set[str]) -> Row:
    """Return the case of the link; without one, the story's latest, or the latest in which access was requested."""
    named = {step.name for step in here.room.story.steps}
    first = sorted(tickets, key=lambda row: (row["ticket_id"] not in named, row["ticket_id"] not in asked))
    by_id = {row["ticket_id"]: row for row in first}
    wanted = st.query_params.get("ticket")
    st.session_state["case"] = wanted if wanted in by_id else first[0]["ticket_id"]

    def choose() -> None:
        act_begins()
        st.query_params["ticket"] = st.session_state["case"]

    names = here.room.directory.tenants
    st.selectbox(
        "Case",
        list(by_id)[:200],
        format_func=lambda t: (
            f"{by_id[t]['title']} · {names[by_id[t]['support_request_tenant']]} · {by_id[t]['status']}"
        ),
        key="case",
        on_change=choose,
    )
    return by_id[str(st.session_state["case"])]


def _differences(here: Visit, ticket: Row, requests: list[Row]) -> None:
    """In one line for each request: who sees what, where it is not the same."""
    engineer = Engineer(ticket["engineer_id"])
    seen = here.room.overview().statuses_seen(ticket["ticket_id"])
    for request in requests:
        sides = (request["support_request_tenant"], request["resource_tenant"])
        support, resource = (seen.get(tenant, {}).get(request["request_id"]) for tenant in sides)
        command = ReadDiagnostics(ticket["ticket_id"], request["resource_tenant"])
        reads = here.room.would_be_refused(command, engineer) is None
        cells = (
            (here.tenant(request["support_request_tenant"]), support),
            (here.tenant(request["resource_tenant"]), resource),
        )
        what_they_see = "  ".join(
            f"{name} {badge(s) if s else ':gray-badge[:material/visibility_off: not visible]'}" for name, s in cells
        )
        can = ":green-badge[:material/lock_open: can read]" if reads else ":gray-badge[:material/lock: cannot read]"
        differ = ":violet[:material/call_split: they differ]" if support != resource else ":gray[they see the same]"
        st.markdown(f"{what_they_see}  engineer {can}  {differ}")


def _head(part: str, name: str) -> None:
    st.markdown(f":small[:gray[{part}]]  \n**{name}**")


def _tenant(here: Visit, ticket: Row, requests: list[Row], tenant: str, part: str) -> None:
    with st.container(border=True, height="stretch"):
        _head(part, here.tenant(tenant))
        members = [viewer for viewer in viewers(here.room) if isinstance(viewer, Member) and viewer.tenant == tenant]
        members.sort(key=lambda m: not here.room.directory.administers(m.person, m.tenant))  # who sees something first
        extras = [m for m in here.room.directory.administrators(tenant) if m not in members]
        ids = {viewer_id(member): member for member in (members or extras[:5])}
        if not ids:
            st.caption("This tenant has no members in this scenario.")
            return
        people = here.room.directory.people
        chosen = st.selectbox(
            "as seen by",
            list(ids),
            format_func=lambda name: people[ids[name].person],
            key=f"as {tenant}",
            label_visibility="collapsed",
        )
        member = ids[str(chosen)]
        lens = here.room.as_seen_by(member)
        if refusal := lens.refusal:
            cards.no_permission(refusal.sentence)
            return
        found = [row for row in lens.rows("listed") if row["ticket_id"] == ticket["ticket_id"]]
        if ticket["support_request_tenant"] == tenant:
            colour = "green" if ticket["status"] == TicketStatus.OPEN else "gray"
            st.markdown(f":small[Support request] :{colour}-badge[{ticket['status']}]")
        for row in found:
            where = "Pending requests" if row["status"] == "Pending" else "Approved access"
            decided = f"  \n:small[decided by {plain(row['decided_by'])}]" if row["decided_by"] else ""
            other = "" if len(requests) == 1 else f" {here.tenant(row['resource_tenant'])}"
            head = f"#### {badge(row['status'])}{other}\n:small[in *{where}*, {_since(here, row)}]{decided}"
            st.markdown(head + _notes(row))
            _acts(here, member, row)
        if not found:
            st.markdown(f"#### {_NOT_VISIBLE}" if requests else ":gray[Nothing yet.]")
            if requests:
                st.caption("No access request of this case is in Pending requests or Approved access here.")
        if ticket["support_request_tenant"] == tenant:
            _act(here, CloseTicket(ticket["ticket_id"]), member, "Close the ticket", f"close {tenant}")


def _since(here: Visit, row: Row) -> str:
    return ago(row["changed_at"], here.room.now)


def _notes(row: Row) -> str:
    return "".join(f"  \n:small[{label.lower()}: {note}]" for label, note in cards.notes(row).items())


def _acts(here: Visit, member: Member, row: Row) -> None:
    request, tenant = row["request_id"], member.tenant
    if row["status"] not in ("Pending", "Approved"):
        return
    note = note_field(here, f"{tenant} {request} {row['status']}")  # an approval's draft is not for its removal
    approve, reject, revoke = decisions(request, here.room.policy)
    with st.container(horizontal=True, gap="xsmall"):
        if row["status"] == "Pending":
            _act(here, approve, member, "Approve", f"approve {tenant} {request}", row, note, primary=True)
            _act(here, reject, member, "Reject", f"reject {tenant} {request}", row, note)
        if row["status"] == "Approved":
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
    """Show a button for something that a party can do. If it would be refused, it is disabled and says why.

    `note` gives the note of a decision when the button is pressed; that of `command` is an example.
    """
    refusal = here.room.would_be_refused(command, actor)

    def made() -> Command:
        return replace(command, note=note()) if note and isinstance(command, Decision) else command

    def press() -> None:
        act(here, made, done, actor=actor, seen=seen)

    done = f"{viewer_name(here.room, actor)}: {label}. Done."
    st.button(
        label,
        key=key,
        type="primary" if primary else "secondary",
        disabled=refusal is not None,
        help=plain(refusal.sentence) if refusal else None,
        on_click=press,
    )


def _engineer(here: Visit, ticket: Row, requests: list[Row]) -> None:
    directory = here.room.directory
    engineer = Engineer(ticket["engineer_id"])
    with st.container(border=True, height="stretch"):
        _head("Support engineer", plain(ticket["engineer"]))
        tenants = [ticket["support_request_tenant"], *dict.fromkeys(row["resource_tenant"] for row in requests)]
        for tenant in tenants:
            refusal = here.room.would_be_refused(ReadDiagnostics(ticket["ticket_id"], tenant), engineer)
            can = (
                ":gray-badge[:material/lock: cannot read]" if refusal else ":green-badge[:material/lock_open: can read]"
            )
            st.markdown(f"{here.tenant(tenant)} {can}")
        for row in requests:
            st.markdown(f":small[request to {here.tenant(row['resource_tenant'])}] {badge(row['status'])}")
        if ticket["status"] != TicketStatus.OPEN:
            st.caption("The ticket is closed: all access has ended.")
            return
        names = directory.tenants
        others = [t for t in names if t != ticket["support_request_tenant"]]
        chosen = st.selectbox(
            "Ask for", others, format_func=names.__getitem__, key="ask for", label_visibility="collapsed"
        )
        command = RequestAccess(ticket["ticket_id"], str(chosen))
        _act(here, command, engineer, "Request access", "request access")
        _act(here, CloseTicket(ticket["ticket_id"]), engineer, "Close the ticket", "close engineer")


def _trainer(ticket: Row, requests: list[Row]) -> None:
    with st.container(border=True, height="stretch"):
        _head("Trainer", "The full record")
        colour = "green" if ticket["status"] == TicketStatus.OPEN else "gray"
        st.markdown(f":small[Support request] :{colour}-badge[{ticket['status']}]")
        for row in requests:
            by = f"  \n:small[last change by {plain(row['changed_by'])}]"
            st.markdown(f"#### {badge(row['status'])}{by}{_notes(row)}")


page(visit())
