"""What happened before the story: the people and the tickets that a room begins with.

Nothing here decides: `data.society` makes people, `data.traffic` says what they would like to do about each ticket, and
`decide` what comes of it; a refusal means that it did not happen. The story's people and engineers never act here, and
nothing is asked between two tenants of the story.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

import numpy as np

from data.ids import request_id, ticket_id
from data.society import Society, society
from data.traffic import Plan, draw
from model import (
    Action,
    Actor,
    Case,
    Command,
    Directory,
    Event,
    FallDue,
    Policy,
    Refused,
    RequestAccess,
    decide,
    evolve,
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


def background(
    spec: Background, directory: Directory, policy: Policy, starts: datetime, seed: int
) -> tuple[Directory, list[Event]]:
    """The directory with Faker's tenants, people and engineers added, and what happened before `starts` (naive UTC).

    The events are in their order, at whole seconds where the policy's limits are. All lie before `starts`, save that
    what falls due at `starts` has happened. Raises ValueError where the seed is negative.
    """
    whole = society(directory, spec.tenants, min(200, 3 + round(spec.tickets_per_day / 4)), seed)
    events = list(chain.from_iterable(_cases(spec, whole, policy, starts, seed)))
    # At one moment what falls due goes first; else the sort keeps the order of cases and the order within a case.
    events.sort(key=lambda event: (event.occurred_at, event.action not in (Action.EXPIRE, Action.LAPSE)))
    return whole.directory, events


def _cases(spec: Background, whole: Society, policy: Policy, starts: datetime, seed: int) -> Iterator[list[Event]]:
    """The events of each ticket, the tickets in the order of their opening."""
    tenants = list(whole.directory.tenants)
    if not tenants:
        return
    rng = np.random.default_rng([seed, *b"traffic"])
    sizes = rng.lognormal(-0.18, 0.6, len(tenants))  # 1 on average
    sizes[: len(whole.story)] = 2
    owners = rng.choice(len(tenants), spec.tickets, p=sizes / sizes.sum()).tolist()
    count: Counter[str] = Counter()
    for owner, opened, draws in zip(owners, _openings(spec, starts, rng), draw(rng, spec.tickets), strict=True):
        count[tenants[owner]] += 1
        ticket = ticket_id(seed, tenants[owner], count[tenants[owner]])
        yield _played(Plan(ticket, tenants[owner], opened, whole, policy, draws), starts, seed)


def _openings(spec: Background, starts: datetime, rng: np.random.Generator) -> list[datetime]:
    """When tickets are opened, in order: mostly in the working hours of working days."""
    first = (starts - timedelta(days=spec.days)).replace(microsecond=0)
    hours = np.arange(spec.days * 24)
    day, hour = np.divmod(first.weekday() * 24 + first.hour + hours, 24)
    busy = np.where(day % 7 < 5, 1, 0.2) * np.where((hour >= 7) & (hour < 18), 1, 0.15)
    seconds = rng.choice(hours, spec.tickets, p=busy / busy.sum()) * 3600 + rng.integers(0, 3600, spec.tickets)
    return [first + timedelta(seconds=second) for second in np.sort(seconds).tolist()]


def _played(plan: Plan, starts: datetime, seed: int) -> list[Event]:
    """What comes of a plan before `starts`; what falls due happens at its own time on the way."""
    case: Case | None = None
    events: list[Event] = []

    def do(at: datetime, actor: Actor | None, command: Command) -> None:
        nonlocal case
        asks = case is not None and isinstance(command, RequestAccess)
        new_id = request_id(seed, plan.ticket, len(case.requests) + 1) if case and asks else plan.ticket
        try:
            made = decide(
                case, command, actor=actor, directory=plan.society.directory, policy=plan.policy, at=at, new_id=new_id
            )
        except Refused:
            return
        for event in made:
            case = evolve(case, event)
        events.extend(made)

    def fall_due(until: datetime) -> None:
        while due := [(r.due_at, r.id) for r in case.requests if r.due_at and r.due_at <= until] if case else []:
            at, request = min(due)
            do(at, None, FallDue(request))

    do(plan.opened, *plan.opening())
    for at, actor, command in plan.steps():
        if at < starts and case:
            fall_due(at)
            do(at, actor, command(case))
    fall_due(starts)
    return events
