"""Brute force on tiny bounds: every history, one by one, without symmetry, hashing or time shifts."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from model import (
    FINAL,
    Actor,
    Approve,
    Case,
    CloseTicket,
    Command,
    FallDue,
    HistoryFrom,
    Member,
    OpenTicket,
    Policy,
    Refused,
    Reject,
    Request,
    RequestAccess,
    Revoke,
    Side,
    Status,
    carry_out,
)
from model.checker.small_world import DIRECTORY, ENGINEER, FEW, MEMBERS, NOW, OTHER_RESOURCE, RESOURCES, SUPPORT
from model.decisions import decisions
from tests.model import world
from tests.privacy import twins
from tests.privacy.histories import AS_TOLD, History, Run, Step
from tests.privacy.observations import observe
from tests.privacy.places import PlainRoom

SECOND = timedelta(seconds=1)


class Place(NamedTuple):
    """The end of a history: the case and the real time."""

    case: Case | None
    now: datetime
    steps: int


class Tried(NamedTuple):
    """The bounds: steps, requests, resource tenants and members."""

    policy: Policy
    most: int
    requests: int
    resource_tenants: tuple[str, ...]
    members: tuple[Member, ...]


def places(policy: Policy, most: int, requests: int, resource_tenants: int = 1) -> Iterator[Place]:
    """Yield the end of every history of at most so many steps.

    With one resource tenant everybody acts who does not administer the other one; with two, the few who matter.
    """
    members = [m for m in MEMBERS if m.tenant != OTHER_RESOURCE and not DIRECTORY.administers(m.person, OTHER_RESOURCE)]
    if resource_tenants == 2:
        members = [m for m in MEMBERS if m.person in FEW]
    yield from _from(Place(None, NOW, 0), Tried(policy, most, requests, RESOURCES[:resource_tenants], tuple(members)))


def _from(here: Place, tried: Tried) -> Iterator[Place]:
    yield here
    policy = tried.policy
    if here.steps == tried.most:
        return
    made = here.case.requests if here.case else ()
    asked: list[tuple[Actor, Command]] = [(m, OpenTicket("Fails", engineer=ENGINEER.id)) for m in tried.members]
    if here.case:
        everybody: tuple[Actor, ...] = (*tried.members, ENGINEER)
        asked = [(who, CloseTicket("t1")) for who in everybody]
        asked += [(ENGINEER, RequestAccess("t1", t)) for t in tried.resource_tenants if len(made) < tried.requests]
        asked += [(who, what(r.id)) for r in made for what in (Approve, Reject, Revoke) for who in tried.members]
    for actor, command in asked:
        try:
            case = _done(here.case, command, actor, policy, here.now)
        except Refused:
            continue
        if case.tenant == SUPPORT:
            yield from _from(Place(case, here.now, here.steps + 1), tried)
    limits = {r.due_at for r in made if r.due_at} | {_leaves(r, policy) for r in _watched(made, policy)}
    moments = [limit + n * SECOND for limit in limits for n in (-1, 0, 1)]
    if ahead := [moment for moment in moments if moment > here.now]:
        then = here.case
        for due, request in sorted(
            ((r.due_at, r) for r in made if r.due_at and r.due_at <= min(ahead)), key=lambda pair: pair[0]
        ):
            then = _done(then, FallDue(request.id), None, policy, due)
        yield from _from(Place(then, min(ahead), here.steps + 1), tried)


def _done(case: Case | None, command: Command, actor: Actor | None, policy: Policy, at: datetime) -> Case:
    new_id = f"r{len(case.requests) + 1}" if case else "t1"
    _, after = carry_out(case, command, actor=actor, directory=DIRECTORY, policy=policy, at=at, new_id=new_id)
    assert after
    return after


def _leaves(request: Request, policy: Policy) -> datetime:
    created = policy.history_from is HistoryFrom.CREATED
    return (request.requested_at if created else request.changed_at) + policy.history


def _watched(made: tuple[Request, ...], policy: Policy) -> tuple[Request, ...]:
    """Return the first ended request that contoso sees: the checker waits until it leaves the history."""
    return tuple(r for r in made if r.status in FINAL and policy.sees(r.status, Side.SUPPORT))[:1]


def in_short(place: Place, policy: Policy) -> object:
    """Return the state of the case in the checker's terms: everything that can affect the future."""
    if place.case is None:
        return None
    created, made = policy.history_from is HistoryFrom.CREATED, place.case.requests
    watched, names = _watched(made, policy), list(dict.fromkeys(r.resource_tenant for r in made))
    return place.case.closed_at is None, tuple(
        (
            _renamed(r.resource_tenant, names),  # the tenant that was asked first comes first
            r.status,
            r.status is Status.PENDING and _first_approver(r, names),
            r.due_at and r.due_at - place.now,
            (r in watched or (created and r.status not in FINAL)) and max(_leaves(r, policy) - place.now, -SECOND),
        )
        for r in made
    )


def _renamed(tenant: str, asked: list[str]) -> str:
    return RESOURCES[asked.index(tenant)] if tenant in asked else tenant


def _first_approver(request: Request, names: list[str]) -> object:
    """Return the tenant of the first approval, and whether the same person could give the second."""
    first = request.first_approval
    both = first and all(DIRECTORY.administers(first.person, t) for t in (SUPPORT, request.resource_tenant))
    return first and (_renamed(first.tenant, names), both)


def with_people(place: Place, policy: Policy) -> object:
    """Return the same, with who did what."""
    if place.case is None:
        return None
    people: list[object] = [place.case.opened_by, place.case.closed_by]
    people += [request.resource_tenant for request in place.case.requests]
    for request in place.case.requests:
        people += [request.first_approval, request.decided_by, request.changed_by]
    return in_short(place, policy), tuple(people)


# Privacy: each history with a removal is played in two rooms of the privacy tests.

_DECIDERS = (world.CARLA, world.ADELE, world.ADELE_IN_FABRIKAM, world.FELIX)
"""Fabrikam is the only resource tenant: exchanging the two would repeat every story."""


def shortest_difference(policy: Policy, most: int) -> int | None:
    """Return the fewest steps, within the limit, after which a member can detect a removal, or None."""
    for many in range(1, most + 1):
        for steps in _stories(policy, (), many):
            if any(step.only for step in steps):
                history = History(policy, steps, removed=True)
                if twins.first_difference(history, PlainRoom, _members):
                    return many
    return None


def _members(run: Run, members: list[Member], moment: int) -> Iterator[bytes]:
    yield from (observe(run.place, member, run.names) for member in members)


def _stories(policy: Policy, told: tuple[Step, ...], most: int) -> Iterator[tuple[Step, ...]]:
    """Yield every story of exactly so many steps that are all carried out, in the room with the removals."""
    if len(told) == most:
        yield told
        return
    run = _played(policy, told)
    requests = list(run.place.requests())
    names = [f"r{n + 1}" for n in range(len(requests))]
    steps = [Step(world.TICKET, world.CARLA, "t1")]
    if told:
        steps = [Step(RequestAccess("t1", t), world.SAM, f"r{len(names) + 1}") for t in ("fabrikam", "tailspin")]
        steps += [Step(CloseTicket("t1"), world.CARLA)]
        steps += [Step(command, who) for name in names for command in decisions(name, policy)[:2] for who in _DECIDERS]
        steps += [Step(decisions(name, policy).revoke, who, only=AS_TOLD) for name in names for who in _DECIDERS]
        limits = [r.due_at for r in requests if r.due_at] + [_leaves(r, policy) for r in requests if r.status in FINAL]
        steps += [Step(limit - run.place.now) for limit in sorted(limits) if limit > run.place.now][:1]
    for step in steps:
        if not _played(policy, told).act(step).startswith("Refused"):
            yield from _stories(policy, (*told, step), most)


def _played(policy: Policy, told: tuple[Step, ...]) -> Run:
    run = Run(PlainRoom(policy))
    for step in told:
        run.act(step)
    return run
