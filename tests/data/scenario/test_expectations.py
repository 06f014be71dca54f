"""A step's expectations are compared with given observations, without a room."""

from data.scenario.expectations import compare_expectations
from data.scenario.scenario import NOT_VISIBLE, Step
from model import Code, Refused

STEP = Step(
    refused=Code.WRONG_STATUS,
    expect={"contoso": {"r1": NOT_VISIBLE}, "fabrikam": {"r1": "Revoked"}},
    access={"fabrikam": False},
)
STATUSES = {"contoso": {}, "fabrikam": {"r1": "Revoked"}}
REFUSAL = Refused(Code.WRONG_STATUS, "The access request is Revoked.")


def test_a_step_that_went_as_expected_has_no_failure():
    assert compare_expectations(STEP, REFUSAL, STATUSES, set(), {}) == ()
    assert compare_expectations(Step(), None, {}, set(), {}) == ()


def test_each_failed_expectation_is_a_sentence():
    seen = {"contoso": {"r1": "Approved"}, "fabrikam": {}}
    assert compare_expectations(STEP, None, seen, {"fabrikam"}, {}) == (
        "the step should be refused with wrong-status, but was carried out",
        "in contoso, r1 should be not visible, but is Approved",
        "in fabrikam, r1 should be Revoked, but is not visible",
        "the engineer should not be able to read fabrikam, but can",
    )


def test_an_unexpected_refusal_is_quoted_in_the_failure():
    assert compare_expectations(Step(access={"fabrikam": True}), REFUSAL, {}, set(), {}) == (
        "the step should be carried out, but was refused with wrong-status (The access request is Revoked.)",
        "the engineer should be able to read fabrikam, but cannot",
    )


def test_each_unexpected_audit_log_is_a_sentence():
    """Entries are in log order; a log that is not named may get anything."""
    step = Step(audit_log={"contoso": ("Request created", "Request approved"), "fabrikam": ()})
    right = {"contoso": ["Request created", "Request approved"], "fabrikam": list[str]()}
    assert compare_expectations(step, None, {}, set(), right) == ()
    wrong = {"contoso": ["Request approved", "Request created"], "fabrikam": ["Approval approved"]}
    assert compare_expectations(step, None, {}, set(), wrong) == (
        "the audit log of contoso should get Request created, Request approved, "
        "but got Request approved, Request created",
        "the audit log of fabrikam should get no line, but got Approval approved",
    )
