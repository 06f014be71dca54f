"""Notes of decisions and of removals: where each is kept, who reads it, and which tenant's log has it."""

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
    """The first of two approvals, the second, and the removal."""
    here = world_at("Pending", EACH)
    here.do(Approve("r1", "First"), CARLA)
    assert notes(here) == ("First", None, None)
    here.do(Approve("r1", "Second"), FELIX)
    assert notes(here) == ("First", "Second", None)
    here.do(Revoke("r1", "Over"), FELIX)
    assert notes(here) == ("First", "Second", "Over")


def test_who_decided_and_when_stays_after_a_removal():
    """The removal changes the last change alone."""
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


def test_a_rejection_has_its_note_and_ends_what_one_key_began():
    """The first approval stays on record."""
    here = world_at("Pending", EACH)
    here.do(Approve("r1", "First"), CARLA)
    here.do(Reject("r1", "No"), ADELE)
    assert notes(here) == ("First", "No", None)
    (request,) = here.requests()
    assert (request.first_approval, request.decided_by) == (CARLA, ADELE)


def test_what_nobody_decides_leaves_all_notes_as_they_are():
    """A closed ticket completes the grant."""
    here = world_at("Pending", EACH)
    here.do(Approve("r1", "First"), CARLA)
    here.do(Approve("r1", "Second"), FELIX)
    here.do(CloseTicket("t1"), SAM)
    assert notes(here) == ("First", "Second", None)


def test_only_the_resource_tenant_reads_the_note_of_a_removal():
    """Even under a visibility table that shows the removal to both."""
    here = world_at("Approved", ASKED)
    here.do(Revoke("r1", "Over"), FELIX)
    assert [seen.removal_note for seen in here.approved_access(FELIX)] == ["Over"]
    assert [seen.removal_note for seen in here.approved_access(CARLA)] == [None]


def test_both_tenants_read_the_notes_of_the_approvals_that_they_see():
    """The first and the second."""
    here = world_at("Pending", EACH)
    here.do(Approve("r1", "First"), CARLA)
    here.do(Approve("r1", "Second"), FELIX)
    for member in (ADELE, FELIX):
        assert [(seen.first_approval_note, seen.decision_note) for seen in here.approved_access(member)] == [
            ("First", "Second")
        ]


def test_a_note_is_in_the_log_of_the_tenant_that_logs_who_it_was():
    """What is logged as automated has no details."""
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
    """Where one is asked for, and not required."""
    here = world_at("Pending", ASKED)
    (event,) = here.do(Approve("r1", note), ADELE)
    assert event == Event(here.now, Action.APPROVE, "t1", ADELE, "r1", Status.PENDING, Status.APPROVED)


def test_a_policy_that_asks_for_no_note_records_none():
    """One story runs under every policy."""
    here = world_at("Pending", Policy())
    (event,) = here.do(Approve("r1", "Go"), ADELE)
    assert event.note is None


def test_a_required_note_is_asked_for_and_recorded():
    """Of a decision and of a removal."""
    here = world_at("Pending", Policy(justification=Justification.REQUIRED))
    for decision in (Approve("r1"), Reject("r1", " ")):
        assert here.answer(decision, ADELE) == "justification-missing"
    assert [event.note for event in here.do(Approve("r1", "Go"), ADELE)] == ["Go"]
    assert here.answer(Revoke("r1"), FELIX) == "justification-missing"
    assert [event.note for event in here.do(Revoke("r1", "Over"), FELIX)] == ["Over"]
