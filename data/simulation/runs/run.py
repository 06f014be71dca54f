"""A simulated run of many tickets under a policy, as frames, as figures, or as a room."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from data.generated.assign_names import assign_names
from data.generated.background import engineers
from data.generated.directory import generated_directory
from data.generated.suggested_viewers import suggested_viewers
from data.lens.figures import figures, series
from data.room import Room
from data.room.file.setup import new_path
from data.scenario.find import find_policy
from data.scenario.policy_words import differences
from data.scenario.scenario import Scenario
from data.scenario.writer import scenario_text
from data.simulation.runs.run_events import run_events
from data.simulation.runs.run_tables import GIVEN, lent_tables, request_columns, run_tables, ticket_columns
from data.simulation.size import too_many_tickets
from data.simulation.steady import notes_of_run
from data.simulation.words.figure_words import figure
from model import Directory, Policy
from model.html_parts import card, table
from model.limits import EPOCH, MOST_TENANTS, MOST_TICKETS, MOST_TICKETS_IN_A_ROOM
from model.simulation import STARTS, Behaviour, Trace, run, seconds


def simulate(
    policy: Policy | str | Mapping[str, Any] = "source",
    behaviour: Behaviour | None = None,
    *,
    tickets: int,
    seed: int = 1,
    replication: int = 0,
    engine: str = "bulk",
    threads: int = 2,
    starts: datetime = STARTS,
    until: datetime | None = None,
    most_tickets: int = MOST_TICKETS,
) -> "Run":
    """Simulate so many tickets, opened from `starts` on and followed until they are closed, or until `until`.

    `policy`: a Policy, the name of a preset, or a table of settings as in a scenario. `engine`: "bulk", or the slower
    "step", which gives the same. The same seed gives the same tickets under every policy; each replication has others.
    Times are naive UTC. More than `most_tickets` are refused: a ticket takes some 140 bytes of memory, and 250 more in
    `events`. Raises ValueError.

    >>> run = simulate(tickets=1000, policy="okta", seed=1)
    >>> run.events["action"].value_counts()["open"]
    np.int64(1000)
    """
    if problem := too_many_tickets(tickets, most_tickets):
        raise ValueError(problem)
    chosen, people = find_policy(policy), behaviour or Behaviour()
    trace = run(
        chosen, people, tickets, seed=seed, replication=replication, starts=starts, engine=engine, threads=threads
    )
    if until is not None:
        trace = trace.until(seconds(until))
    return Run(chosen, people, seed, starts, until, trace, threads)


@dataclass(frozen=True, repr=False)
class Run:
    """The result of `simulate`. Without names: each ticket lives in the world of `model.simulation.DIRECTORY`."""

    policy: Policy
    behaviour: Behaviour
    seed: int
    starts: datetime
    until: datetime | None  # None: every ticket was followed to its end
    trace: Trace
    threads: int = 1  # that work on its frames

    def __repr__(self) -> str:
        """Return a summary of the run, and what to look at next."""
        many, title = len(self.trace.tickets.opened), self.policy.title or "a policy of its own"
        short = "It is too short for a steady state: see the notes in .figures(). " if any(self._notes.values()) else ""
        return (
            f"<Run of {many:,} tickets under {title!r}, seed {self.seed}, until {self.now:%Y-%m-%d %H:%M} UTC>\n{short}"
            "Go on with .events, .tickets, .requests, .figures(), .series(name), .to_room(); help(Run) tells more."
        )

    def _repr_html_(self) -> str:
        """Return what was simulated, and its figures, for a notebook."""
        changes = "; ".join(clause for clause, _ in differences(self.policy))
        facts = {
            "tickets": f"{len(self.trace.tickets.opened):,}, opened from {self.starts:%d %B %Y} on",
            "policy": self.policy.title or changes or "as the source says",
            "seed": self.seed,
            "until": f"{self.now:%d %B %Y, %H:%M} UTC",
        }
        rows = [
            {"figure": row["metric"], "value": figure(float(row["value"]), row["unit"]), "note": row["note"]}
            for row in self.figures().to_dict("records")
        ]
        assumed = "<p>How people act is assumed, not measured.</p>"
        return card("A simulated run", facts) + table("Its figures", rows, most=len(rows)) + assumed

    @property
    def now(self) -> datetime:
        """The end of the observation, naive UTC: `until`, or else the last event."""
        if self.until is not None:
            return self.until
        return EPOCH + timedelta(seconds=int(self.trace.tickets.closed.max()))

    @cached_property
    def events(self) -> pd.DataFrame:
        """Everything that happened, a row for each event, in order, in the columns of a room's log.

        - seq int64: from 1; occurred_at datetime64[us]: naive UTC; action category: an `Action`
        - ticket_id int64: from 0; request_id Int64: 2 * ticket_id for its first access request, and 1 more for another
        - person, signed_in_to category: the member who acted and the member's tenant; engineer category: who acted
        - from_status, to_status category: of the access request; due_at datetime64[us]: when it then expires or lapses
        - tenant category: of a new ticket, or the resource tenant of a new request
        - title, severity, assigned_engineer category, advanced_diagnostics boolean: of a new ticket
        - reason category: of a new request; category, refusal category and step Int32: always missing

        Values are missing where they do not apply.
        """
        return run_events(self.trace, self.policy, self.threads)

    @cached_property
    def _notes(self) -> Mapping[str, str]:
        return notes_of_run(self.trace, self.policy, self.behaviour, seconds(self.now))

    @property
    def tickets(self) -> pd.DataFrame:
        """The tickets, a row for each, by the number that `events` gives them.

        Columns: ticket_id int64; tenant category; opened_at and closed_at datetime64[us]: naive UTC, missing if open.
        """
        return pd.DataFrame(ticket_columns(self.trace), copy=False)

    @property
    def requests(self) -> pd.DataFrame:
        """The access requests, a row for each, by the number that `events` gives them.

        Columns: request_id and ticket_id int64; support_request_tenant, resource_tenant and status category;
        requested_at, decided_at and changed_at datetime64[us]: naive UTC, missing while nobody has decided.
        """
        return pd.DataFrame(request_columns(self.trace), copy=False).sort_values("request_id", ignore_index=True)

    def relations(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """Open a cursor at which the tables that `figures.sql` reads can be queried."""
        return run_tables(self.trace, self.policy, self.now)

    def figures(self) -> pd.DataFrame:
        """Return each figure that is one number.

        Columns: metric str; value float64, in the metric's unit; unit str: "hours", "share", "grants" or "AUC"; note
        str: that the run is too short for a steady state, as it starts without grants and without a queue, and how many
        tickets would do; empty if it is long enough.
        """
        with lent_tables(self.trace, self.policy, self.now) as db:
            found = figures(db, GIVEN, keep_plan=True)
        return found.assign(note=found["metric"].map(self._notes).astype("str"))

    def series(self, name: str) -> pd.DataFrame:
        """Return a series of `figures.sql`, such as "decided by hours". Raises KeyError."""
        with self.relations() as db:
            return series(db, name)

    def to_room(self, path: str | Path = ":memory:", *, tenants: int = 24, seed: int | None = None) -> Room:
        """Create a room in which all this happened, among so many tenants with Faker's names, whose clock is at `now`.

        It has no story; its viewers are some of the people to whom it happened. `seed` is that of the names, the run's
        if it is None. Raises ValueError for more than 500,000 tickets and if the tenants are too few, and
        FileExistsError if the file exists.
        """
        many, chosen = len(self.trace.tickets.opened), self.seed if seed is None else seed
        if many > MOST_TICKETS_IN_A_ROOM:
            raise ValueError(f"a room has at most {MOST_TICKETS_IN_A_ROOM:,} tickets, and this run has {many:,}")
        if type(tenants) is not int or not 1 <= tenants <= MOST_TENANTS:
            raise ValueError(f"tenants must be a whole number from 1 to {MOST_TENANTS:,}, not {tenants!r}")
        path = new_path(path)
        whole = generated_directory(Directory(), tenants, engineers(self.behaviour.tickets_per_day), chosen)
        lines = assign_names(self.trace, whole, self.policy, chosen, seconds(self.now))
        summary = (
            f"{many:,} simulated support requests among {tenants:,} customers: how people act is assumed, not measured."
        )
        viewers = suggested_viewers(lines, whole)
        story = Scenario("A simulated run", summary, self.now, viewers, self.policy, (), background=None, text="")
        return Room.filled(path, replace(story, text=scenario_text(story)), chosen, self.policy, whole.directory, lines)
