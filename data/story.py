"""Telling a story: carries out a scenario's steps in a room and says which expectations failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from data.scenario import NOT_VISIBLE, Step
from model import Code, Refused

if TYPE_CHECKING:
    from data.room import Room


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


def _failures(room: Room, step: Step, refusal: Refused | None) -> list[str]:
    came: Code | None = refusal.code if refusal else None
    found = []
    if came is not step.refused:
        wanted = f"refused with {step.refused}" if step.refused else "carried out"
        was = f"refused with {came}: {refusal.sentence}" if refusal else "carried out"
        found.append(f"it was to be {wanted}, but was {was}")
    for tenant, requests in step.expect.items():
        stands = statuses(room, tenant)
        for request, status in requests.items():
            if (is_now := stands.get(request, NOT_VISIBLE)) != status:
                found.append(f"in {tenant}, {request} was to be {status}, but is {is_now}")
    tickets = {s.name for s in room.story.steps if s.name}
    for tenant, wanted_access in step.access.items():
        if (may := room.may_be_read(tenant, tickets)) is not wanted_access:
            found.append(f"{tenant} was {'' if wanted_access else 'not '}to be readable, but is{'' if may else ' not'}")
    return found


def statuses(room: Room, tenant: str) -> dict[str, str]:
    """The access requests that an administrator of the tenant finds in Pending requests or Approved access."""
    administrators = room.directory.administrators(tenant)
    if not administrators:
        return {}
    lens = room.as_seen_by(administrators[0])
    return {row["request_id"]: row["status"] for name in ("pending", "approved_access") for row in lens.rows(name)}
