"""Which actions each tenant's audit log records, and who can read them."""

from datetime import timedelta

import pytest

from model import AUDIT, Approval, Approve, Policy, Side
from tests.model.world import ADELE, CARLA, FELIX, LIMITED, SOL, SOL_IN_FABRIKAM, TESS, world_at

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
    """The support request tenant logs the request, the resource tenant the approval."""
    here = world_at(status)
    for reader, logs in ((SOL, contoso_logs), (ADELE, contoso_logs), (SOL_IN_FABRIKAM, fabrikam_logs), (TESS, [])):
        assert [(entry.activity, entry.actor) for entry in here.audit_log(reader)] == logs[::-1]


def test_a_lapse_is_logged_as_an_automated_removal():
    """Only the resource tenant logs it."""
    here = world_at("Approved", LIMITED)
    before = here.audit_log(SOL)
    here.wait(timedelta(hours=8))
    assert here.audit_log(SOL) == before
    last = here.audit_log(SOL_IN_FABRIKAM)[0]
    assert (last.activity, last.actor, last.occurred_at) == ("Approval removed", "automated", here.now)


def test_no_removal_is_in_the_support_request_tenants_part_of_the_audit_table():
    """The end of a grant is logged only in the resource tenant."""
    ends = [row for row in AUDIT if row.to_status in ("Revoked", "Completed")]
    assert {row.side for row in ends} == {Side.RESOURCE}


def test_an_approver_may_be_unable_to_read_the_log():
    """A Service Support Administrator cannot read the log entries of her own acts."""
    assert world_at("Completed").audit_log(CARLA) == []
    assert world_at("Completed").audit_log(FELIX) == []


def test_two_keys_are_two_approvals_in_the_log_and_one_grant():
    """The support request tenant logs both, the second without a name; the resource tenant logs the grant."""
    here = world_at("Pending", Policy(approval=Approval.EACH))
    here.do(Approve("r1"), CARLA)
    carlas = ("Request approved", "Carla Example")
    assert [(entry.activity, entry.actor) for entry in here.audit_log(SOL)] == [carlas, CREATED]
    assert here.audit_log(SOL_IN_FABRIKAM) == []
    here.do(Approve("r1"), FELIX)
    felix = ("Request approved", "an administrator of the other tenant")
    assert [(entry.activity, entry.actor) for entry in here.audit_log(SOL)] == [felix, carlas, CREATED]
    assert [(entry.activity, entry.actor) for entry in here.audit_log(SOL_IN_FABRIKAM)] == [GRANT]
