"""Plan who would do what next, and when, by the simulation's behaviour and case by case. Nothing here decides.

What simulated people do never depends on whether access was removed: otherwise a member of the support request tenant
could infer a removal from what follows. So, unlike in a simulation, work continues at the same pace after an approval
until the support request is closed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, log

import numpy as np

from data.autopilot.chance import Chance
from data.autopilot.people import People
from data.generated.problems import AT_HOME, ELSEWHERE
from data.generated.ticket_details import SHARE_CLOSED_BY_ENGINEER
from model import (
    GRANTED,
    SEVERITIES,
    Actor,
    Case,
    CloseTicket,
    Command,
    Member,
    OpenTicket,
    Request,
    RequestAccess,
    Status,
    TicketStatus,
)
from model.decisions import decisions
from model.limits import EPOCH
from model.simulation import Behaviour, seconds
from model.simulation.hours import after_work, opening

_REASONS = {title: reason for title, _, reason in ELSEWHERE}
_AT_HOME = [title for title, _ in AT_HOME]
_HAS_ENDED = (Status.REJECTED, Status.EXPIRED)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class PlannedAct:
    """What a simulated person would do at a moment of the room's time (naive UTC)."""

    at: datetime
    name: tuple[str, ...]  # unique: the object, and what is done to it
    actor: Actor
    command: Command


@dataclass(frozen=True)
class Habits:
    """How the simulated people of a room act from the moment `since` on; what waits then is planned from there."""

    people: People
    behaviour: Behaviour
    chance: Chance
    since: datetime


def next_acts(habits: Habits, case: Case) -> list[PlannedAct]:
    """Return what simulated people would do next in the current state of a case."""
    if case.status is TicketStatus.CLOSED:
        return []
    return [*_asking(habits, case), *_deciding(habits, case), *_removing(habits, case), *_closing(habits, case)]


def openings(habits: Habits) -> Iterator[PlannedAct]:
    """Yield the support requests that simulated people open, in order and without end, mostly in working hours."""
    people, chance, so_far, number = habits.people, habits.chance, 0.0, 0
    openers, first = people.openers, seconds(habits.since)
    while openers:
        number += 1
        key = "opening", habits.since, number
        so_far -= log(chance.number(*key, "gap"))
        at = opening(first, np.array([so_far / habits.behaviour.tickets_per_day / 7]))
        tenant = chance.one_of(openers, people.weights(openers), *key, "tenant")
        elsewhere = chance.happens(habits.behaviour.share_elsewhere, *key, "elsewhere")
        engineer = chance.one_of(people.to_assign, people.weights(people.to_assign), *key, "engineer")
        command = OpenTicket(
            chance.pick(list(_REASONS) if elsewhere else _AT_HOME, *key, "title"),
            chance.pick(SEVERITIES, *key, "severity"),
            chance.happens(habits.behaviour.share_advanced_diagnostics, *key, "advanced"),
            engineer,
        )
        who = chance.pick(people.administrators(tenant), *key, "who")
        yield PlannedAct(EPOCH + int(at[0]) * _SECOND, (f"opening {number}", "open"), who, command)


def _begins(habits: Habits, case: Case) -> datetime:
    """Return when the engineer begins to work on the case, and asks for access if it is needed."""
    asks_after = habits.chance.length(habits.behaviour.ask, case.ticket_id, "ask")
    return max(case.opened_at, habits.since) + asks_after


def _resource(habits: Habits, case: Case) -> str | None:
    """Return the other tenant whose data the case needs, or None."""
    if case.requests:
        return case.requests[0].resource_tenant
    if case.title in _AT_HOME:
        return None
    near, far = habits.people.share_an_administrator(case.tenant)
    common = habits.chance.happens(habits.behaviour.share_with_common_administrator, case.ticket_id, "common")
    others = (near if common else far) or near or far
    return habits.chance.one_of(others, habits.people.weights(others), case.ticket_id, "resource") if others else None


def _asking(habits: Habits, case: Case) -> Iterator[PlannedAct]:
    """Yield the engineer's request for access, and a second one if the first brought no access."""
    who, chance, count = habits.people.simulated(case.engineer), habits.chance, len(case.requests)
    resource = _resource(habits, case)
    if who is None or resource is None or count > 1:
        return
    at = _begins(habits, case)
    if count:
        last = case.requests[0]
        ended = last.status in _HAS_ENDED or (
            habits.people.policy.ask_again_after_grant and last.status in GRANTED and last.status is not Status.APPROVED
        )
        if not ended or not chance.happens(habits.behaviour.share_asked_again, case.ticket_id, "again"):
            return
        again_after = chance.length(habits.behaviour.ask_again, case.ticket_id, "ask again")
        at = max(last.changed_at, habits.since) + again_after
    reason = _REASONS.get(case.title)
    command = RequestAccess(case.ticket_id, resource, reason) if reason else RequestAccess(case.ticket_id, resource)
    yield PlannedAct(at, (case.ticket_id, f"ask {count + 1}"), who, command)


def _deciding(habits: Habits, case: Case) -> Iterator[PlannedAct]:
    """Yield the decisions on pending requests; each approver decides independently."""
    behaviour, chance = habits.behaviour, habits.chance
    for request in case.requests:
        if request.status is not Status.PENDING:
            continue
        approve, reject, _ = decisions(request.id, habits.people.policy)
        chosen: list[Member] = []
        for side, members in habits.people.deciders(case.tenant, request.resource_tenant):
            free = [one for one in members if one.person not in {other.person for other in chosen}]
            if not free:
                continue
            chosen.append(who := chance.pick(free, request.id, side, "decider"))
            work = chance.length(behaviour.decide, request.id, side, "decide")
            at = _after_work(behaviour, max(request.requested_at, habits.since), work)
            rejects = chance.happens(behaviour.share_rejected, request.id, side, "reject")
            yield PlannedAct(at, (request.id, f"decide {side}"), who, reject if rejects else approve)


def _after_work(behaviour: Behaviour, since: datetime, work: timedelta) -> datetime:
    long = np.array([work // _SECOND])
    return EPOCH + int(after_work(np.array([seconds(since)]), long, behaviour.approvers_work)[0]) * _SECOND


def _removing(habits: Habits, case: Case) -> Iterator[PlannedAct]:
    """Yield the removals of access by administrators of the resource tenant."""
    for request in case.requests:
        members = habits.people.who_decide(request.resource_tenant)
        if request.status is not Status.APPROVED or not members:
            continue
        if habits.chance.happens(habits.behaviour.share_removed, request.id, "removes"):
            who = habits.chance.pick(members, request.id, "remover")
            after = habits.chance.length(habits.behaviour.remove, request.id, "remove")
            revoke = decisions(request.id, habits.people.policy).revoke
            yield PlannedAct(_approved_at(habits, request) + after, (request.id, "remove"), who, revoke)


def _approved_at(habits: Habits, request: Request) -> datetime:
    assert request.decided_at
    return max(request.decided_at, habits.since)


def _closing(habits: Habits, case: Case) -> Iterator[PlannedAct]:
    """Yield the closing of the ticket, once the work on it is done; work is slower until access is approved."""
    chance, behaviour = habits.chance, habits.behaviour
    engineer = habits.people.simulated(case.engineer)
    members = habits.people.administrators(case.tenant)
    by_engineer = chance.happens(SHARE_CLOSED_BY_ENGINEER, case.ticket_id, "closer")
    who = engineer if by_engineer else chance.pick(members, case.ticket_id, "closes") if members else None
    if who is None:
        return
    begins, slower = _begins(habits, case), behaviour.slower_without_access
    work = chance.length(behaviour.work, case.ticket_id, "work")
    approved = [_approved_at(habits, r) for r in case.requests if r.status in GRANTED]
    if approved:
        since = max(begins, min(approved))
        at = since + max(work - (since - begins) / slower, _SECOND)
    else:
        slow = _resource(habits, case) is not None or not case.advanced_diagnostics
        at = begins + (work * slower if slow else work)
    whole = EPOCH + ceil((at - EPOCH) / _SECOND) * _SECOND
    yield PlannedAct(whole, (case.ticket_id, "close"), who, CloseTicket(case.ticket_id))
