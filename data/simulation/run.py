"""A simulated run: what comes of many tickets under a policy, as frames, as figures, or as a room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.generated.assign_names import cast, onlookers
from data.generated.background import engineers
from data.generated.directory import society
from data.lens.figures import figures, series
from data.room import Room
from data.room.fixed_tables import fixed_tables
from data.room.setup import new_path
from data.scenario.find import find_policy
from data.scenario.scenario import Scenario
from data.scenario.writer import scenario_text
from model import CATEGORIES, Action, Approval, Code, Directory, Policy, Side, Status
from model.simulation import (
    ASK,
    DIRECTORY,
    KINDS,
    NEVER,
    OPEN,
    STARTS,
    STATUSES,
    Behaviour,
    By,
    Record,
    run,
    seconds,
)

_TENANTS = list(DIRECTORY.tenants)
_HOME, _PARTNER, _STRANGER = range(3)  # their places
_HANA, _PIA, _STAN, _BOTH = range(4)  # those of the people
_NONE = -1
_RULES = {
    "memberships": ["tenant", "person", "manages_support_access"],
    "visibility": ["status", "side"],
    "keys": ["key", "side"],
}
MOST_IN_A_ROOM = 500_000  # tickets


def simulate(
    policy: Policy | str = "source",
    behaviour: Behaviour | None = None,
    *,
    tickets: int,
    seed: int = 1,
    replication: int = 0,
    engine: str = "bulk",
    threads: int = 2,
    starts: datetime = STARTS,
    until: datetime | None = None,
) -> Run:
    """What comes of so many tickets, opened from `starts` on and followed until they are closed, or until `until`.

    `policy`: a Policy, or the name of a preset. `engine`: "bulk", or the slower "step", which gives the same. The same
    seed gives the same tickets under every policy; each replication has others. Times are naive UTC. Raises ValueError.
    """
    chosen, people = find_policy(policy), behaviour or Behaviour()
    record = run(
        chosen, people, tickets, seed=seed, replication=replication, starts=starts, engine=engine, threads=threads
    )
    if until is not None:
        record = record.until(seconds(until))
    return Run(chosen, people, seed, starts, until, record)


@dataclass(frozen=True)
class Run:
    """What `simulate` gives. It names nobody: each ticket lives in the small world of `model.simulation.DIRECTORY`."""

    policy: Policy
    behaviour: Behaviour
    seed: int
    starts: datetime
    until: datetime | None  # None: every ticket was followed to its end
    record: Record

    @property
    def now(self) -> datetime:
        """The end of observation, naive UTC: `until`, or else the last event."""
        if self.until is not None:
            return self.until
        return datetime(1970, 1, 1) + timedelta(seconds=int(self.record.tickets.closed.max()))

    @cached_property
    def events(self) -> pd.DataFrame:
        """Everything that happened, in its order, in the columns of a room's log. Tickets and requests have numbers."""
        record, policy = self.record, self.policy
        order = record.events.order()
        at, ticket, request, kind, by = (
            getattr(record.events, name)[order] for name in ("at", "ticket", "request", "kind", "by")
        )
        common = record.tickets.common[ticket]
        opens, asks = _is(Action.OPEN)[kind], _is(Action.REQUEST)[kind]
        resource = np.where(common, _PARTNER, _STRANGER)
        resource_person = np.where(common, _PIA, _STAN)
        person = np.where(by == By.RESOURCE, resource_person, np.where(by == By.SUPPORT, _HANA, _NONE))
        if policy.approval is Approval.BOTH:
            person[(_is(Action.APPROVE) | _is(Action.REJECT))[kind]] = _BOTH
        due = np.where(asks, _after(at, policy.pending_expires_after), NEVER)
        granted = _ends(Status.APPROVED)[kind]
        due[granted] = _after(at, policy.grant_lasts)[granted]
        first = np.flatnonzero(_is(Action.APPROVE)[kind] & ~granted)  # of two approvals: what was due stays due
        requested = np.full(2 * len(record.tickets.opened), NEVER)
        requested[2 * record.requests.ticket + record.requests.number - 1] = record.requests.requested
        due[first] = _after(requested[2 * ticket[first] + request[first] - 1], policy.pending_expires_after)
        return pd.DataFrame(
            {
                "seq": np.arange(1, len(at) + 1),
                "occurred_at": _moments(at),
                "action": _words(_codes(kind, [k.action for k in KINDS]), list(Action)),
                "ticket_id": ticket,
                "request_id": pd.arrays.IntegerArray(2 * ticket + request - 1, request == 0),
                "person": _words(person, list(DIRECTORY.people)),
                "signed_in_to": _words(
                    np.where(by == By.RESOURCE, resource, np.where(by == By.SUPPORT, _HOME, _NONE)), _TENANTS
                ),
                "engineer": _words(np.where(by == By.ENGINEER, 0, _NONE), list(DIRECTORY.engineers)),
                "from_status": _words(_codes(kind, [k.start for k in KINDS]), list(STATUSES)),
                "to_status": _words(_codes(kind, [k.end for k in KINDS]), list(STATUSES)),
                "due_at": _moments(due),
                "tenant": _words(np.where(opens, _HOME, np.where(asks, resource, _NONE)), _TENANTS),
                "title": _words(np.where(opens, 0, _NONE), [OPEN[True].title]),
                "severity": _words(np.where(opens, 0, _NONE), [OPEN[True].severity]),
                "advanced_diagnostics": pd.arrays.BooleanArray(record.tickets.advanced[ticket], ~opens),
                "assigned_engineer": _words(np.where(opens, 0, _NONE), list(DIRECTORY.engineers)),
                "reason": _words(np.where(asks, 0, _NONE), [ASK[True].reason]),
                "category": _words(np.full(len(at), _NONE), list(CATEGORIES)),
                "refusal": _words(np.full(len(at), _NONE), list(Code)),
                "step": pd.arrays.IntegerArray(np.zeros(len(at), np.int32), np.ones(len(at), np.bool_)),
            }
        )

    @contextmanager
    def relations(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection at which the relations stand that `data.figures` names; those of a room, with fewer columns."""
        r, t = self.record.requests, self.record.tickets
        with _database().cursor() as db:
            rules = fixed_tables(self.policy, DIRECTORY)
            for table, columns in _RULES.items():
                db.register(table, pd.DataFrame(rules[table], columns=columns))
            db.register("clock", pd.DataFrame({"now": [self.now]}))
            tickets = {
                "ticket_id": np.arange(len(t.opened)),
                "tenant": _words(np.full(len(t.opened), _HOME), _TENANTS),
                "opened_at": _moments(t.opened),
                "closed_at": _moments(t.closed),
            }
            db.register("tickets", pd.DataFrame(tickets, copy=False))
            requests = {
                "side": _words(np.zeros(len(r.ticket), np.int8), [Side.RESOURCE]),
                "request_id": 2 * r.ticket + r.number - 1,
                "ticket_id": r.ticket,
                "support_request_tenant": _words(np.full(len(r.ticket), _HOME), _TENANTS),
                "resource_tenant": _words(np.where(r.common, _PARTNER, _STRANGER), _TENANTS),
                "status": _words(r.status, list(STATUSES)),
                "requested_at": _moments(r.requested),
                "decided_at": _moments(r.decided),
                "changed_at": _moments(r.changed),
            }
            db.register("requests", pd.DataFrame(requests, copy=False))
            yield db

    def figures(self) -> pd.DataFrame:
        """Each figure of `data.figures` by its name: the columns metric and value."""
        with self.relations() as db:
            return figures(db)

    def series(self, name: str) -> pd.DataFrame:
        """A series of `figures.sql`, such as "decided by hours". Raises KeyError."""
        with self.relations() as db:
            return series(db, name)

    def to_room(self, path: str | Path = ":memory:", *, tenants: int = 24, seed: int | None = None) -> Room:
        """A room in which all this happened, among so many tenants with Faker's names; its clock stands at `now`.

        It has no story; its cast are some of the people to whom it happened. `seed` is that of the names, the run's
        where it is None. Raises ValueError for more than 500,000 tickets and where the tenants are too few, and
        FileExistsError where there is a file.
        """
        many, chosen = len(self.record.tickets.opened), self.seed if seed is None else seed
        if many > MOST_IN_A_ROOM:
            raise ValueError(f"a room has at most {MOST_IN_A_ROOM:,} tickets, and this run has {many:,}")
        if type(tenants) is not int or not 1 <= tenants <= 5000:
            raise ValueError(f"tenants must be a whole number from 1 to 5,000, not {tenants!r}")
        path = new_path(path)
        whole = society(Directory(), tenants, engineers(self.behaviour.tickets_per_day), chosen)
        lines = cast(self.record, whole, self.policy, chosen, seconds(self.now))
        summary = f"{many:,} simulated tickets among {tenants:,} customers: how people act is assumed, not measured."
        seen_by = onlookers(lines, whole)
        story = Scenario("A simulated run", summary, self.now, seen_by, self.policy, (), background=None, text="")
        return Room.filled(path, replace(story, text=scenario_text(story)), chosen, self.policy, whole.directory, lines)


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """Where all runs are measured, each at a cursor of its own: to open a database takes longer than a small run."""
    return duckdb.connect(config={"threads": 1})


def _is(action: Action) -> NDArray[np.bool_]:
    """By code of kind: is it this action?"""
    return np.array([kind.action is action for kind in KINDS])


def _ends(status: Status) -> NDArray[np.bool_]:
    """By code of kind: does it lead to this status?"""
    return np.array([kind.end is status for kind in KINDS])


def _codes(kind: NDArray[np.int8], words: Sequence[StrEnum | None]) -> NDArray[np.int8]:
    """For each event the place, among the members of its enumeration, of the word that its kind has."""
    some = next(word for word in words if word)
    places = {word: place for place, word in enumerate(type(some))}
    return np.array([places.get(word, _NONE) if word else _NONE for word in words], np.int8)[kind]


def _words(codes: NDArray[Any], words: Sequence[str]) -> pd.Categorical[Any]:
    return pd.Categorical.from_codes(codes.astype(np.int8), pd.Index([str(word) for word in words]), validate=False)


def _after(at: NDArray[np.int64], limit: timedelta | None) -> NDArray[np.int64]:
    return at + round(limit.total_seconds()) if limit else np.full(len(at), NEVER)


def _moments(at: NDArray[np.int64]) -> NDArray[np.datetime64]:
    """Seconds since 1970 as moments; NEVER as none."""
    return np.where(at == NEVER, np.iinfo(np.int64).min, at).view("datetime64[s]").astype("datetime64[us]")
