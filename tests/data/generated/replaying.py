"""A simulated run with very short delays, and the replay of its events by the rules."""

from collections.abc import Iterator

from model import (
    Action,
    Approve,
    Case,
    CloseTicket,
    Command,
    Directory,
    Event,
    FallDue,
    OpenTicket,
    Policy,
    ReadDiagnostics,
    Reject,
    RequestAccess,
    Revoke,
    decide,
    evolve,
)
from model.simulation import Behaviour, Delay

QUICK = Behaviour(
    tickets_per_day=20_000,
    ask=Delay(0.01, 0.1),
    decide=Delay(0.01, 1),
    remove=Delay(0.05, 1),
    ask_again=Delay(0.01, 0.1),
    work=Delay(0.2, 10),
    share_elsewhere=0.7,
    share_rejected=0.3,
    share_removed=0.5,
    share_asked_again=0.9,
)
"""Delays so short that several events share a second, and a grant may end before it is used."""


def replayed(events: list[Event], directory: Directory, policy: Policy) -> Iterator[tuple[Event, ...]]:
    """Return the results of the commands behind the events, one after the other."""
    cases: dict[str, Case] = {}
    for event in events:
        ticket, request = event.ticket_id, event.request_id or ""
        command: Command
        match event.action:
            case Action.OPEN:
                assert event.title and event.severity
                command = OpenTicket(event.title, event.severity, bool(event.advanced_diagnostics), event.engineer)
            case Action.REQUEST:
                assert event.tenant and event.reason
                command = RequestAccess(ticket, event.tenant, event.reason)
            case Action.APPROVE:
                command = Approve(request)
            case Action.REJECT:
                command = Reject(request)
            case Action.REVOKE:
                command = Revoke(request)
            case Action.CLOSE:
                command = CloseTicket(ticket)
            case Action.READ:
                assert event.tenant and event.category
                command = ReadDiagnostics(ticket, event.tenant, event.category)
            case Action.EXPIRE | Action.LAPSE:
                command = FallDue(request)
            case _:
                continue  # comes with the closing
        made = decide(
            cases.get(ticket),
            command,
            actor=event.actor,
            directory=directory,
            policy=policy,
            at=event.occurred_at,
            new_id=request if event.action is Action.REQUEST else ticket,
        )
        for each in made:
            cases[ticket] = evolve(cases.get(ticket), each)
        yield made
