"""The decisions on an access request that a program makes: the checker, the step engine, a generated story."""

from typing import NamedTuple

from model.commands import Approve, Reject, Revoke
from model.policy import Policy

_EXAMPLE_NOTE = "As agreed on the telephone"


class Decisions(NamedTuple):
    """The three decisions on one access request."""

    approve: Approve
    reject: Reject
    revoke: Revoke


def decisions(request_id: str, policy: Policy) -> Decisions:
    """Return the decisions on an access request, each with an example note if the policy asks for one."""
    note = _EXAMPLE_NOTE if policy.asks_for_note else ""
    return Decisions(Approve(request_id, note), Reject(request_id, note), Revoke(request_id, note))
