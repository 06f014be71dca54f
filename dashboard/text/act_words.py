"""Short descriptions of acts in a room, by a step of its story or by hand. Plain text, for a trainer."""

from data.files.durations import to_the_second
from data.room.acts import Act
from data.scenario.scenario import Scenario, Step
from model import Action, Directory, Engineer, Member

_DOES = {
    Action.OPEN: "opens a support request",
    Action.REQUEST: "requests access",
    Action.APPROVE: "approves",
    Action.REJECT: "rejects",
    Action.REVOKE: "removes access",
    Action.CLOSE: "closes the support request",
    Action.READ: "reads diagnostic data",
}


def act_in_words(directory: Directory, story: Scenario, act: Act) -> str:
    """Return who did what: "Adele Vance (Contoso) approves"."""
    if act.step and act.step > len(story.steps):
        return "the room goes on without the story"
    if act.step and act.action == "clock":  # no act, or a refused one
        return act_of(directory, story.steps[act.step - 1]) or f"step {act.step}"
    if act.person and act.tenant:
        who = f"{directory.people[act.person]} ({directory.tenants[act.tenant]})"
    elif act.engineer:
        who = directory.engineers[act.engineer]
    else:
        return "time passes"
    return f"{who} {'is refused diagnostic data' if act.is_refused else _DOES[Action(act.action)]}"


def act_of(directory: Directory, step: Step) -> str:
    """Return a step's wait, actor and act in a few words; plain text."""
    waits = to_the_second(step.wait) if step.wait else ""
    if step.command and step.by:
        words = {
            "OpenTicket": "opens a support request",
            "RequestAccess": "requests access",
            "Approve": "approves",
            "Reject": "rejects",
            "Revoke": "removes access",
            "CloseTicket": "closes the support request",
            "ReadDiagnostics": "reads diagnostic data",
            "WriteDiagnostics": "tries to change diagnostic data",
        }
        who = _name(directory, step.by)
        refused = " – and is refused" if step.refused else ""
        later = f"{waits} later, " if waits else ""
        return f"{later}{who} {words[type(step.command).__name__]}{refused}"
    return f"{waits} later" if waits else ""


def _name(directory: Directory, actor: Member | Engineer) -> str:
    if isinstance(actor, Engineer):
        return f"{directory.engineers[actor.id]} (support engineer)"
    return f"{directory.people[actor.person]} ({directory.tenants[actor.tenant]})"
