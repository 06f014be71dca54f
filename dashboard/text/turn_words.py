"""The task of the person whose turn it is in a story, in a sentence; plain text."""

from dashboard.text.words import category_name
from data.scenario.scenario import Scenario, Step
from model import (
    Approve,
    CloseTicket,
    Directory,
    OpenTicket,
    ReadDiagnostics,
    Reject,
    RequestAccess,
    Revoke,
)


def to_do(directory: Directory, story: Scenario, step: Step) -> str:
    """Return the task in a sentence. It has nothing that the person cannot know: no narration, nothing of others."""
    command = step.command
    titles = {one.name: one.command.title for one in story.steps if isinstance(one.command, OpenTicket)}
    tickets = {one.name: one.command.ticket_id for one in story.steps if isinstance(one.command, RequestAccess)}
    ticket = getattr(command, "ticket_id", None) or tickets.get(getattr(command, "request_id", None))
    about = f"“{titles[ticket]}”" if ticket in titles else "the support request"
    if isinstance(command, OpenTicket):
        return f"Open a support request “{command.title}”, severity {command.severity}."
    if isinstance(command, RequestAccess):
        return f"Request access to {directory.tenants[command.resource_tenant]} for {about}."
    if isinstance(command, ReadDiagnostics):
        words = category_name(command.category)
        return f"Read the {words} of {directory.tenants[command.tenant]} for {about}."
    if isinstance(command, CloseTicket):
        return f"Close {about}."
    does: dict[type, str] = {
        Approve: "Approve the access request",
        Reject: "Reject the access request",
        Revoke: "Remove the access",
    }
    return f"{does[type(command)]} for {about}." if type(command) in does else "Do the story's next step."
