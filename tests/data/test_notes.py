"""The note of a decision: required or not, recorded or not, and who can read it."""

from dataclasses import replace

import pytest

from data import Room
from data.scenario.find import find_scenario
from model import SOURCE_VISIBILITY, Approve, Justification, Member, Policy, Refused, Revoke, Side, Status

SEES_REMOVALS = Policy(
    justification=Justification.REQUIRED,
    visibility=SOURCE_VISIBILITY | {(Status.REVOKED, Side.SUPPORT)},
)
CONTOSO, FABRIKAM = Member("adele", "contoso"), Member("adele", "fabrikam")
REMOVAL = "The logs were sent by secure mail instead"
APPROVAL = "Agreed with Fabrikam's security team"


def played(policy: Policy | None = None) -> Room:
    story = find_scenario("justification")
    if policy is not None and policy.justification.value != "required":
        story = replace(story, steps=tuple(step for step in story.steps if not step.refused))
    room = Room.create(scenario=story, policy=policy)
    for _ in story.steps:
        room.next_step()
    return room


def test_only_the_resource_tenant_reads_a_removals_note_even_if_the_removal_is_visible() -> None:
    room = played(SEES_REMOVALS)
    assert room.verify()
    support, resource = (room.as_seen_by(member) for member in (CONTOSO, FABRIKAM))
    assert support.request("r1")["status"] == "Revoked"
    assert support.request("r1")["removal_note"] is None
    assert resource.request("r1")["removal_note"] == REMOVAL
    assert support.request("r1")["decision_note"] == resource.request("r1")["decision_note"] == APPROVAL
    for frame in (support.pending(), support.approved_access(), support.tickets(), support.audit_log()):
        assert REMOVAL not in frame.to_csv()
    assert REMOVAL in resource.audit_log()["details"].tolist()
    assert APPROVAL in support.audit_log()["details"].tolist()
    assert APPROVAL not in resource.audit_log()["details"].tolist()


def test_a_policy_that_does_not_ask_records_no_note() -> None:
    room = played(Policy())
    assert room.events()["note"].isna().all()
    assert room.as_seen_by(FABRIKAM).request("r1")["removal_note"] is None


@pytest.mark.parametrize("note", ["", "  \n"])
def test_a_missing_note_is_refused_if_one_is_required(note: str) -> None:
    room = Room.create(scenario="justification")
    for _ in range(2):
        room.next_step()
    with pytest.raises(Refused, match="justification") as refused:
        room.do(Approve("r1", note), CONTOSO)
    assert refused.value.code == "justification-missing"
    with pytest.raises(Refused, match="pproved"):  # the status is checked first
        room.do(Revoke("r1", note), FABRIKAM)


def test_both_of_two_approvals_keep_their_notes() -> None:
    """Both tenants read both notes while the request is pending; later only the resource tenant does."""
    room = Room.create(scenario="both-tenants-two-keys", policy=Policy(approval="each", justification="required"))
    for _ in range(2):
        room.next_step()
    first, second = room.member("ben", "contoso"), room.member("farah", "fabrikam")
    room.do(Approve("r1", "Contoso agrees"), first)
    for member in (first, second):
        assert room.as_seen_by(member).request("r1")["first_approval_note"] == "Contoso agrees"
    room.do(Approve("r1", "Fabrikam agrees"), second)
    seen = room.as_seen_by(second).request("r1")
    assert (seen["first_approval_note"], seen["decision_note"]) == ("Contoso agrees", "Fabrikam agrees")
    assert room.verify()


@pytest.mark.parametrize(("note", "kept"), [("", None), ("  ", None), (" Agreed ", "Agreed")])
def test_an_optional_note_may_be_empty(note: str, kept: str | None) -> None:
    """An empty note counts as none, and surrounding blanks are stripped."""
    room = Room.create(scenario="justification", policy=Policy(justification="asked"))
    for _ in range(2):
        room.next_step()
    room.do(Approve("r1", note), CONTOSO)
    assert room.as_seen_by(FABRIKAM).request("r1")["decision_note"] == kept
