"""The checker's own record of who consented to access, so that it does not depend on the rules."""

from datetime import datetime
from typing import NamedTuple

from model.case import Event
from model.checker.small_world import DIRECTORY, SUPPORT
from model.directory import Actor, Member
from model.lifecycle import Action
from model.policy import Approval, Policy


class Consent(NamedTuple):
    """The approvals and rejections given in a history, and the consent that is valid now."""

    approvals: frozenset[tuple[str, Member]] = frozenset()  # (request, member), by people who may approve
    rejected: frozenset[str] = frozenset()  # requests: no approval counts any more
    valid: tuple[tuple[str, datetime], ...] = ()  # fully approved requests, and since when
    removed: frozenset[str] = frozenset()  # resource tenants whose last consent somebody removed

    def after(self, event: Event, tenant: str, policy: Policy, authorised: bool) -> "Consent":
        """Return the record after an event.

        `tenant` is the resource tenant of the event's request, if it has one; `authorised` says whether the event's
        actor may approve.
        """
        match event.action:
            case Action.REJECT if event.request_id:
                return self._replace(rejected=self.rejected | {event.request_id})
            case Action.APPROVE if event.request_id in self.rejected:
                return self
            case Action.APPROVE if authorised and event.request_id and isinstance(event.actor, Member):
                given = self.approvals | {(event.request_id, event.actor)}
                if policy.approval is Approval.EACH and not _two_people(given, event.request_id, tenant):
                    return self._replace(approvals=given)
                valid = (*self.valid, (event.request_id, event.occurred_at))
                return self._replace(approvals=given, valid=valid, removed=self.removed - {tenant})
            case Action.REVOKE:
                valid = tuple((r, since) for r, since in self.valid if r != event.request_id)
                return self._replace(valid=valid, removed=self.removed | {tenant})
            case Action.CLOSE:
                return self._replace(valid=())
        return self


def _two_people(approvals: frozenset[tuple[str, Member]], request: str, tenant: str) -> bool:
    """Return whether two people approved the request, one in each of its two tenants."""
    given = [member for request_id, member in approvals if request_id == request]
    return any(
        one.tenant == SUPPORT and other.tenant == tenant and one.person != other.person
        for one in given
        for other in given
    )


def may_approve(actor: Actor | None, tenant: str, policy: Policy) -> bool:
    """Return whether the policy lets the actor approve a request for this resource tenant.

    Source: "An administrator of both tenants approves".
    """
    if not isinstance(actor, Member):
        return False
    needed = {
        Approval.BOTH: (SUPPORT, tenant),
        Approval.EACH: (actor.tenant,),
        Approval.RESOURCE: (tenant,),
    }[policy.approval]
    return all(DIRECTORY.administers(actor.person, tenant) for tenant in {*needed, actor.tenant})
