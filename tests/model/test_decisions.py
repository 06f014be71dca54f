"""Generated decisions carry notes if the policy asks for them."""

import pytest

from model import Approve, Justification, Policy, Reject, Revoke
from model.decisions import decisions


def test_a_policy_that_asks_for_no_justification_gets_decisions_without_a_note():
    assert decisions("r1", Policy()) == (Approve("r1"), Reject("r1"), Revoke("r1"))


@pytest.mark.parametrize("justification", [Justification.ASKED, Justification.REQUIRED])
def test_a_policy_that_asks_for_a_justification_gets_another_note_with_each_decision(justification: Justification):
    """The notes differ, so that mixing them up would show."""
    made = decisions("r1", Policy(justification=justification))
    assert [type(decision) for decision in made] == [Approve, Reject, Revoke]
    assert {decision.request_id for decision in made} == {"r1"}
    assert len({decision.note for decision in made if decision.note}) == 3
