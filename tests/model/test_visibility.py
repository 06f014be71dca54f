"""Who sees which access request, for how long, and with which names."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import Approval, Approve, CloseTicket, Member, Policy, Reject, Status, TicketStatus
from model.visibility import SeenRequest
from tests.model.histories import HISTORIES, Act, act
from tests.model.world import (
    ADELE,
    ADELE_IN_FABRIKAM,
    ASK,
    CARLA,
    CLEO,
    DIRECTORY,
    FELIX,
    FINN,
    LIMITED,
    SAM,
    SOL,
    SOL_IN_FABRIKAM,
    START,
    TESS,
    TICK,
    TICKET,
    World,
    world_at,
)

THIRTY_DAYS = timedelta(hours=720)
ENDED = ["Rejected", "Revoked", "Completed", "Canceled", "Expired"]


@pytest.mark.parametrize(
    ("status", "contoso_sees", "fabrikam_sees"),
    [
        ("Pending", True, True),
        ("Rejected", True, True),
        ("Canceled", True, True),
        ("Expired", True, True),
        ("Approved", False, True),
        ("Revoked", False, True),
        ("Completed", False, True),
    ],
)
def test_the_visibility_table_holds_row_by_row(status: str, contoso_sees: bool, fabrikam_sees: bool):
    """Source: "In these scenarios, Microsoft approved access is visible only in the resource tenant." """
    here = world_at(status)
    for member, sees in ((ADELE, contoso_sees), (CARLA, contoso_sees), (FELIX, fabrikam_sees), (TESS, False)):
        found = [seen.status for seen in here.pending(member) + here.approved_access(member)]
        assert found == ([status] if sees else [])


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("member", [CLEO, SOL, FINN, SOL_IN_FABRIKAM])
def test_a_member_without_the_permission_sees_no_request_and_no_ticket(status: str, member: Member):
    """Source: "Only authorized users in your tenant can view and manage Microsoft Support access requests." """
    here = world_at(status)
    assert (here.pending(member), here.approved_access(member), here.tickets(member)) == ([], [], [])


@pytest.mark.parametrize("status", ENDED)
def test_thirty_days_are_720_hours_to_the_microsecond(status: str):
    """Source: "Microsoft Support Access Requests remain in Approved access for 30 days." """
    here = world_at(status)
    assert [seen.leaves_at for seen in here.approved_access(FELIX)] == [here.now + THIRTY_DAYS]
    here.wait(THIRTY_DAYS - TICK)
    assert [seen.status for seen in here.approved_access(FELIX)] == [status]
    here.wait(TICK)
    assert here.approved_access(FELIX) == []


def test_a_live_grant_stays_in_approved_access_however_old():
    """A grant that nobody can see is a grant that nobody can remove; closing starts its 30 days."""
    here = world_at("Approved")
    here.wait(100 * THIRTY_DAYS)
    assert [(seen.status, seen.leaves_at) for seen in here.approved_access(FELIX)] == [("Approved", None)]
    here.do(CloseTicket("t1"), SAM)
    assert [(seen.status, seen.leaves_at) for seen in here.approved_access(FELIX)] == [
        ("Completed", here.now + THIRTY_DAYS)
    ]


def test_pending_requests_are_the_pending_ones_however_old():
    """Only a decision, a limit or the ticket's end removes a request from Pending requests."""
    here = world_at("Pending")
    here.wait(100 * THIRTY_DAYS)
    assert [seen.request_id for seen in here.pending(CARLA)] == ["r1"]
    assert here.approved_access(CARLA) == []


def test_the_lists_are_ordered():
    """Pending requests are oldest first, decided ones last changed first, tickets and log entries latest first."""
    here = World()
    for _ in range(4):
        here.wait(TICK)
        here.do(TICKET, CARLA)
        here.do(type(ASK)(f"t{len(here.cases)}", "fabrikam"), SAM)
    assert [seen.request_id for seen in here.pending(FELIX)] == ["r1", "r2", "r3", "r4"]
    for request_id in ("r3", "r1"):
        here.wait(TICK)
        here.do(Reject(request_id), ADELE)
    assert [seen.request_id for seen in here.approved_access(FELIX)] == ["r1", "r3"]
    assert [seen.ticket_id for seen in here.tickets(CARLA)] == ["t4", "t3", "t2", "t1"]
    assert [entry.request_id for entry in here.audit_log(SOL)] == ["r1", "r3", "r4", "r3", "r2", "r1"]


def test_pending_requests_are_in_the_order_in_which_they_were_made():
    """The longest wait comes first, whatever the ids."""
    here = world_at("Pending")
    (first,) = here.cases["t1"].requests
    second = replace(first, id="r0", requested_at=first.requested_at + TICK)
    here.cases["t1"] = replace(here.cases["t1"], requests=(second, first))
    assert [seen.request_id for seen in here.pending(CARLA)] == ["r1", "r0"]


def test_a_member_sees_the_whole_request():
    """Every column of a list is checked against the case and the log."""
    here = world_at("Approved", LIMITED)
    assert here.approved_access(FELIX) == [
        SeenRequest(
            request_id="r1",
            ticket_id="t1",
            title="Sign-ins fail for guests",
            severity="B",
            ticket_status=TicketStatus.OPEN,
            support_request_tenant="contoso",
            resource_tenant="fabrikam",
            reason="Sign-in logs of the guests' home tenant",
            status=Status.APPROVED,
            requested_by="Sam Rivera",
            requested_at=START,
            first_approval=None,
            decided_by="Adele Example",
            decided_at=START,
            changed_by="Adele Example",
            changed_at=START,
            due_at=START + timedelta(hours=8),
            leaves_at=None,
            first_approval_note=None,
            decision_note=None,
            removal_note=None,
        )
    ]


def test_a_pending_request_names_no_decider():
    """Its last change is the engineer's."""
    (seen,) = world_at("Pending").pending(FELIX)
    assert (seen.first_approval, seen.decided_by, seen.decided_at) == (None, None, None)
    assert (seen.changed_by, seen.changed_at) == ("Sam Rivera", START)


def test_tickets_are_seen_by_the_administrators_of_their_tenant_only():
    """An administrator of the resource tenant sees the request, but no ticket of the other tenant."""
    here = world_at("Approved")
    assert [seen.ticket_id for seen in here.tickets(CARLA)] == ["t1"]
    assert here.tickets(FELIX) == here.tickets(TESS) == []


def test_a_person_unknown_to_the_tenant_is_not_named():
    """Under a policy where Fabrikam alone decides, Contoso learns that somebody there decided, but not who."""
    here = world_at("Pending", Policy(approval=Approval.RESOURCE))
    here.do(Reject("r1"), FELIX)
    stranger = "an administrator of the other tenant"
    assert [(seen.decided_by, seen.changed_by) for seen in here.approved_access(CARLA)] == [(stranger, stranger)]
    assert here.audit_log(SOL)[0].actor == stranger
    assert [seen.decided_by for seen in here.approved_access(ADELE_IN_FABRIKAM)] == ["Felix Example"]


def test_the_first_of_two_approvers_is_named_to_her_own_tenant_only():
    """Contoso has approved; Fabrikam sees that somebody of the other tenant approved, but not who."""
    here = world_at("Pending", Policy(approval=Approval.EACH))
    here.do(Approve("r1"), CARLA)
    assert [seen.first_approval for seen in here.pending(ADELE)] == ["Carla Example"]
    assert [seen.first_approval for seen in here.pending(FELIX)] == ["an administrator of the other tenant"]


@given(st.sampled_from(list(Approval)), HISTORIES)
def test_no_history_names_a_stranger(approval: Approval, history: list[Act]):
    """A tenant never sees the name of a person whom it does not know."""
    here = world_at("Pending", Policy(approval=approval))
    for what in history:
        act(here, what)
    for member in DIRECTORY.members():
        views = [here.pending(member), here.approved_access(member), here.tickets(member), here.audit_log(member)]
        strangers = {name for id_, name in DIRECTORY.people.items() if not DIRECTORY.knows(id_, member.tenant)}
        assert [name for name in strangers if name in repr(views)] == []
