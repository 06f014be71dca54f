"""Who may act: the permission, the assignment to a ticket, and the tenants whose administrators decide."""

from model.case import Case, Request
from model.directory import Actor, Directory, Engineer, Member
from model.lifecycle import Side, Whose
from model.policy import APPROVALS_NEEDED, Approval, Policy
from model.refusal import Code, Refused, no_permission, not_assigned


def administrator(actor: Actor | None, directory: Directory) -> Member:
    """Return the actor as a member with the permission. Raises Refused for anybody else.

    Source: "Only authorized users in your tenant can view and manage Microsoft Support access requests."
    """
    if isinstance(actor, Member) and directory.administers(actor.person, actor.tenant):
        return actor
    raise no_permission()


def assigned(case: Case | None, actor: Actor | None) -> Case:
    """Return the case if the actor is the engineer who is assigned to it. Raises Refused otherwise."""
    if case is not None and isinstance(actor, Engineer) and actor.id == case.engineer:
        return case
    raise not_assigned()


def check_decider(
    case: Case, request: Request, whose: Whose, member: Member, directory: Directory, policy: Policy
) -> None:
    """Raise Refused unless the member administers every tenant that the decision needs an administrator of.

    Source: "An administrator of both tenants approves"; "an administrator of the resource tenant has manually removed
    this approval".
    """
    tenants = {Side.SUPPORT: case.tenant, Side.RESOURCE: request.resource_tenant}
    removes = whose is Whose.RESOURCE_ADMINISTRATOR
    needed = APPROVALS_NEEDED[Approval.RESOURCE if removes else policy.approval]
    if not any(all(directory.administers(member.person, tenants[side]) for side in sides) for sides in needed):
        who = "the resource tenant" if needed == APPROVALS_NEEDED[Approval.RESOURCE] else "both tenants"
        what = "remove access" if removes else "decide on this request"
        raise Refused(Code.NOT_ADMINISTRATOR_OF_BOTH, f"Only an administrator of {who} can {what}.")
