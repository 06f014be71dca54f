"""What happened before the story: the tickets and access requests that a room's clock begins with.

Nothing here decides. For each ticket a plan is drawn, who would do what and when, and `decide` says what comes of it; a
refusal means that it did not happen. The draws do not depend on the policy, so two policies meet the same tickets.

The story's people and engineers never act here, and nothing is asked between two tenants of the story.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import NamedTuple, TypeVar

import numpy as np

from data.ids import request_id, ticket_id
from data.society import Society, society
from model import (
    SEVERITIES,
    Action,
    Actor,
    Approval,
    Approve,
    Case,
    CloseTicket,
    Command,
    Directory,
    Engineer,
    Event,
    FallDue,
    Member,
    OpenTicket,
    Policy,
    ReadDiagnostics,
    Refused,
    Reject,
    RequestAccess,
    Revoke,
    decide,
    evolve,
)

AT_HOME = (  # a title, and what the engineer reads about it
    ("Users are asked for a second factor at every sign-in", "sign-in-logs"),
    ("Password reset fails with no message", "audit-logs"),
    ("A dynamic group does not take in new employees", "directory-objects"),
    ("Devices are no longer compliant after they were registered again", "directory-objects"),
    ("A conditional access policy applies to the wrong locations", "service-configuration"),
    ("Single sign-on to the payroll application stopped working", "sign-in-logs"),
    ("Directory synchronisation leaves out one department", "directory-objects"),
    ("A role that was activated takes hours to show", "audit-logs"),
    ("Sign-in with a passkey is not offered", "service-configuration"),
    ("Who deleted the users on Friday evening?", "audit-logs"),
)
ELSEWHERE = (  # the same, and the reason for access to the other tenant
    ("Guests from a partner cannot sign in", "sign-in-logs", "Sign-in logs of the guests' home tenant"),
    ("Guests are asked to register twice", "service-configuration", "The home tenant's settings for guests"),
    ("Invitations to a partner are never redeemed", "directory-objects", "The invited users in the partner's directory"),
    ("Our people are blocked at a partner", "service-configuration", "The partner's conditional access policies"),
    ("Cross-tenant synchronisation stops half way", "audit-logs", "Provisioning entries of the target tenant"),
    ("A partner's application lost its consent", "directory-objects", "The application's registration in its tenant"),
    ("Users who moved to a sister company keep old groups", "directory-objects", "Groups of the company they moved to"),
    ("Federation fails since a certificate changed", "service-configuration", "Federation settings of the other side"),
    ("Accounts at a partner are locked from our network", "sign-in-logs", "The attempts are in the partner's logs"),
    ("Somebody removed our guests at a partner", "audit-logs", "Who removed them is in the partner's audit log"),
)


@dataclass(frozen=True, slots=True)
class Background:
    """The [background] table of a scenario. Raises ValueError where a number is out of its range."""

    tenants: int = 12  # beside the story's
    tickets_per_day: float = 8.0
    days: int = 60  # of traffic, ending at the room's start

    def __post_init__(self) -> None:
        for what, least, most in (("tenants", 0, 5000), ("days", 1, 3650)):
            number = getattr(self, what)
            if not isinstance(number, int) or not least <= number <= most:
                raise ValueError(f"{what} must be a whole number from {least} to {most:,}, not {number}")
        if not 0 < self.tickets_per_day <= 100_000:
            raise ValueError(f"tickets_per_day must be more than 0 and at most 100,000, not {self.tickets_per_day}")
        if self.tickets > 500_000:
            raise ValueError(f"tickets_per_day times days must be at most 500,000, not {self.tickets:,}")

    @property
    def tickets(self) -> int:
        """How many tickets are opened in all."""
        return round(self.tickets_per_day * self.days)


class Chances(NamedTuple):
    """Draws from 0 to 1: for a ticket, and for each access request that it may need."""

    title: float
    severity: float
    advanced: float
    elsewhere: float  # is the problem in another tenant?
    opener: float
    engineer: float
    closer: float
    stranger: float  # is that a tenant with which no people are shared?
    resource: float
    answer: float
    signer: float
    second_signer: float
    removal: float
    remover: float
    again: float
    second_tenant: float


class Hours(NamedTuple):
    """How long things take."""

    ask: float  # from the opening
    decide: float  # from the request
    second_key: float  # from the first approval, where two are needed
    read: float  # from the decision, as are the next two
    remove: float
    ask_again: float
    decide_again: float
    close: float  # from the opening


MEDIAN = Hours(ask=4, decide=9, second_key=6, read=2, remove=30, ask_again=20, decide_again=9, close=110)
SPREAD = Hours(ask=1, decide=1.2, second_key=1.2, read=1, remove=1, ask_again=0.8, decide_again=1.2, close=0.8)

T = TypeVar("T")
Step = tuple[datetime, Actor, Callable[[Case], Command]]


def background(
    spec: Background, directory: Directory, policy: Policy, starts: datetime, seed: int
) -> tuple[Directory, list[Event]]:
    """The directory with Faker's tenants, people and engineers added, and what happened before `starts` (naive UTC).

    The events are in their order, at whole seconds where the policy's limits are. All lie before `starts`, save that
    what falls due at `starts` has happened. Raises ValueError where the seed is negative.
    """
    whole = society(directory, spec.tenants, min(200, 3 + round(spec.tickets_per_day / 4)), seed)
    cases = _cases(spec, whole, policy, starts, seed)
    # At one moment what falls due goes first; else the sort keeps the order of cases and the order within a case.
    in_order = sorted(chain.from_iterable(cases), key=lambda e: (e.occurred_at, e.action not in DUE))
    return whole.directory, in_order


DUE = (Action.EXPIRE, Action.LAPSE)


def _cases(
    spec: Background, whole: Society, policy: Policy, starts: datetime, seed: int
) -> Iterator[list[Event]]:
    ...
