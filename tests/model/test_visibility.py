"""Who sees which access request, for how long, and what each tenant's audit log says."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import AUDIT, Approval, Approve, CloseTicket, Member, Policy, Reject, Side, Status
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
    """No age takes a request out of Pending requests; only a decision, a limit or the ticket's end does."""
    here = world_at("Pending")
    here.wait(100 * THIRTY_DAYS)
    assert [seen.request_id for seen in here.pending(CARLA)] == ["r1"]
    assert here.approved_access(CARLA) == []


def test_the_lists_are_in_their_order():
    """The oldest pending first; of the decided the last changed first; of tickets and log entries the latest first."""
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


def test_tickets_are_seen_by_the_administrators_of_their_tenant_only():
    """An administrator of the resource tenant sees the request, and no ticket of the other tenant."""
    here = world_at("Approved")
    assert [seen.ticket_id for seen in here.tickets(CARLA)] == ["t1"]
    assert here.tickets(FELIX) == here.tickets(TESS) == []


CREATED, APPROVED = ("Request created", "automated"), ("Request approved", "Adele Example")
GRANT = ("Approval approved", "automated")


@pytest.mark.parametrize(
    ("status", "contoso_logs", "fabrikam_logs"),
    [
        ("Pending", [CREATED], []),
        ("Approved", [CREATED, APPROVED], [GRANT]),
        ("Rejected", [CREATED, ("Request rejected", "Adele Example")], []),
        ("Canceled", [CREATED, ("Request canceled", "automated")], []),
        ("Expired", [CREATED, ("Request expired", "automated")], []),
        ("Revoked", [CREATED, APPROVED], [GRANT, ("Approval removed", "Felix Example")]),
        ("Completed", [CREATED, APPROVED], [GRANT, ("Approval removed", "automated")]),
    ],
)
def test_the_audit_table_holds_row_by_row(status: str, contoso_logs: list, fabrikam_logs: list):
    """Each tenant logs its own part: the request where the ticket is, the approval where the data is."""
    here = world_at(status)
    for reader, logs in ((SOL, contoso_logs), (ADELE, contoso_logs), (SOL_IN_FABRIKAM, fabrikam_logs), (TESS, [])):
        assert [(entry.activity, entry.actor) for entry in here.audit_log(reader)] == logs[::-1]


def test_a_lapse_is_logged_as_an_automated_removal():
    """The resource tenant is told, the support request tenant is not."""
    here = world_at("Approved", LIMITED)
    before = here.audit_log(SOL)
    here.wait(timedelta(hours=8))
    assert here.audit_log(SOL) == before
    last = here.audit_log(SOL_IN_FABRIKAM)[0]
    assert (last.activity, last.actor, last.occurred_at) == ("Approval removed", "automated", here.now)


def test_no_removal_is_in_the_support_request_tenants_part_of_the_audit_table():
    """What ends a grant is logged in the resource tenant, or nowhere."""
    ends = [row for row in AUDIT if row.to_status in ("Revoked", "Completed")]
    assert {row.side for row in ends} == {Side.RESOURCE}


def test_who_approves_need_not_read_the_log():
    """A Service Support Administrator reads no audit log, though it is about what she did."""
    assert world_at("Completed").audit_log(CARLA) == []
    assert world_at("Completed").audit_log(FELIX) == []


def test_a_person_unknown_to_the_tenant_is_not_named():
    """Under a policy where Fabrikam alone decides, Contoso learns that somebody there did, and not who."""
    here = world_at("Pending", Policy(approval=Approval.RESOURCE))
    here.do(Reject("r1"), FELIX)
    stranger = "an administrator of the other tenant"
    assert [(seen.decided_by, seen.changed_by) for seen in here.approved_access(CARLA)] == [(stranger, stranger)]
    assert here.audit_log(SOL)[0].actor == stranger
    assert [seen.decided_by for seen in here.approved_access(ADELE_IN_FABRIKAM)] == ["Felix Example"]


def test_the_first_of_two_approvers_is_named_to_her_own_tenant_only():
    """Contoso has turned its key; Fabrikam sees that a key is turned, and by nobody it knows."""
    here = world_at("Pending", Policy(approval=Approval.EACH))
    here.do(Approve("r1"), CARLA)
    assert [seen.first_approval for seen in here.pending(ADELE)] == ["Carla Example"]
    assert [seen.first_approval for seen in here.pending(FELIX)] == ["an administrator of the other tenant"]


@given(st.sampled_from(list(Approval)), HISTORIES)
def test_no_history_names_a_stranger(approval: Approval, history: list[Act]):
    """Whatever happens, a tenant is shown no name of a person whom it does not know."""
    here = world_at("Pending", Policy(approval=approval))
    for what in history:
        act(here, what)
    for member in DIRECTORY.members():
        views = [here.pending(member), here.approved_access(member), here.tickets(member), here.audit_log(member)]
        strangers = {name for id_, name in DIRECTORY.people.items() if not DIRECTORY.knows(id_, member.tenant)}
        assert [name for name in strangers if name in repr(views)] == []
