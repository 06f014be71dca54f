"""The policy of a room: one knob for each thing that the source leaves open or that another system does otherwise.

The defaults are the source's own behaviour. `PRESETS` are the defaults with another system's figures in their place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from model.lifecycle import GRANTED, Side, Status


class Approval(StrEnum):
    """Who decides on a pending request."""

    BOTH = "both"  # one administrator of both tenants: the source
    EACH = "each"  # an administrator of each tenant: two approvals, one rejection ends it
    RESOURCE = "resource"  # an administrator of the resource tenant


KEYS: Mapping[Approval, tuple[tuple[Side, ...], ...]] = {
    Approval.BOTH: ((Side.SUPPORT, Side.RESOURCE),),
    Approval.EACH: ((Side.SUPPORT,), (Side.RESOURCE,)),
    Approval.RESOURCE: ((Side.RESOURCE,),),
}
"""The approvals that a request needs. Each is a key that one person turns: who administers the tenants on its sides."""


class HistoryFrom(StrEnum):
    """What starts the count of `history_days`."""

    LAST_CHANGE = "last change"
    CREATED = "created"


Visibility = frozenset[tuple[Status, Side]]

SOURCE_VISIBILITY: Visibility = frozenset(
    (status, side) for status in Status for side in Side if side is Side.RESOURCE or status not in GRANTED
)
"""Approved access "is visible only in the resource tenant"; all else is seen by both tenants."""


def _whole_seconds(limit: object) -> bool:
    return isinstance(limit, timedelta) and timedelta(0) < limit <= timedelta(days=3650) and not limit.microseconds


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of a room that may be chosen.

    Raises ValueError, which names the knob, where a value is not one that it can have.
    """

    approval: Approval = Approval.BOTH
    pending_expires_after: timedelta | None = None  # None: never
    grant_lasts: timedelta | None = None  # None: until the ticket closes
    history_days: int = 30  # days of 24 hours
    history_from: HistoryFrom = HistoryFrom.LAST_CHANGE
    visibility: Visibility = SOURCE_VISIBILITY  # the (status, side) pairs that see the request
    ask_again_after_grant: bool = False  # True: once a grant was removed or lapsed; this leaks
    title: str = field(default="", compare=False)
    read_in: str = field(default="", compare=False)  # where the figures were read

    def __post_init__(self) -> None:
        object.__setattr__(self, "approval", Approval(self.approval))
        object.__setattr__(self, "history_from", HistoryFrom(self.history_from))
        try:
            visibility = frozenset((Status(status), Side(side)) for status, side in self.visibility)
        except (TypeError, ValueError) as error:
            raise ValueError(f"visibility must be pairs of a status and a side: {error}") from None
        object.__setattr__(self, "visibility", visibility)
        for knob in ("pending_expires_after", "grant_lasts"):
            limit = getattr(self, knob)
            if limit is not None and not _whole_seconds(limit):
                raise ValueError(f"{knob} must be None or whole seconds, from 1 second to 3,650 days; not {limit!r}")
        if type(self.history_days) is not int or not 1 <= self.history_days <= 3650:
            raise ValueError(f"history_days must be 1 to 3,650, not {self.history_days!r}")

    def sees(self, status: Status, side: Side) -> bool:
        """Does an administrator of the tenant on this side see a request of this status?"""
        return (status, side) in self.visibility

    @property
    def history(self) -> timedelta:
        """How long a request that is not live any longer stays in Approved access."""
        return timedelta(days=self.history_days)


PRESETS: Mapping[str, Policy] = {
    "source": Policy(
        title="Microsoft Support access requests, as the source says",
        read_in="Approve Microsoft Support access requests (preview), 2023-07-10",
    ),
    "azure-customer-lockbox": Policy(
        approval=Approval.RESOURCE,
        pending_expires_after=timedelta(days=4),
        grant_lasts=timedelta(hours=8),
        title="Azure Customer Lockbox: one approver of the resource's side, 4 days to decide, 8 hours of access",
        read_in="Customer Lockbox for Microsoft Azure, Azure documentation",
    ),
    "microsoft-365-customer-lockbox": Policy(
        approval=Approval.RESOURCE,
        pending_expires_after=timedelta(hours=12),
        title="Microsoft 365 Customer Lockbox: one customer approver, 12 hours to decide; "
        "access for the requested time, here until the ticket closes",
        read_in="Microsoft Purview Customer Lockbox, Microsoft 365 documentation",
    ),
    "google-access-approval": Policy(
        approval=Approval.RESOURCE,
        pending_expires_after=timedelta(days=14),
        title="Google Access Approval: any holder of the approver role, 14 days to decide; "
        "the approver picks the length, here until the ticket closes",
        read_in="Approving Access Approval requests, Google Cloud documentation, 2025",
    ),
    "okta": Policy(
        approval=Approval.RESOURCE,
        grant_lasts=timedelta(hours=24),
        title="Okta support access: an administrator of the side that is read, 24 hours of access",
        read_in="Give access to Okta Support, Okta Identity Engine help",
    ),
    "two-key": Policy(
        approval=Approval.EACH,
        title="Two keys: an administrator of each tenant approves, one rejection ends it",
        read_in='a variant of this project: the other reading of "an administrator of both tenants"',
    ),
}
"""Other systems' figures as differences from the source; a length that they leave to a person is left out."""
