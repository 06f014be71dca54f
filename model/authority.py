"""Who may act: the permission, the assignment to a ticket, and the tenants whose administrators decide."""

from collections.abc import Mapping

from model.case import Case, Request
from model.commands import (
    Approve,
    CloseTicket,
    Command,
    FallDue,
    OpenTicket,
    ReadDiagnostics,
    Reject,
    RequestAccess,
    Revoke,
    WriteDiagnostics,
)
from model.directory import Actor, Directory, Engineer, Member
from model.lifecycle import Side, Whose
from model.policy import APPROVALS_NEEDED, Approval, Policy
from model.refusal import Code, Refused, no_permission

_WHO_MAY: Mapping[type[Command], str] = {
    OpenTicket: "Only an administrator of a tenant can open a support request.",
    CloseTicket: "Only an administrator of the tenant that opened a support request, or the support engineer who is "
    "assigned to it, can close it.",
    RequestAccess: "Only the support engineer who is assigned to the support request can request access.",
    Approve: "Only an administrator of a tenant can approve an access request.",
    Reject: "Only an administrator of a tenant can reject an access request.",
    Revoke: "Only an administrator of a tenant can remove access.",
    ReadDiagnostics: "Only the support engineer who is assigned to the support request can read diagnostic data.",
    WriteDiagnostics: "Only the support engineer who is assigned to the support request can access diagnostic data.",
    FallDue: "Nobody can do this: a limit of the policy takes effect by itself.",
}
"""The refusal for an actor who can never carry out the command, whether or not its case exists."""


def administrator(actor: Actor | None, directory: Directory, command: Command) -> Member:
    """Return the actor as a member with the permission. Raises Refused for any other actor.

    Source: "Only authorized users in your tenant can view and manage Microsoft Support access requests."
    """
    if isinstance(actor, Member) and directory.administers(actor.person, actor.tenant):
        return actor
    raise no_permission() if isinstance(actor, Member) else Refused(Code.NO_PERMISSION, _WHO_MAY[type(command)])


def assigned(case: Case | None, actor: Actor | None, command: Command) -> Case:
    """Return the case if the actor is the engineer who is assigned to it. Raises Refused otherwise."""
    if case is not None and isinstance(actor, Engineer) and actor.id == case.engineer:
        return case
    raise Refused(Code.NOT_ASSIGNED, _WHO_MAY[type(command)])


def check_nobody_acts(actor: Actor | None, command: FallDue) -> None:
    """Raise Refused if an actor tries to do what only the passing of time does."""
    if actor is not None:
        raise Refused(Code.NO_PERMISSION, _WHO_MAY[type(command)])


def check_decider(
    case: Case, request: Request, whose: Whose, member: Member, directory: Directory, policy: Policy
) -> None:
    """Raise Refused unless the member administers every tenant whose administrators have to decide.

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


def check_second_approver(request: Request, member: Member) -> None:
    """Raise Refused if two approvals are needed and the member, or the member's tenant, gave the first.

    The rule is this project's own: the two approvals come from two people, even where one person administers both
    tenants.
    """
    first = request.first_approval
    if first is None:
        return
    if first.tenant == member.tenant:
        raise Refused(Code.WRONG_STATUS, "Your tenant has approved; an administrator of the other tenant must decide.")
    if first.person == member.person:
        raise Refused(
            Code.SAME_PERSON,
            "You gave the first of two approvals; another administrator of this tenant must give the second.",
        )
