"""The four parties of a case side by side: what each sees, before and after the latest change."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard.palette import (
    ENGINEER,
    HIDDEN,
    LIVE,
    OVER,
    RESOURCE_TENANT,
    STATUS,
    SUPPORT_REQUEST_TENANT,
    TRAINER,
    status_name,
)
from dashboard.parts import cards
from dashboard.parts.case.first_request import first_request
from dashboard.parts.case.party_acts import engineer_acts, member_acts
from dashboard.parts.case.party_card import Badge, Line, line, party_card
from dashboard.shell.session_state import Key
from dashboard.shell.visit import Visit, viewer_id, viewers
from dashboard.text import party_sentences
from data.lens.case_record import CaseRecord
from model import Engineer, Member, ReadDiagnostics, Side

Row = dict[str, Any]
_NOT_VISIBLE, _NO_REQUEST = Badge("not visible", str(HIDDEN)), Badge("no request", str(OVER))
_CAN_READ, _CANNOT_READ = Badge("can read", str(LIVE)), Badge("cannot read", str(OVER))


def _badge(status: str) -> Badge:
    return Badge(status_name(status), str(STATUS[status]))


@dataclass(frozen=True)
class Scene:
    """What the columns show: a ticket and its record, and how large."""

    here: Visit
    ticket: Row
    record: CaseRecord
    large: bool

    def acts(self, key: str) -> Any:
        """Return the container of a party's choice of person and buttons: in large type, behind a button."""
        return st.popover("May do", key=f"acts {key}") if self.large else st.container()

    def card(self, key: str, part: str, name: str, colour: Any, lines: Sequence[Line], say: Sequence[str]) -> None:
        """Show a party's card; in large type its change is animated once."""
        plays = f"{self.here.room_id} {self.here.room.state}" if self.large else ""
        party_card(f"card {key}", part, name, colour, lines, say, large=self.large, plays=plays)


def show_parties(scene: Scene) -> None:
    """Show a column for each party; a case can have several resource tenants."""
    requests = scene.record.requests
    resources = list(dict.fromkeys(requests.values()))
    columns = st.columns(max(2, 1 + len(resources)) + 2, gap="small")
    with columns[0]:
        _tenant(scene, scene.ticket["support_request_tenant"], Side.SUPPORT, list(requests))
    for column, resource in zip(columns[1:-2], resources, strict=False):
        with column:
            _tenant(scene, resource, Side.RESOURCE, [r for r, tenant in requests.items() if tenant == resource])
    if not resources:
        with columns[1], st.container(border=True, height="stretch"):
            say = ["No access to another tenant has been requested."]
            scene.card("resource", "Resource tenant", "none yet", RESOURCE_TENANT, [], say)
    with columns[-2]:
        _engineer(scene, resources)
    with columns[-1], st.container(border=True, height="stretch"):
        _trainer(scene)


def introduce_parties(here: Visit) -> None:
    """Show the parties of the story's first access request, before anything has happened."""
    if not (first := first_request(here.room.story, here.room.policy)):
        return
    until = f"May not read it until {first.who_decides} approves."
    parties = [
        ("Support request tenant", first.support_request_tenant, SUPPORT_REQUEST_TENANT),
        ("Resource tenant", first.resource_tenant, RESOURCE_TENANT),
        ("Support engineer", first.engineer, ENGINEER),
        ("Everything (trainer)", "The full record", TRAINER),
    ]
    sentences = [
        [f"Opens the support request “{first.title}”."],
        ["Has the diagnostic data that the engineer needs."],
        [f"Asks for access to {first.resource_tenant}'s data.", until],
        ["What really happens, including what a tenant can't see."],
    ]
    for column, (part, name, colour), say in zip(st.columns(4, gap="small"), parties, sentences, strict=True):
        with column:
            party_card(f"card {part}", part, name, colour, [], say, large=here.presenting)


def _tenant(scene: Scene, tenant: str, side: Side, requests: list[str]) -> None:
    here, name = scene.here, scene.here.room.directory.tenants[tenant]
    colour = SUPPORT_REQUEST_TENANT if side is Side.SUPPORT else RESOURCE_TENANT
    part = "Support request tenant" if side is Side.SUPPORT else "Resource tenant"
    with st.container(border=True, height="stretch"):
        card = st.container()
        acts = scene.acts(tenant)
        with acts:
            member = _member(scene, tenant)
        if not member:
            with card:
                scene.card(tenant, part, name, colour, [], ["This tenant has no members in this scenario."])
            return
        lens = here.room.as_seen_by(member)
        if refusal := lens.refusal:
            with card:
                scene.card(tenant, part, name, colour, [], [])
            cards.no_permission(refusal.sentence)
            return
        rows = {row["request_id"]: row for row in lens.rows("listed") if row["request_id"] in requests}
        before = scene.record.seen(side, before=True)
        lines, say = [], []
        for number, request in enumerate(requests, start=1):
            row = rows.get(request)
            now = _badge(row["status"]) if row else _NOT_VISIBLE
            lines.append(line(now, _before(scene.record, request, before), _about(scene, side, requests, number)))
            say += party_sentences.of_a_request(row, here.room.now) if row else _hidden(scene, request, side, member)
        with card:
            scene.card(tenant, part, name, colour, lines or [Line(_NO_REQUEST)], say or ["Nothing to decide yet."])
        with acts:
            member_acts(here, member, scene.ticket, list(rows.values()))


def _member(scene: Scene, tenant: str) -> Member | None:
    """Show the choice of the tenant's viewing member, initially the actor of the latest step."""
    room = scene.here.room
    directory, others = room.directory, set(scene.record.requests.values()) - {tenant}
    actor = room.story.steps[room.steps_done - 1].by if room.steps_done else None

    def rank(member: Member) -> tuple[bool, bool, bool]:
        """Rank administrators first, and in the support request tenant those of that tenant alone."""
        own = tenant == scene.ticket["support_request_tenant"]
        elsewhere = own and any(directory.administers(member.person, other) for other in others)
        return member != actor, not directory.administers(member.person, tenant), elsewhere

    members = [viewer for viewer in viewers(room) if isinstance(viewer, Member) and viewer.tenant == tenant]
    first = sorted(members or directory.administrators(tenant)[:5], key=rank)
    ids = {viewer_id(member): member for member in first}
    if not ids:
        return None
    key, chosen_at = f"as {tenant}", Key[tuple[str, int]](f"chosen at {tenant}")
    if chosen_at.get() != (now := (scene.here.room_id, room.steps_done)):
        st.session_state[key] = next(iter(ids))
        chosen_at.put(now)
    chosen = st.selectbox(
        "as seen by",
        list(ids),
        format_func=lambda name: f"as {directory.people[ids[name].person]}",
        key=key,
        label_visibility="collapsed",
    )
    return ids[str(chosen)]


def _before(record: CaseRecord, request: str, seen: dict[str, str]) -> Badge:
    if record.status_before(request) is None:
        return _NO_REQUEST
    return _badge(seen[request]) if request in seen else _NOT_VISIBLE


def _about(scene: Scene, side: Side, requests: list[str], number: int) -> str:
    """Return which of a party's access requests a line is about; "" if there is only one."""
    if len(requests) == 1:
        return ""
    tenant = scene.record.requests[requests[number - 1]]
    return f"Request {number}" + (f", {scene.here.room.directory.tenants[tenant]}" if side is Side.SUPPORT else "")


def _hidden(scene: Scene, request: str, side: Side, member: Member) -> list[str]:
    directory = scene.here.room.directory
    return party_sentences.of_what_is_hidden(
        scene.record,
        request,
        side,
        scene.here.room.policy,
        here=directory.tenants[member.tenant],
        engineer=scene.ticket["engineer"],
        resource=directory.tenants[scene.record.requests[request]],
    )


def _engineer(scene: Scene, resources: list[str]) -> None:
    here, ticket, names = scene.here, scene.ticket, scene.here.room.directory.tenants
    engineer = Engineer(ticket["engineer_id"])
    lines, say = [], []
    for tenant in (ticket["support_request_tenant"], *resources):
        own = tenant == ticket["support_request_tenant"]
        refusal = None
        if here.past is None:
            refusal = here.room.would_be_refused(ReadDiagnostics(ticket["ticket_id"], tenant), engineer)
            reads = refusal is None
        elif own:
            reads = ticket["advanced_diagnostics"] and scene.record.is_open()
        else:
            reads = scene.record.is_readable(tenant)
        could = (
            ticket["advanced_diagnostics"] and scene.record.is_open(before=True)
            if own
            else scene.record.is_readable(tenant, before=True)
        )
        before = _CAN_READ if could else _CANNOT_READ
        lines.append(line(_CAN_READ if reads else _CANNOT_READ, before, names[tenant]))
        if refusal and tenant in resources and scene.record.is_open():
            what = f" to read {names[tenant]}'s data" if len(resources) > 1 else ""
            say.append(f"On the next attempt{what}: “{refusal.sentence}”")
    with st.container(border=True, height="stretch"):
        if not scene.record.is_open():
            say = ["The support request is closed: all access has ended."]
        scene.card("engineer", "Support engineer", ticket["engineer"], ENGINEER, lines, say)
        if scene.record.is_open():
            with scene.acts("engineer"):
                engineer_acts(here, engineer, ticket)


def _trainer(scene: Scene) -> None:
    requests, record = scene.record.requests, scene.record
    lines = []
    for number, request in enumerate(requests, start=1):
        status = record.latest(request)["status"]
        about = _about(scene, Side.SUPPORT, list(requests), number)
        before = record.status_before(request)
        lines.append(
            line(
                _badge(status),
                _badge(before) if before else _NO_REQUEST,
                about,
            )
        )
    say = party_sentences.of_the_record(record, requests)
    scene.card("record", "Everything (trainer)", "The full record", TRAINER, lines or [Line(_NO_REQUEST)], say)
