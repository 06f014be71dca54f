"""Who can decide on a pending request, in words for an authorized viewer."""

from collections.abc import Mapping
from typing import Any

from dashboard.shell.visit import Visit
from model import Approval, Member


def may_decide(here: Visit, row: Mapping[str, Any]) -> bool:
    """Return whether the viewing member can decide on a pending request in the tenant signed in to."""
    deciders = here.who_can_decide(row["request_id"]) if isinstance(here.viewer, Member) else []
    return any(Member(one["person"], one["decides_in"]) == here.viewer for one in deciders)


def waits_for(here: Visit, row: Mapping[str, Any]) -> str:
    """Return who decides on a pending request that the member sees: "Adele Vance or Ben King"; plain text.

    People whom the member's tenant does not know are not named.
    """
    assert isinstance(here.viewer, Member)
    deciders = here.who_can_decide(row["request_id"])
    names = list(dict.fromkeys(one["name"] for one in deciders))
    if here.room.policy.approval is Approval.BOTH:  # every candidate is known to the member's tenant
        return _joined(names) or "an administrator of both tenants; there is none"
    own_decides = any(one["decides_in"] == here.viewer.tenant for one in deciders)
    if not own_decides or (here.room.policy.approval is Approval.EACH and not row["first_approval"]):
        (other,) = {row["resource_tenant"], row["support_request_tenant"]} - {here.viewer.tenant}
        names.append(f"an administrator of {here.room.directory.tenants[other]}")
    return _joined(names)


def _joined(names: list[str]) -> str:
    return " or ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
