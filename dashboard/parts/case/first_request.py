"""A story's first access request: who asks whom for what, and who decides. Welcome shows it."""

from dataclasses import dataclass

from data import Scenario
from model import Approval, Engineer, Member, OpenTicket, Policy, RequestAccess


@dataclass(frozen=True)
class FirstRequest:
    """A story's first access request, in names; plain text."""

    support_request_tenant: str
    title: str  # of the support request
    engineer: str
    resource_tenant: str
    approval: Approval
    decider: Member | None  # in the resource tenant; None if nobody can decide there
    decider_name: str
    request: str  # its id in the story
    step: int  # of the step that makes it

    @property
    def who_decides(self) -> str:
        """Return who decides, as a part of a sentence."""
        return {
            Approval.BOTH: "an administrator of both tenants",
            Approval.EACH: "an administrator of each tenant",
            Approval.RESOURCE: f"an administrator of {self.resource_tenant}",
        }[self.approval]


def first_request(story: Scenario, policy: Policy) -> FirstRequest | None:
    """Return the story's first access request that is not refused, under a policy; None if it has none."""
    directory = story.directory
    opened = {step.name: step for step in story.steps if isinstance(step.command, OpenTicket)}
    for number, step in enumerate(story.steps, start=1):
        command, by = step.command, step.by
        if not isinstance(command, RequestAccess) or not isinstance(by, Engineer) or step.refused or not step.name:
            continue
        ticket = opened[command.ticket_id]
        if not isinstance(ticket.by, Member) or not isinstance(ticket.command, OpenTicket):
            continue
        support, resource = ticket.by.tenant, command.resource_tenant
        needed = {resource, support} if policy.approval is Approval.BOTH else {resource}
        able = [p for p in directory.people if all(directory.administers(p, tenant) for tenant in needed)]
        decider = Member(able[0], resource) if able else None
        return FirstRequest(
            directory.tenants[support],
            ticket.command.title,
            directory.engineers[by.id],
            directory.tenants[resource],
            policy.approval,
            decider,
            directory.people[decider.person] if decider else "",
            step.name,
            number,
        )
    return None
