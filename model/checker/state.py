"""A state of the small world, and the moves from one to the next.

A state is a case as it stands *now*: its times are shifted so that the present is always the same moment, and histories
that differ only in when they began lead to the same state.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from model.case import Case, Event, Request
from model.checker.consent import Consent
from model.commands import Command
from model.directory import Actor

Attempt = tuple[Actor | None, Command]
"""An actor and a command; no actor for what falls due."""


class Step(NamedTuple):
    """One step of a history: an actor's command, or time that passes."""

    command: Command | timedelta
    actor: Actor | None = None


class State(NamedTuple):
    """A case as it stands now, the checker's record of consent, and the ticks that are left."""

    case: Case | None
    consent: Consent
    ticks: int


class Move(NamedTuple):
    """What a step leads to: the next state, the events, and the number of members whose acts it stands for."""

    to: State
    events: tuple[Event, ...]
    members: int = 1


def aged(case: Case, length: timedelta) -> Case:
    """Return the case as seen some time later: all its times move that much into the past."""

    def earlier(time: datetime | None) -> datetime | None:
        return time and time - length

    requests = tuple(
        Request(  # written out because `dataclasses.replace` takes several times as long
            id=r.id,
            resource_tenant=r.resource_tenant,
            reason=r.reason,
            status=r.status,
            requested_at=r.requested_at - length,
            changed_at=r.changed_at - length,
            due_at=earlier(r.due_at),
            first_approval=r.first_approval,
            decided_by=r.decided_by,
            decided_at=earlier(r.decided_at),
            changed_by=r.changed_by,
            first_approval_note=r.first_approval_note,
            decision_note=r.decision_note,
            removal_note=r.removal_note,
        )
        for r in case.requests
    )
    return replace(case, opened_at=case.opened_at - length, closed_at=earlier(case.closed_at), requests=requests)
