"""Lines of a generated log as the events of `model`, and the small story that backgrounds lie around."""

from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from data.generated.background import background
from data.generated.diagnostics import diagnostics
from data.scenario.scenario import Background
from model import (
    PRESETS,
    Action,
    Actor,
    Case,
    Directory,
    Engineer,
    Event,
    Member,
    Policy,
    Status,
    evolve,
)

STARTS = datetime(2026, 3, 2, 9)


STORY = Directory(
    tenants={"contoso": "Contoso", "fabrikam": "Fabrikam"},
    people={"adele": "Adele Vance"},
    engineers={"sam": "Sam Rivera"},
    roles={("adele", tenant): frozenset({"Global Administrator"}) for tenant in ("contoso", "fabrikam")},
)


POLICIES = {**PRESETS, "hasty": Policy(pending_expires_after=timedelta(hours=6), grant_lasts=timedelta(hours=30))}


def made(policy: Policy | None = None, seed: int = 1, **numbers) -> tuple[Directory, list[Event]]:
    directory, lines = background(Background(**numbers), STORY, policy or Policy(), STARTS, seed)
    return directory, events_of(lines)


def events_of(lines: pd.DataFrame) -> list[Event]:
    """Lines of a log as the values of `model`."""
    plain = lines.astype(object).where(lines.notna(), None)
    return [event_of(row) for row in plain.to_dict("records")]


def event_of(row: dict[str, Any]) -> Event:
    assert row["refusal"] is None and row["step"] is None
    actor: Actor | None = Engineer(row["engineer"]) if row["engineer"] else None
    if row["person"]:
        assert actor is None
        actor = Member(row["person"], row["signed_in_to"])
    same = ("ticket_id", "request_id", "tenant", "title", "severity", "advanced_diagnostics", "reason", "category")
    return Event(
        row["occurred_at"].to_pydatetime(),
        Action(row["action"]),
        actor=actor,
        from_status=Status(row["from_status"]) if row["from_status"] else None,
        to_status=Status(row["to_status"]) if row["to_status"] else None,
        due_at=row["due_at"].to_pydatetime() if row["due_at"] else None,
        engineer=row["assigned_engineer"],
        **{name: row[name] for name in same},
    )


def cases_of(events: list[Event]) -> dict[str, Case]:
    cases: dict[str, Case] = {}
    for event in events:
        cases[event.ticket_id] = evolve(cases.get(event.ticket_id), event)
    return cases


def fingerprint() -> str:
    """All that a seed settles, as text; run in another process, too."""
    directory, events = made(POLICIES["hasty"])
    roles = [(pair, sorted(held)) for pair, held in directory.roles.items()]
    read = diagnostics("contoso", "Contoso", 1, STARTS).to_csv()
    return repr((directory.tenants, directory.people, directory.engineers, roles, events, read))
