"""Telling a story: carries out a scenario's steps in a room and says which expectations failed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from data.scenario.scenario import NOT_VISIBLE, Step
from model import Case, Directory, OpenTicket, Policy, Refused, visibility

if TYPE_CHECKING:
    from data.room.room import Room


@dataclass(frozen=True, slots=True)
class Played:
    """A step that was done: its number from 1, what was refused, and in what the room is not as the step expects."""

    number: int
    step: Step
    refusal: Refused | None
    failures: tuple[str, ...]


def perform(room: Room, number: int, step: Step) -> Played:
    """Waits, acts, and compares."""
    if step.wait:
        room.advance(step.wait)
    refusal = None
    if step.command and step.by:
        try:
            room.carry_out(step.command, step.by, name=step.name)
        except Refused as refused:
            refusal = refused
    return Played(number, step, refusal, tuple(_failures(room, step, refusal)))


def _failures(room: Room, step: Step, refusal: Refused | None) -> Iterator[str]:
    if (refusal and refusal.code) is not step.refused:
        wanted = f"refused with {step.refused}" if step.refused else "carried out"
        came = f"refused with {refusal.code} ({refusal.sentence})" if refusal else "carried out"
        yield f"the step was to be {wanted}, but was {came}"
    for tenant, requests in step.expect.items():
        stand = statuses(room, tenant)
        for request, wanted in requests.items():
            if (is_now := stand.get(request, NOT_VISIBLE)) != wanted:
                yield f"in {tenant}, {request} was to be {wanted}, but is {is_now}"
    tickets = [s.name for s in room.story.steps if s.name and isinstance(s.command, OpenTicket)]
    for tenant, may in step.access.items():
        if room.may_be_read(tenant, tickets) is not may:
            yield f"{tenant} was {'' if may else 'not '}to be readable for the engineer, but is{' not' if may else ''}"


def statuses(room: Room, tenant: str) -> dict[str, str]:
    """The access requests that an administrator of the tenant finds in Pending requests or Approved access."""
    administrators = room.directory.administrators(tenant)
    if not administrators:
        return {}
    lens = room.as_seen_by(administrators[0])
    return {row["request_id"]: row["status"] for name in ("pending", "approved_access") for row in lens.rows(name)}


def statuses_of(case: Case, tenant: str, directory: Directory, policy: Policy, now: datetime) -> dict[str, str]:
    """The same without a room, for all access requests of a case: what is not found is NOT_VISIBLE."""
    administrators = directory.administrators(tenant)
    found = {}
    for member in administrators[:1]:
        rows = visibility.pending([case], member, directory, policy)
        rows += visibility.approved_access([case], member, directory, policy, now)
        found = {row.request_id: str(row.status) for row in rows}
    return {request.id: found.get(request.id, NOT_VISIBLE) for request in case.requests}
