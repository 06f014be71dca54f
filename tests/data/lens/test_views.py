"""The views' texts, errors, orders and earlier moments."""

from dataclasses import replace
from datetime import timedelta

import pytest

from data import Room
from model import (
    SOURCE_VISIBILITY,
    Approval,
    Approve,
    CloseTicket,
    Engineer,
    Justification,
    Member,
    OpenTicket,
    Policy,
    ReadDiagnostics,
    Refused,
    Reject,
    RequestAccess,
    Revoke,
    Side,
    Status,
)
from model.visibility import AUTOMATED
from tests.data.test_shown_in_notebooks import Page
from tests.worlds import DIRECTORY, START

ANN, BEA, NIL = Member("ann", "north"), Member("bea", "north"), Member("nil", "north")
ANN_IN_SOUTH, REX = Member("ann", "south"), Member("rex", "north")
KIM = Engineer("kim")


def asked(policy: Policy | None = None) -> tuple[Room, str, str]:
    """Return a room in which North's ticket has one access request for South, and both ids."""
    room = Room.create(scenario=None, policy=policy or Policy(), directory=DIRECTORY)
    ticket = room.do(OpenTicket("Sign-in fails", engineer="kim"), BEA).ticket_id or ""
    return room, ticket, room.do(RequestAccess(ticket, "south", "Logs"), KIM).request_id or ""


def test_the_repr_of_a_view_says_what_to_call_next():
    """A lens names its viewer, tenant and moment."""
    with Room.create() as room:
        lens = room.as_seen_by(room.member("adele", "contoso"))
        assert repr(lens) == (
            "<Lens: Adele Vance in Contoso: .pending() .approved_access() .tickets() .audit_log() .request(id)>"
        )
        earlier = room.as_seen_by(room.member("adele", "contoso"), as_of=1)
        assert repr(earlier).startswith("<Lens: Adele Vance in Contoso as of line 1: .pending()")
        assert repr(room.overview()) == "<Overview: .requests() .tickets() .metric(name)>"
        assert repr(room.as_seen_by(room.engineer("sam"))) == "<Desk of sam: .tickets() .requests() .reads()>"


def test_a_view_suggests_the_nearest_name():
    """The error also lists all names."""
    with Room.create(scenario=None, directory=DIRECTORY) as room:
        with pytest.raises(KeyError, match=r"did you mean 'decided by hours'\? It has all_requests"):
            room.overview().metric("decided by hour")
        with pytest.raises(KeyError, match="Lens has no 'desk_reads'; it has clock"):
            room.as_seen_by(DIRECTORY.members()[0]).frame("desk_reads")


def test_every_view_shows_the_room_as_it_was_after_a_line_of_its_log():
    """Checked for each read of a desk, a lens and the trainer's overview."""
    room, ticket, request = asked()
    line = room.seq
    room.do(Approve(request), ANN_IN_SOUTH)
    room.do(ReadDiagnostics(ticket, "south"), KIM)
    room.do(OpenTicket("Another", engineer="kim"), BEA)
    now, before = room.as_seen_by(KIM), room.as_seen_by(KIM, as_of=line)
    assert (len(now.tickets()), len(before.tickets())) == (2, 1)
    assert (*now.requests()["status"], *before.requests()["status"]) == ("Approved", "Pending")
    assert (len(now.reads()), len(before.reads())) == (1, 0)
    there, there_before = room.as_seen_by(ANN_IN_SOUTH), room.as_seen_by(ANN_IN_SOUTH, as_of=line)
    assert (len(there.pending()), len(there_before.pending())) == (0, 1)
    assert (len(there.approved_access()), len(there_before.approved_access())) == (1, 0)
    assert (there.statuses(), there_before.statuses()) == ({request: "Approved"}, {request: "Pending"})
    assert there_before.audit_log().empty and not there.audit_log().empty
    assert len(room.as_seen_by(ANN, as_of=line).tickets()) == 1 < len(room.as_seen_by(ANN).tickets())
    overview, earlier = room.overview(), room.overview(as_of=line)
    assert (len(overview.tickets()), len(earlier.tickets())) == (2, 1)
    assert (*overview.requests()["status"], *earlier.requests()["status"]) == ("Approved", "Pending")
    assert repr(earlier) == f"<Overview as of line {line}: .requests() .tickets() .metric(name)>"
    assert repr(before) == f"<Desk of kim as of line {line}: .tickets() .requests() .reads()>"
    assert (now.viewer, there.viewer) == (KIM, ANN_IN_SOUTH)


def test_a_lens_gives_one_request_and_its_deciders_or_the_reason_why_not():
    """A missing permission is reported; a hidden request is not found."""
    room, ticket, request = asked()
    lens = room.as_seen_by(ANN)
    other = room.do(RequestAccess(ticket, "west", "Logs"), KIM).request_id or ""
    assert [lens.request(one)["request_id"] for one in (request, other)] == [request, other]
    assert lens.request(request) == next(row for row in lens.rows("pending") if row["request_id"] == request)
    assert lens.who_can_decide(request) == {"ann": "Ann Example"}
    assert lens.who_can_decide("r-none") == {}
    with pytest.raises(Refused, match=r"^There is no such access request here\.$") as refused:
        lens.request("r-none")
    assert refused.value.code == "not-found" and lens.refusal is None
    nobody = room.as_seen_by(NIL)
    for seen in (nobody.pending(), nobody.approved_access(), nobody.tickets(), nobody.audit_log()):
        assert seen.empty
    with pytest.raises(Refused) as refused:
        nobody.request(request)
    assert refused.value.code == "no-permission" and str(refused.value) == str(nobody.refusal)
    assert room.as_seen_by(REX).refusal is not None and room.as_seen_by(ANN_IN_SOUTH).refusal is None


def test_a_decider_is_signed_in_where_the_request_is_visible():
    """Ann administers both tenants; if one does not see pending requests, she decides in the other."""
    both = {side: (Status.PENDING, side) for side in Side}
    places = {None: ["north", "south"], Side.RESOURCE: ["north"], Side.SUPPORT: ["south"]}
    for hidden, where in places.items():
        policy = Policy(visibility=SOURCE_VISIBILITY - {both[hidden]}) if hidden else Policy()
        room, _, request = asked(policy)
        home = ANN_IN_SOUTH if hidden is Side.SUPPORT else ANN
        rows = room.as_seen_by(home).rows("who_can_decide")
        assert [(row["person"], row["decides_in"]) for row in rows] == [("ann", tenant) for tenant in where]
        assert {row["request_id"] for row in rows} == {request}


def test_the_second_approval_is_another_persons_in_the_other_tenant():
    """The first may come from either tenant; only people known to the viewer's tenant are named."""
    room, _, request = asked(Policy(Approval.EACH))
    north, south = room.as_seen_by(ANN), room.as_seen_by(ANN_IN_SOUTH)
    assert [*north.who_can_decide(request)] == ["ann", "bea"] and [*south.who_can_decide(request)] == ["ann", "eve"]
    where = [(row["person"], row["decides_in"]) for row in north.rows("who_can_decide")]
    assert where == [("ann", "north"), ("ann", "south"), ("bea", "north")]
    room.do(Approve(request), BEA)
    assert [*north.who_can_decide(request)] == ["ann"] and [*south.who_can_decide(request)] == ["ann", "eve"]
    assert {row["decides_in"] for row in south.rows("who_can_decide")} == {"south"}


def test_listed_requests_are_in_the_order_of_the_lists():
    """The longest wait is first, then the latest change; requests that left the history are in neither."""
    room, _, first = asked()
    asked_for = [first]
    for _ in range(3):
        other = room.do(OpenTicket("Another", engineer="kim"), BEA).ticket_id or ""
        room.advance(timedelta(hours=1))
        asked_for.append(room.do(RequestAccess(other, "south", "Logs"), KIM).request_id or "")
    for request in (asked_for[0], asked_for[2]):
        room.advance(timedelta(hours=1))
        room.do(Reject(request), ANN)
    lens = room.as_seen_by(ANN)
    assert list(lens.pending()["request_id"]) == [asked_for[1], asked_for[3]]
    assert list(lens.approved_access()["request_id"]) == [asked_for[2], asked_for[0]]
    listed = [asked_for[n] for n in (1, 3, 2, 0)]
    assert list(lens.statuses()) == [row["request_id"] for row in lens.rows("listed")] == listed
    assert lens.next_due() == room.overview().next_due() == room.now - timedelta(hours=1) + timedelta(days=30)
    room.advance(timedelta(days=30))
    assert list(lens.statuses()) == listed[:2]
    assert room.overview().next_due() is None, "what has left the history is due no more"


def test_a_lens_says_why_an_audit_log_is_empty():
    """A Security Reader may read it, but sees no access request."""
    room, _, _ = asked()
    rex = room.as_seen_by(REX)
    assert rex.audit_refusal is None and list(rex.audit_log()["activity"]) == ["Request created"]
    refusal = room.as_seen_by(NIL).audit_refusal
    assert refusal is not None and refusal.code == "no-permission"
    assert str(refusal) == "You have no role in this tenant that may read the audit log."


def test_what_falls_due_next_is_the_first_in_a_members_lists():
    """For the trainer it is the first of any tenant."""
    room, _, _ = asked(Policy(pending_expires_after=timedelta(days=1)))
    due = START.replace(day=3)
    assert room.as_seen_by(ANN).next_due() == room.overview().next_due() == due
    assert room.as_seen_by(NIL).next_due() is None
    empty = Room.create(scenario=None, directory=DIRECTORY)
    assert empty.overview().next_due() is None and empty.as_seen_by(ANN).next_due() is None


def test_a_lens_and_a_desk_show_their_lists_in_a_notebook():
    """Each has a caption, its columns and its rows."""
    room, ticket, request = asked()
    columns = ["request id", "title", "support request tenant", "resource tenant", "status"]
    tickets = ["Support requests", "ticket id", "title", "status", ticket, "Sign-in fails", "Open"]
    assert lines(room.as_seen_by(ANN)._repr_html_()) == [
        "Ann Example, signed in to North, sees",
        *("Pending requests", *columns, request, "Sign-in fails", "north", "south", "Pending"),
        *("Approved access", "nothing"),
        *tickets,
    ]
    desk = ["Access requests", "request id", "resource tenant", "status", request, "south", "Pending"]
    assert lines(room.as_seen_by(KIM)._repr_html_()) == ["The support engineer kim sees", *tickets, *desk]
    refused = room.as_seen_by(NIL)
    assert lines(refused._repr_html_()) == ["Nil Example, signed in to North, sees", str(refused.refusal)]


def lines(html: str) -> list[str]:
    """Return the texts of a page, one per line."""
    return Page(html).text.splitlines()


def test_the_trainer_reads_the_audit_logs_of_all_tenants():
    """The newest entry is first; people are named, with their notes."""
    room, ticket, request = asked(Policy(justification=Justification.ASKED))
    room.do(Approve(request, "Go on"), ANN_IN_SOUTH)
    room.do(Revoke(request, "Enough"), Member("eve", "south"))
    logs = room.overview().rows("all_audit_logs")
    assert [(row["tenant"], row["activity"], row["actor"], row["details"]) for row in logs] == [
        ("south", "Approval removed", "Eve Example", "Enough"),
        ("south", "Approval approved", AUTOMATED, None),
        ("north", "Request approved", "Ann Example", "Go on"),
        ("north", "Request created", AUTOMATED, None),
    ]
    assert {(row["ticket_id"], row["request_id"], row["resource_tenant"]) for row in logs} == {
        (ticket, request, "south")
    }


def test_the_newest_tickets_and_requests_come_first_at_the_desk_and_for_the_trainer():
    """Each closed ticket says who closed it."""
    room, first, request = asked()
    room.do(CloseTicket(first), BEA)
    room.advance(timedelta(hours=1))
    second = room.do(OpenTicket("Another", engineer="kim"), ANN).ticket_id or ""
    room.advance(timedelta(hours=1))
    other = room.do(RequestAccess(second, "south", "Logs"), KIM).request_id or ""
    tickets = room.overview().rows("all_tickets")
    assert [(row["ticket_id"], row["opened_by"], row["closed_by"]) for row in tickets] == [
        (second, "Ann Example", None),
        (first, "Bea Example", "Bea Example"),
    ]
    desk = room.as_seen_by(KIM)
    assert list(desk.tickets()["ticket_id"]) == [second, first]
    for requests in (desk.requests(), room.overview().requests()):
        assert list(requests["request_id"]) == [other, request]


def test_an_administrator_of_another_tenant_sees_nothing_here():
    """There is no ticket, no request and no audit log."""
    directory = replace(DIRECTORY, roles={**DIRECTORY.roles, ("nil", "south"): frozenset({"Global Administrator"})})
    room = Room.create(scenario=None, directory=directory)
    ticket = room.do(OpenTicket("Sign-in fails", engineer="kim"), BEA).ticket_id or ""
    room.do(RequestAccess(ticket, "south", "Logs"), KIM)
    nil, there = room.as_seen_by(NIL), room.as_seen_by(Member("nil", "south"))
    for seen in (nil.pending(), nil.approved_access(), nil.tickets(), nil.audit_log()):
        assert seen.empty
    assert len(there.pending()) == 1 and there.tickets().empty


def test_the_trainers_next_due_is_the_first_of_all():
    """It is the first of several requests that expire, and of several entries that leave the history."""
    policy = Policy(pending_expires_after=timedelta(days=4), grant_lasts=timedelta(days=1))
    room, _, first = asked(policy)
    room.advance(timedelta(hours=1))
    ticket = room.do(OpenTicket("Another", engineer="kim"), BEA).ticket_id or ""
    second = room.do(RequestAccess(ticket, "south", "Logs"), KIM).request_id or ""
    assert room.overview().next_due() == START + timedelta(days=4)
    room.do(Reject(first), ANN)
    room.advance(timedelta(hours=1))
    assert room.overview().next_due() == START + timedelta(days=4, hours=1)
    room.do(Reject(second), ANN)
    assert room.overview().next_due() == START + timedelta(days=30, hours=1)
