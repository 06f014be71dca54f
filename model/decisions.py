"""The decisions on an access request that programs make: the checker, the step engine, generated stories."""

from typing import NamedTuple

from model.commands import Approve, Reject, Revoke
from model.policy import Policy

_EXAMPLE_NOTES = ("As agreed on the telephone", "The data was sent by other means", "The access is no longer needed")
"""Notes of an approval, a rejection and a removal. They differ, so that a mix-up shows."""


class Decisions(NamedTuple):
    """The three decisions on one access request."""

    approve: Approve
    reject: Reject
    revoke: Revoke


def decisions(request_id: str, policy: Policy) -> Decisions:
    """Return the decisions on an access request, each with an example note if the policy asks for one."""
    approval, rejection, removal = _EXAMPLE_NOTES if policy.asks_for_note else ("", "", "")
    return Decisions(Approve(request_id, approval), Reject(request_id, rejection), Revoke(request_id, removal))
