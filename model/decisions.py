"""The decisions on an access request that a program makes: the checker, the step engine, a generated story."""

from typing import NamedTuple

from model.commands import Approve, Reject, Revoke
from model.policy import Policy

_EXAMPLE_NOTES = ("As agreed on the telephone", "The data was sent by other means", "The access is no longer needed")
"""Of an approval, a rejection and a removal: they differ, so that it shows if one is read in place of another."""


class Decisions(NamedTuple):
    """The three decisions on one access request."""

    approve: Approve
    reject: Reject
    revoke: Revoke


def decisions(request_id: str, policy: Policy) -> Decisions:
    """Return the decisions on an access request, each with an example note if the policy asks for one."""
    approval, rejection, removal = _EXAMPLE_NOTES if policy.asks_for_note else ("", "", "")
    return Decisions(Approve(request_id, approval), Reject(request_id, rejection), Revoke(request_id, removal))
