"""What was done in a room, in a few words; plain text, for a trainer."""

from data.room.acts import Act
from model import Action, Directory

_DOES = {
    Action.OPEN: "opens a support request",
    Action.REQUEST: "requests access",
    Action.APPROVE: "approves",
    Action.REJECT: "rejects",
    Action.REVOKE: "removes access",
    Action.CLOSE: "closes the support request",
    Action.READ: "reads diagnostic data",
}


def act_in_words(directory: Directory, act: Act) -> str:
    """Return who did what: "Adele Vance (Contoso) approves"."""
    if act.person and act.tenant:
        who = f"{directory.people[act.person]} ({directory.tenants[act.tenant]})"
    elif act.engineer:
        who = directory.engineers[act.engineer]
    else:
        return "time passes"
    return f"{who} {'is refused diagnostic data' if act.is_refused else _DOES[Action(act.action)]}"
