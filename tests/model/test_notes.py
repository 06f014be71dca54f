"""Notes on decisions and removals: where each is kept, who can read it, and which tenant logs it."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from model import Action, Approval, Approve, CloseTicket, Event, Justification, Policy, Reject, Revoke, Side, Status
from tests.model.world import ADELE, ADELE_IN_FABRIKAM, CARLA, FELIX, SAM, SOL, SOL_IN_FABRIKAM, World, world_at

ASKED = Policy(justification=Justification.ASKED, visibility=frozenset(product(Status, Side)))
EACH = replace(ASKED, approval=Approval.EACH)


def notes(here: World) -> tuple[str | None, str | None, str | None]:
    (request,) = here.requests()
    return request.first_approval_note, request.decision_note, request.removal_note


def test_each_note_is_kept_in_its_own_place():
    """The first approval, the second and the removal have separate fields."""
    here = world_at("Pending", EACH)
    here.do(Approve("r1", "First"), CARLA)
    assert notes(here) == ("First", None, None)
    here.do(Approve("r1", "Second"), FELIX)
    assert notes(here) == ("First", "Second", None)
    here.do(Revoke("r1", "Over"), FELIX)
    assert notes(here) == ("First", "Second", "Over")


def test_a_removal_keeps_the_decider_and_the_time_of_the_decision():
    """A removal only updates the last change."""
    here = world_at("Pending", EACH)
    here.do(Approve("r1"), CARLA)
    (request,) = here.requests()
    assert (request.first_approval, request.decided_by, request.decided_at) == (CARLA, None, None)
    here.do(Approve("r1"), FELIX)
    decided = here.now
    here.now += timedelta(days=1)
    here.do(Revoke("r1"), ADELE_IN_FABRIKAM)
    (request,) = here.requests()
    assert (request.first_approval, request.decided_by, request.decided_at) == (CARLA, FELIX, decided)
    assert (request.changed_by, request.changed_at) == (ADELE_IN_FABRIKAM, here.now)


def test_a_rejection_has_its_note_and_keeps_the_first_approval():
    """The first of two approvals stays on record."""
    here = world_at("Pending", EACH)
    here.do(Approve("r1", "First"), CARLA)
    here.do(Reject("r1", "No"), ADELE)
    assert notes(here) == ("First", "No", None)
    (request,) = here.requests()
    assert (request.first_approval, request.decided_by) == (CARLA, ADELE)


def test_automated_changes_leave_all_notes_as_they_are():
    """Here a closed ticket completes the grant."""
    here = world_at("Pending", EACH)
    here.do(Approve("r1", "First"), CARLA)
    here.do(Approve("r1", "Second"), FELIX)
    here.do(CloseTicket("t1"), SAM)
    assert notes(here) == ("First", "Second", None)


def test_only_the_resource_tenant_reads_the_note_of_a_removal():
    """So it is even if the visibility table shows the removal to both tenants."""
    here = world_at("Approved", ASKED)
    here.do(Revoke("r1", "Over"), FELIX)
    assert [seen.removal_note for seen in here.approved_access(FELIX)] == ["Over"]
    assert [seen.removal_note for seen in here.approved_access(CARLA)] == [None]


def test_both_tenants_read_the_notes_of_visible_approvals():
    """They read the notes of both approvals."""
    here = world_at("Pending", EACH)
    here.do(Approve("r1", "First"), CARLA)
    here.do(Approve("r1", "Second"), FELIX)
    for member in (ADELE, FELIX):
        assert [(seen.first_approval_note, seen.decision_note) for seen in here.approved_access(member)] == [
            ("First", "Second")
        ]


def test_a_note_is_logged_where_its_author_is_named():
    """Entries logged as automated have no details."""
    here = world_at("Pending", ASKED)
    here.do(Approve("r1", "Go"), ADELE)
    here.do(Revoke("r1", "Over"), FELIX)
    assert [(entry.activity, entry.details) for entry in here.audit_log(SOL)] == [
        ("Request approved", "Go"),
        ("Request created", None),
    ]
    assert [(entry.activity, entry.details) for entry in here.audit_log(SOL_IN_FABRIKAM)] == [
        ("Approval removed", "Over"),
        ("Approval approved", None),
    ]


@pytest.mark.parametrize("note", ["", "  "])
def test_a_blank_note_is_no_note(note: str):
    """The policy asks for a note, but does not require one."""
    here = world_at("Pending", ASKED)
    (event,) = here.do(Approve("r1", note), ADELE)
    assert event == Event(here.now, Action.APPROVE, "t1", ADELE, "r1", Status.PENDING, Status.APPROVED)


def test_a_policy_that_asks_for_no_note_records_none():
    """So a story with notes runs under every policy."""
    here = world_at("Pending", Policy())
    (event,) = here.do(Approve("r1", "Go"), ADELE)
    assert event.note is None


def test_a_required_note_is_asked_for_and_recorded():
    """It is required for decisions and removals."""
    here = world_at("Pending", Policy(justification=Justification.REQUIRED))
    for decision in (Approve("r1"), Reject("r1", " ")):
        assert here.answer(decision, ADELE) == "justification-missing"
    assert [event.note for event in here.do(Approve("r1", "Go"), ADELE)] == ["Go"]
    assert here.answer(Revoke("r1"), FELIX) == "justification-missing"
    assert [event.note for event in here.do(Revoke("r1", "Over"), FELIX)] == ["Over"]
