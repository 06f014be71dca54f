"""Who can decide on a pending request, in words for a viewer who may know it."""

from collections.abc import Mapping
from typing import Any

from dashboard.shell.visit import Visit
from dashboard.text.words import plain
from model import Approval, Member


def may_decide(here: Visit, row: Mapping[str, Any]) -> bool:
    """Return whether the viewer is one of the people who can decide on a pending request that the viewer sees."""
    return isinstance(here.viewer, Member) and here.viewer.person in here.lens.who_can_decide(row["request_id"])


def waits_for(here: Visit, row: Mapping[str, Any]) -> str:
    """Return who decides on a pending request that the member sees: "Adele Vance or Ben King". Harmless in Markdown.

    People whom the member's tenant does not know are not named.
    """
    assert isinstance(here.viewer, Member)
    names = [plain(name) for name in here.lens.who_can_decide(row["request_id"]).values()]
    if names:
        return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    if here.room.policy.approval is Approval.BOTH:  # whoever it could be, the member's tenant would know
        return "an administrator of both tenants, and nobody is one"
    other = row["resource_tenant"] if here.viewer.tenant != row["resource_tenant"] else row["support_request_tenant"]
    return f"an administrator of {here.tenant(other)}"
