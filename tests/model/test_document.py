"""The source document, sentence by sentence: each test's docstring quotes it, and its body shows it.

`tests/source.py` lists the sentences; `tests/test_source.py` compares the two.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from model import (
    Action,
    Approve,
    CloseTicket,
    Engineer,
    FallDue,
    Member,
    ReadDiagnostics,
    Reject,
    RequestAccess,
    Revoke,
    WriteDiagnostics,
)
from tests.model.world import (
    ADELE,
    ADELE_IN_FABRIKAM,
    ASK,
    CARLA,
    CLEO,
    FELIX,
    KIM,
    SAM,
    TICK,
    TICKET,
    World,
    world_at,
)


@pytest.mark.parametrize("allowed", [True, False])
def test_advanced_diagnostics_suffice_within_the_support_request_tenant(allowed: bool):
    """In many situations, enabling the collection of Advanced diagnostic information during the creation of a support
    access request is sufficient for Microsoft Support to troubleshoot your issue.
    """
    here = World()
    here.do(replace(TICKET, advanced_diagnostics=allowed), CARLA)
    assert here.engineer_reads("contoso") is allowed


def test_another_tenants_data_needs_a_separate_approval():
    """In some situations though, a separate approval may be needed to allow Microsoft support to access your identity
    diagnostic data.
    """
    here = world_at("Pending")
    assert here.engineer_reads("contoso")
    assert not here.engineer_reads("fabrikam")
    here.do(Approve("r1"), ADELE)
    assert here.engineer_reads("fabrikam")


def test_access_is_the_engineers_of_the_ticket():
    """Microsoft Support access requests enable you to give Microsoft Support engineers access to diagnostic data in
    your identity service to help solve support requests you submitted to Microsoft.
    """
    here = world_at("Approved")
    read = ReadDiagnostics("t1", "fabrikam", "sign-in-logs")
    assert here.answer(read, SAM) == "read"
    assert [here.answer(read, actor) for actor in (KIM, ADELE, FELIX)] == ["not-assigned"] * 3


def test_a_request_is_for_another_tenant_than_the_tickets():
    """At this time, the following cross-tenant scenario is covered by this process:

    The Microsoft Support engineer needs access to diagnostic data in a resource tenant that is different from the
    tenant in which the support request was created, known as the support request tenant.

    This cross-tenant scenario is the primary scenario where a support access request is necessary.
    """
    here = World()
    here.do(TICKET, CARLA)
    assert here.answer(RequestAccess("t1", "contoso"), SAM) == "same-tenant"
    assert here.answer(RequestAccess("t1", "fabrikam"), SAM) == "request"


@pytest.mark.parametrize(
    ("actor", "answer"),
    [(SAM, "request"), (KIM, "not-assigned"), (ADELE, "not-assigned"), (ADELE_IN_FABRIKAM, "not-assigned")],
)
def test_the_assigned_engineer_asks_and_nobody_else(actor: Member | Engineer, answer: str):
    """The support engineer creates a support access request for the resource tenant."""
    here = World()
    here.do(TICKET, CARLA)
    assert here.answer(ASK, actor) == answer


@pytest.mark.parametrize("decision", [Approve("r1"), Reject("r1")])
def test_an_administrator_of_both_tenants_decides(decision: Approve | Reject):
    """An administrator of both tenants approves the Microsoft Support access request."""
    here = world_at("Pending")
    assert [here.answer(decision, actor) in list(Action) for actor in (ADELE, ADELE_IN_FABRIKAM)] == [True, True]
    assert [here.answer(decision, actor) for actor in (CARLA, FELIX)] == ["not-administrator-of-both"] * 2
    assert here.answer(decision, CLEO) == "no-permission"


def test_an_approval_opens_the_approved_tenant_only():
    """With approval, the support engineer only has access to the data in the approved resource tenant."""
    here = World()
    here.do(replace(TICKET, advanced_diagnostics=False), CARLA)
    here.do(ASK, SAM)
    here.do(Approve("r1"), ADELE)
    assert [here.engineer_reads(tenant) for tenant in ("contoso", "fabrikam", "tailspin")] == [False, True, False]


@pytest.mark.parametrize("closer", [CARLA, ADELE, SAM])
def test_closing_the_ticket_ends_access_and_completes_the_request(closer: Member | Engineer):
    """Closing the support request automatically revokes the support engineer's access to your identity data.

    Microsoft Support approved access to your identity diagnostic data is revoked when your support request is closed.

    When your support request is closed, the status of an approved Microsoft Support Access Request is automatically
    set to Completed.
    """
    here = world_at("Approved")
    here.do(CloseTicket("t1"), closer)
    assert not here.engineer_reads("fabrikam")
    assert [seen.status for seen in here.approved_access(FELIX)] == ["Completed"]
    assert here.requests()[0].changed_by is None, "nobody's act"


def test_a_pending_request_waits_for_you_and_gives_no_access():
    """When you receive a notification for a Microsoft Support Access Request in your tenant, you need to approve that
    request in order for Microsoft Support to access your identity diagnostic data.
    """
    here = world_at("Pending")
    assert [[seen.request_id for seen in here.pending(member)] for member in (CARLA, FELIX)] == [["r1"], ["r1"]]
    here.wait(timedelta(days=365))
    assert not here.engineer_reads("fabrikam")


def test_a_pending_request_says_what_it_is_about_and_why():
    """The Pending request page shows information about your support case, and the reason that Microsoft Support needs
    your approval in order to access your diagnostic data.
    """
    (seen,) = world_at("Pending").pending(FELIX)
    assert (seen.ticket_id, seen.title, seen.severity, seen.ticket_status) == ("t1", TICKET.title, "B", "Open")
    assert (seen.support_request_tenant, seen.resource_tenant) == ("contoso", "fabrikam")
    assert (seen.reason, seen.requested_by) == (ASK.reason, "Sam Rivera")


def test_approved_access_reads_and_never_writes_until_the_ticket_closes():
    """Microsoft Support now has read-only access to your identity diagnostic data until your support request is
    completed.
    """
    here = world_at("Approved")
    read, write = ReadDiagnostics("t1", "fabrikam"), WriteDiagnostics("t1", "fabrikam")
    here.wait(timedelta(days=365))
    assert (here.answer(read, SAM), here.answer(write, SAM)) == ("read", "read-only")
    here.do(CloseTicket("t1"), CARLA)
    assert (here.answer(read, SAM), here.answer(write, SAM)) == ("ticket-closed", "ticket-closed")


def test_a_rejected_request_gives_no_access():
    """Microsoft Support does not have access to your identity diagnostic data."""
    here = world_at("Rejected")
    assert not here.engineer_reads("fabrikam")


def test_approved_access_lists_what_is_no_longer_pending_and_less_than_30_days_old():
    """To view all Support Access Requests for your tenant that are no longer pending and less than 30 days old,
    navigate to the Diagnose and solve problems page in Azure AD, select Approved access.
    """
    here = world_at("Pending")
    assert here.approved_access(FELIX) == []
    here.do(Reject("r1"), ADELE)
    here.wait(timedelta(days=30) - TICK)
    assert [seen.status for seen in here.approved_access(FELIX)] == ["Rejected"]
    here.wait(TICK)
    assert here.approved_access(FELIX) == []


def test_access_can_be_removed_while_the_ticket_is_open():
    """If you want to remove Microsoft Support’s access to identity diagnostic data for the support request before it's
    closed, you can select the Remove access button.
    """
    assert [world_at("Approved").answer(Revoke("r1"), member) for member in (FELIX, ADELE_IN_FABRIKAM)] == [
        "revoke"
    ] * 2
    assert world_at("Approved").answer(Revoke("r1"), ADELE) == "not-found", "where the approval is not visible"
    assert world_at("Completed").answer(Revoke("r1"), FELIX) == "ticket-closed"


def test_a_removal_takes_effect_at_once_and_for_its_tenant_and_ticket_only():
    """Microsoft Support’s access to identity diagnostic data in this tenant is immediately removed for this support
    request.
    """
    here = world_at("Approved")
    here.do(TICKET, CARLA)
    for ask in (RequestAccess("t1", "tailspin"), RequestAccess("t2", "fabrikam")):
        here.do(ask, SAM)
        here.do(Approve(f"r{len(here.requests())}"), ADELE)
    here.do(Revoke("r1"), FELIX)
    assert not here.engineer_reads("fabrikam", "t1")
    assert here.engineer_reads("tailspin", "t1")
    assert here.engineer_reads("fabrikam", "t2")


@pytest.mark.parametrize("status", ["Rejected", "Revoked", "Completed"])
def test_a_final_status_cannot_be_changed(status: str):
    """The status of a Rejected, Revoked, or Completed Support Access request can't be changed."""
    here = world_at(status)
    for command in (Approve("r1"), Reject("r1"), Revoke("r1")):
        assert here.answer(command, ADELE_IN_FABRIKAM) == ("ticket-closed" if status == "Completed" else "wrong-status")
    assert here.answer(FallDue("r1"), None) == "wrong-status"
    if status != "Completed":
        here.do(CloseTicket("t1"), CARLA)
    assert here.status() == status
