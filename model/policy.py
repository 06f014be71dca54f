"""The policy of a room: a setting for each thing that the source leaves open or that another system does differently.

The defaults are the source's own behaviour. Each setting is declared here, once; `model.settings` says how.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from model.lifecycle import GRANTED, Side, Status
from model.limits import LONGEST_DURATION
from model.settings import Choice, Duration, Flag, Setting, VisibilityTable, Whole, setting, settings_of


class Approval(StrEnum):
    """Who decides on a pending request."""

    BOTH = "both"  # one administrator of both tenants: the source
    EACH = "each"  # an administrator of each tenant: two approvals by two people, one rejection ends it
    RESOURCE = "resource"  # an administrator of the resource tenant


APPROVALS_NEEDED: Mapping[Approval, tuple[tuple[Side, ...], ...]] = {
    Approval.BOTH: ((Side.SUPPORT, Side.RESOURCE),),
    Approval.EACH: ((Side.SUPPORT,), (Side.RESOURCE,)),
    Approval.RESOURCE: ((Side.RESOURCE,),),
}
"""The approvals that a request needs, each from a different person, who administers the tenants on all its sides."""


class Justification(StrEnum):
    """Whether decisions and removals carry a note that says why."""

    NOT_ASKED = "not asked"  # a note that is given anyway is not recorded
    ASKED = "asked"  # it may be empty
    REQUIRED = "required"


class HistoryFrom(StrEnum):
    """What starts the count of `history_days`."""

    LAST_CHANGE = "last change"
    CREATED = "created"


Visibility = frozenset[tuple[Status, Side]]

SOURCE_VISIBILITY: Visibility = frozenset(
    (status, side) for status in Status for side in Side if side is Side.RESOURCE or status not in GRANTED
)
"""Approved access "is visible only in the resource tenant"; all else is seen by both tenants."""


_NO_LIMIT = "The source names no such limit. This setting is the project's own."


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of a room that can be configured.

    Raises ValueError, which names the setting, for an invalid value.
    """

    approval: Approval = setting(
        Approval.BOTH,
        Choice(
            Approval,
            {
                Approval.BOTH: "an administrator of both tenants decides",
                Approval.EACH: "two people have to approve, an administrator of each tenant",
                Approval.RESOURCE: "an administrator of the resource tenant decides",
            },
            yes=(Approval.BOTH, Approval.EACH),
        ),
        label="Who decides",
        source="In the source an administrator of both tenants.",
        clause="{approval}",
        compared="Both tenants have a say",
    )
    pending_expires_after: timedelta | None = setting(
        None,
        Duration(
            "never",
            "never expires",
            "expires after {}",
            usual=("12 hours", "1 day", "4 days", "14 days"),
            sane=timedelta(days=4),
        ),
        label="A pending request expires after",
        source=_NO_LIMIT,
        clause="a pending request {pending_expires_after}",
        compared="A request ends by itself",
    )
    grant_lasts: timedelta | None = setting(
        None,
        Duration(
            "until the ticket closes",
            "until the support request closes",
            usual=("8 hours", "1 day", "7 days"),
            without_shown="until the support request closes",
        ),
        label="Access lasts",
        source=_NO_LIMIT,
        clause="access lasts {grant_lasts}",
        compared="Access ends by itself",
    )
    history_days: int = setting(  # days of 24 hours
        30,
        Whole(1, LONGEST_DURATION.days, sane=30),
        label="Days in the history",
        source="The source shows requests that are no longer live in Approved access for 30 days.",
        clause="the history goes back {history_days} days from the {history_from}",
    )
    history_from: HistoryFrom = setting(
        HistoryFrom.LAST_CHANGE,
        Choice(HistoryFrom, {HistoryFrom.LAST_CHANGE: "last change", HistoryFrom.CREATED: "day of the request"}),
        label="counted from the",
        source="The source does not say.",
        beside=True,
    )
    visibility: Visibility = setting(
        SOURCE_VISIBILITY,
        VisibilityTable(),
        label="Who sees what",
        source="The statuses Canceled and Expired are this project's.",
    )
    ask_again_after_grant: bool = setting(  # True tells the support request tenant of a removal
        False,
        Flag(
            "the engineer may ask again once access was removed or lapsed",
            "nobody asks again once access was granted",
        ),
        label="The engineer may ask again once access was removed or lapsed",
        source="The source does not say. By default nobody asks again for the same support request and tenant.",
        clause="{ask_again_after_grant}",
    )
    justification: Justification = setting(
        Justification.NOT_ASKED,
        Choice(
            Justification,
            {
                Justification.NOT_ASKED: "a decision needs no justification",
                Justification.ASKED: "a decision may have a justification",
                Justification.REQUIRED: "a decision needs a justification",
            },
        ),
        label="Justification of a decision",
        source="The source names none. This setting is the project's own.",
        clause="{justification}",
    )
    title: str = field(default="", compare=False)
    read_in: str = field(default="", compare=False)  # where the figures were read

    def __post_init__(self) -> None:
        for name, its in settings_of(type(self)).items():
            object.__setattr__(self, name, its.kind.checked(name, getattr(self, name)))

    def sees(self, status: Status, side: Side) -> bool:
        """Return whether an administrator of the tenant on this side sees a request of this status."""
        return (status, side) in self.visibility

    @property
    def asks_for_note(self) -> bool:
        """Return whether the policy asks for a note with each decision, required or not."""
        return self.justification is not Justification.NOT_ASKED

    @property
    def history(self) -> timedelta:
        """Return how long Approved access lists a request that is no longer live."""
        return timedelta(days=self.history_days)


SETTINGS: Mapping[str, Setting] = settings_of(Policy)
"""Every setting of a policy, by name."""
