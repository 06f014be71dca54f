"""What people would like to do about a ticket: the plan that a background is played from.

A plan is drawn whole, before anything happens, and no step looks at what came of the one before: `decide` refuses what
cannot be, such as approving what nobody asked for. So the draws do not depend on the policy, and two policies meet the
same wishes.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from data.society import Society
from model import (
    SEVERITIES,
    Actor,
    Approval,
    Approve,
    Case,
    CloseTicket,
    Command,
    Engineer,
    Member,
    OpenTicket,
    Policy,
    ReadDiagnostics,
    Reject,
    RequestAccess,
    Revoke,
)

AT_HOME = (  # a title, and the category of data that it is about
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
    (
        "Invitations to a partner are never redeemed",
        "directory-objects",
        "The invited users in its directory",
    ),
    ("Our people are blocked at a partner", "service-configuration", "The partner's conditional access policies"),
    ("Cross-tenant synchronisation stops half way", "audit-logs", "Provisioning entries of the target tenant"),
    (
        "A partner's application lost its consent",
        "directory-objects",
        "The application's registration there",
    ),
    ("Users who moved to a sister company keep old groups", "directory-objects", "Groups of the company they moved to"),
    ("Federation fails since a certificate changed", "service-configuration", "Federation settings of the other side"),
    ("Accounts at a partner are locked from our network", "sign-in-logs", "The attempts are in the partner's logs"),
    ("Somebody removed our guests at a partner", "audit-logs", "Who removed them is in the partner's audit log"),
)


class Chances(NamedTuple):
    """Shares from 0 to 1 that settle what becomes of a ticket, and of its matter in one other tenant."""

    title: float
    severity: float
    advanced: float
    opener: float
    engineer: float
    closes: float  # does the engineer close it?
    closer: float
    elsewhere: float  # is the problem in another tenant?
    second_tenant: float
    stranger: float  # is it one that no people are shared with?
    resource: float
    answer: float
    answer_again: float
    signer: float
    second_signer: float
    removal: float
    remover: float
    reads: float
    again: float


class Hours(NamedTuple):
    """How long things take."""

    ask: float  # from the opening
    decide: float  # from the request
    second_key: float  # from the first approval, where two are needed
    read: float  # from the decision, as the next two
    remove: float
    ask_again: float
    close: float  # from the opening


MEDIAN = Hours(ask=4, decide=9, second_key=6, read=2, remove=30, ask_again=20, close=110)
SIGMA = Hours(ask=1, decide=1.2, second_key=1.2, read=1, remove=1, ask_again=0.8, close=0.8)
Draws = tuple[Chances, Hours]


def draw(rng: np.random.Generator, tickets: int) -> Iterator[tuple[Draws, Draws]]:
    """For each ticket the chances and the lognormal hours, twice: a ticket may need two other tenants' data."""
    chances: NDArray[np.float64] = rng.random((tickets, 2, len(Chances._fields)))
    hours: NDArray[np.float64] = rng.lognormal(np.log(MEDIAN), SIGMA, (tickets, 2, len(Hours._fields)))
    for some, long in zip(chances, hours, strict=True):
        first, second = ((Chances(*c), Hours(*h)) for c, h in zip(some.tolist(), long.tolist(), strict=True))
        yield first, second


class Step(NamedTuple):
    """One wish. The command is made when it is time, from the case as it then stands."""

    at: datetime
    actor: Actor
    command: Callable[[Case], Command]


@dataclass(frozen=True, slots=True)
class Plan:
    """All wishes about one ticket."""

    ticket: str
    tenant: str
    opened: datetime
    society: Society
    policy: Policy
    draws: tuple[Draws, Draws]

    @property
    def engineer(self) -> Engineer:
        """Whom the ticket is assigned to."""
        return Engineer(_one(self.society.engineers, self.draws[0][0].engineer))

    def opening(self) -> tuple[Member, OpenTicket]:
        """Who opens the ticket, and how."""
        chance = self.draws[0][0]
        title, *_ = _one(ELSEWHERE if self._elsewhere else AT_HOME, chance.title)
        severity, allowed = _one(SEVERITIES, chance.severity), chance.advanced < 0.8
        return self._administrator(self.tenant, chance.opener), OpenTicket(title, severity, allowed, self.engineer.id)

    def steps(self) -> list[Step]:
        """What is to follow, in order of time; the closing ends it, wherever it comes."""
        chance, hours = self.draws[0]
        closer = self.engineer if chance.closes < 0.6 else self._administrator(self.tenant, chance.closer)
        steps = [Step(_after(self.opened, hours.close), closer, _just(CloseTicket(self.ticket)))]
        if self._elsewhere:
            for draws in self.draws[: 2 if chance.second_tenant < 0.1 else 1]:
                steps += self._matter_elsewhere(*draws)
        else:
            _, category = _one(AT_HOME, chance.title)
            steps += self._reads(_after(self.opened, hours.ask), self.tenant, category, chance, hours)
        return sorted(steps, key=lambda step: step.at)

    @property
    def _elsewhere(self) -> bool:
        return self.draws[0][0].elsewhere < 0.35

    def _matter_elsewhere(self, chance: Chances, hours: Hours) -> Iterator[Step]:
        """Access to one other tenant: asked for, answered, used, removed, asked for again."""
        _, category, reason = _one(ELSEWHERE, self.draws[0][0].title)
        related = self.society.related[self.tenant] if chance.stranger > 0.15 else []
        resource = _one(related or self.society.made or [self.tenant], chance.resource)
        ask = _just(RequestAccess(self.ticket, resource, reason))
        asked = _after(self.opened, hours.ask)
        decided = _after(asked, hours.decide)
        yield Step(asked, self.engineer, ask)
        yield from self._answer(decided, resource, chance.answer, chance, hours)
        yield from self._reads(_after(decided, hours.read), resource, category, chance, hours)
        if chance.removal < 0.15:
            remover = self._administrator(resource, chance.remover)
            yield Step(_after(decided, hours.remove), remover, _latest(Revoke, resource))
        if chance.again < 0.6:
            again = _after(decided, hours.ask_again)
            yield Step(again, self.engineer, ask)
            yield from self._answer(_after(again, hours.decide), resource, chance.answer_again, chance, hours)

    def _answer(self, at: datetime, resource: str, answer: float, chance: Chances, hours: Hours) -> Iterator[Step]:
        """What those who may decide make of a request: some never look, and sometimes there is nobody who may."""
        signers = self._signers(resource)
        if answer < 0.08 or not all(signers):
            return
        if answer < 0.22:
            yield Step(at, _one(signers[0], chance.signer), _latest(Reject, resource))
            return
        yield Step(at, _one(signers[0], chance.signer), _latest(Approve, resource))
        for second in signers[1:]:
            member = _one(second, chance.second_signer)
            yield Step(_after(at, hours.second_key), member, _latest(Approve, resource))

    def _signers(self, resource: str) -> list[list[Member]]:
        """For each approval that the policy needs, those who can give it."""
        who, both = self.society.administrators, (self.tenant, resource)
        if self.policy.approval is Approval.BOTH:
            shared = [person for person in who[self.tenant] if person in who[resource]]
            return [[Member(person, tenant) for person in shared for tenant in both]]
        needed = both if self.policy.approval is Approval.EACH else both[1:]
        return [[Member(person, tenant) for person in who[tenant]] for tenant in needed]

    def _reads(self, at: datetime, tenant: str, category: str, chance: Chances, hours: Hours) -> Iterator[Step]:
        """One to three looks at the tenant's data, ever later."""
        for n, what in enumerate((category, category, "directory-objects")[: 1 + int(3 * chance.reads)]):
            yield Step(_after(at, n * n * hours.read), self.engineer, _just(ReadDiagnostics(self.ticket, tenant, what)))

    def _administrator(self, tenant: str, share: float) -> Member:
        return Member(_one(self.society.administrators[tenant], share), tenant)


def _just(command: Command) -> Callable[[Case], Command]:
    return lambda _: command


def _latest(decision: Callable[[str], Command], resource: str) -> Callable[[Case], Command]:
    """The decision on the latest request for the tenant; no id names none."""
    return lambda case: decision(next((r.id for r in case.requests[::-1] if r.resource_tenant == resource), ""))


T = TypeVar("T")


def _one(options: Sequence[T], share: float) -> T:
    return options[int(share * len(options))]


def _after(at: datetime, hours: float) -> datetime:
    return at + timedelta(seconds=1 + int(hours * 3600))
