"""The workflow in SimPy: a process for each ticket, engineer, approver, remover and limit.

Written from the source's sentences, in ordinary SimPy, without a line of the engines' code: the reference for
their results and their speed. Times are in seconds, random numbers are Python's own. Traces have the engines' columns.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import numpy as np
import simpy

from model import Approval, Policy
from model.simulation import KINDS, NEVER, STATUSES, Behaviour, By, Delay, Events, Requests, Tickets, Trace

STATUS = {str(status): code for code, status in enumerate(STATUSES)}
KIND = {(str(kind.action), kind.end and str(kind.end)): code for code, kind in enumerate(KINDS)}
NOBODY, ENGINEER, SUPPORT, RESOURCE = map(int, By)


@dataclass(slots=True)
class Ticket:
    """A ticket, open until `closed`; `life` is the process that works on it."""

    number: int
    opened: float
    elsewhere: bool
    advanced: bool
    common: bool  # does somebody administer both tenants?
    closed: float | None = None
    life: simpy.Process | None = None
    requests: list["Request"] = field(default_factory=list)


@dataclass(slots=True)
class Request:
    """An access request; `ended` fires once it is final."""

    ticket: Ticket
    number: int  # its number within the ticket, from 1
    requested: float
    ended: simpy.Event
    status: str = "Pending"
    approvals: int = 0
    decided: float | None = None
    changed: float = 0.0


class Support:
    """The whole simulation, from the first ticket to the last."""

    def __init__(self, policy: Policy, behaviour: Behaviour, seed: int) -> None:
        self.policy, self.behaviour, self.chance = policy, behaviour, Random(seed)
        self.env = simpy.Environment()
        self.tickets: list[Ticket] = []
        self.log: list[tuple[float, int, int, int, int]] = []  # when, ticket, access request, kind, whose act

    def run(self, openings: Iterable[float]) -> Trace:
        """Open a ticket at each of these times, and run them all to their end."""
        self.env.process(self.customers(openings))
        self.env.run()
        return self.trace()

    def customers(self, openings: Iterable[float]) -> Iterator[simpy.Event]:
        people = self.behaviour
        for number, at in enumerate(openings):
            yield self.env.timeout(at - self.env.now)
            elsewhere = self.happens(people.share_elsewhere)
            advanced = self.happens(people.share_advanced_diagnostics)
            common = elsewhere and self.happens(people.share_with_common_administrator)
            ticket = Ticket(number, self.env.now, elsewhere, advanced, common)
            self.tickets.append(ticket)
            self.tell(ticket, 0, "open", None, SUPPORT)
            ticket.life = self.env.process(self.ticket(ticket))

    def ticket(self, ticket: Ticket) -> Iterator[simpy.Event]:
        """Work, more slowly while the data cannot be read; then close the ticket."""
        people, env = self.behaviour, self.env
        yield env.timeout(self.delay(people.ask))
        left = self.delay(people.work)
        if ticket.elsewhere:
            env.process(self.engineer(ticket))
            while left > 0:
                live = ticket.requests and ticket.requests[-1].status == "Approved"
                slower = 1 if live else people.slower_without_access
                begun = env.now
                try:
                    yield env.timeout(left * slower)
                    break
                except simpy.Interrupt:
                    left -= (env.now - begun) / slower
        else:
            yield env.timeout(left if ticket.advanced else left * people.slower_without_access)
        ticket.closed = env.now
        self.tell(ticket, 0, "close", None, ENGINEER)
        for request in ticket.requests:
            if request.status == "Pending":
                self.change(request, "cancel", "Canceled", NOBODY)
            elif request.status == "Approved":
                self.change(request, "complete", "Completed", NOBODY)

    def engineer(self, ticket: Ticket) -> Iterator[simpy.Event]:
        """Ask for access, and perhaps ask again; after a grant only if the policy allows it."""
        first = self.ask(ticket)
        yield first.ended
        if ticket.closed is not None or not self.happens(self.behaviour.share_asked_again):
            return
        if first.status in ("Revoked", "Completed") and not self.policy.ask_again_after_grant:
            return
        yield self.env.timeout(self.delay(self.behaviour.ask_again))
        if ticket.closed is None:
            self.ask(ticket)

    def ask(self, ticket: Ticket) -> Request:
        """Make an access request, and start the people who can decide on it."""
        policy, env = self.policy, self.env
        request = Request(ticket, 1 + len(ticket.requests), env.now, env.event(), changed=env.now)
        ticket.requests.append(request)
        self.tell(ticket, request.number, "request", "Pending", ENGINEER)
        if policy.approval is Approval.EACH:
            env.process(self.approver(request, SUPPORT))
            env.process(self.approver(request, RESOURCE))
        elif policy.approval is Approval.RESOURCE:
            env.process(self.approver(request, RESOURCE))
        elif ticket.common:
            env.process(self.approver(request, SUPPORT))
        if policy.pending_expires_after:
            env.process(self.limit(request, policy.pending_expires_after, "Pending", "expire", "Expired"))
        return request

    def approver(self, request: Request, side: int) -> Iterator[simpy.Event]:
        """Decide, if the request is still pending."""
        work = self.delay(self.behaviour.decide)
        if self.behaviour.approvers_work is None:
            yield self.env.timeout(work)
        else:
            yield from self.at_work(work)
        if request.status != "Pending":
            return
        if self.happens(self.behaviour.share_rejected):
            self.change(request, "reject", "Rejected", side)
            return
        request.approvals += 1
        if self.policy.approval is Approval.EACH and request.approvals < 2:
            self.tell(request.ticket, request.number, "approve", "Pending", side)
            return
        self.change(request, "approve", "Approved", side)
        if self.policy.grant_lasts:
            self.env.process(self.limit(request, self.policy.grant_lasts, "Approved", "lapse", "Completed"))
        if self.happens(self.behaviour.share_removed):
            self.env.process(self.remover(request))

    def at_work(self, work: float) -> Iterator[simpy.Event]:
        """Wait for so many seconds of work, Monday to Friday, in working hours (UTC)."""
        hours = self.behaviour.approvers_work
        assert hours and hours.zone == "UTC"
        while work > 0:
            now = datetime(1970, 1, 1) + timedelta(seconds=self.env.now)
            midnight = datetime(now.year, now.month, now.day)
            begins, ends = (midnight + timedelta(hours=hour) for hour in (hours.first_hour, hours.last_hour))
            if now.weekday() > 4 or now >= ends:
                yield self.env.timeout((midnight + timedelta(days=1) - now).total_seconds())
            elif now < begins:
                yield self.env.timeout((begins - now).total_seconds())
            else:
                today = min(work, (ends - now).total_seconds())
                yield self.env.timeout(today)
                work -= today

    def remover(self, request: Request) -> Iterator[simpy.Event]:
        """Remove access, if it is still live."""
        yield self.env.timeout(self.delay(self.behaviour.remove))
        if request.status == "Approved":
            self.change(request, "revoke", "Revoked", RESOURCE)

    def limit(self, request: Request, lasts: timedelta, start: str, action: str, end: str) -> Iterator[simpy.Event]:
        """Apply a limit of the policy, if the request's status has not changed."""
        yield self.env.timeout(lasts.total_seconds())
        if request.status == start:
            self.change(request, action, end, NOBODY)

    def change(self, request: Request, action: str, status: str, by: int) -> None:
        """Change the request's status, and wake the processes that wait for it."""
        was, request.status, request.changed = request.status, status, self.env.now
        self.tell(request.ticket, request.number, action, status, by)
        if by in (SUPPORT, RESOURCE) and was == "Pending":
            request.decided = self.env.now
        if status != "Approved":
            request.ended.succeed()
        if request.ticket.closed is None and "Approved" in (was, status):
            assert request.ticket.life
            request.ticket.life.interrupt()

    def tell(self, ticket: Ticket, number: int, action: str, status: str | None, by: int) -> None:
        self.log.append((self.env.now, ticket.number, number, KIND[action, status], by))

    def happens(self, share: float) -> bool:
        return self.chance.random() < share

    def delay(self, delay: Delay) -> float:
        """Draw a delay in seconds, always positive."""
        if delay.is_exponential:
            return 1e-6 + self.chance.expovariate(1 / (3600 * delay.mean_of_exponential))
        return 1e-6 + 3600 * delay.median_hours * self.chance.lognormvariate(0, delay.sigma)

    def trace(self) -> Trace:
        """Return the events as columns, in whole seconds."""
        at, ticket, request, kind, by = np.array(self.log).T
        opened, closed, *flags = np.array(
            [(t.opened, t.closed, t.elsewhere, t.advanced, t.common) for t in self.tickets]
        ).T
        asked = [
            (
                t.number,
                r.number,
                t.common,
                r.requested,
                NEVER if r.decided is None else r.decided,
                STATUS[r.status],
                r.changed,
            )
            for t in self.tickets
            for r in t.requests
        ]
        of, number, common, requested, decided, status, changed = np.array(asked, float).reshape(-1, 7).T
        return Trace(
            Tickets(whole(opened), whole(closed), *(flag > 0 for flag in flags)),
            Requests(
                whole(of),
                whole(number, np.int8),
                common > 0,
                whole(requested),
                whole(decided),
                whole(status, np.int8),
                whole(changed),
            ),
            Events(whole(at), whole(ticket), *(whole(codes, np.int8) for codes in (request, kind, by))),
        )


def whole(column: np.ndarray, dtype: type = np.int64) -> np.ndarray:
    return column.astype(dtype)
