"""Estimate a behaviour from a room, a simulated run, a log of events, or a user's own tickets."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import pandas as pd

from data.fitting.as_experiment import experiment_text
from data.fitting.cases import NEEDED, Cases, cases_of
from data.fitting.findings import RESTS_ON, Finding, kept
from data.fitting.learning import findings_of
from data.fitting.report import curves, quantiles, report_frame, report_html
from data.fitting.working_hours import shape
from data.room import Room
from data.scenario.find import find_policy
from data.simulation.runs.run import Run
from data.simulation.threads import Progress
from model import Directory, Policy
from model.simulation import DIRECTORY, Behaviour


def fit(
    source: Room | Run | pd.DataFrame | str | Path,
    *,
    assumed: Behaviour | None = None,
    policy: Policy | str | None = None,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> "Fit":
    """Learn how people act: `fit(room).behaviour` is a Behaviour, and `fit(room).report` says what it rests on.

    `source`: a room, a simulated run, a frame of events from either, or a user's own tickets (a frame or a file, as for
    `Room.from_tickets`). For a frame of events, `policy` is the policy in force (by default the source's), and `now`
    the end of the observation (by default the last event).

    Everything is estimated by maximum likelihood. What had not happened by the end of the observation, or by a
    competing event (a ticket was closed, a request expired, a grant lapsed), is right-censored at that time. What the
    data cannot show keeps its value in `assumed`. `progress` is called with the number of assumptions done, and of all.
    Raises ValueError, and what `Room.from_tickets` raises.

    >>> from data import simulate
    >>> found = fit(simulate(tickets=500, seed=1))
    >>> round(found.behaviour.share_elsewhere, 2)
    0.35
    """
    if isinstance(source, Room):
        return History.of(source).fit(assumed, progress)
    if isinstance(source, Run):
        return History(source.events, source.now, source.policy, DIRECTORY).fit(assumed, progress)
    if isinstance(source, pd.DataFrame) and set(NEEDED) <= set(source.columns):
        return History(source, now, find_policy(policy or "source")).fit(assumed, progress)
    with Room.from_tickets(source) as room:
        return fit(room, assumed=assumed, progress=progress)


@dataclass(frozen=True)
class History:
    """What happened somewhere, and all that a fit has to know of it. It can be sent to another process."""

    events: pd.DataFrame
    now: datetime | None  # when the observation ended; None: with the last event
    policy: Policy
    directory: Directory | None = None  # None: nobody knows who administers what
    said: frozenset[str] | None = None  # the fields that an imported history rests on; other times in it only stand in

    @classmethod
    def of(cls, room: Room) -> Self:
        """Return what has happened in a room until now."""
        return cls(room.events()[list(NEEDED)], room.now, room.policy, room.directory, room.fields_said)

    def fit(self, assumed: Behaviour | None = None, progress: Progress | None = None) -> "Fit":
        """Learn from it, as `fit` does."""
        base, tell = assumed or Behaviour(), progress or _tell_nobody
        tell(0, len(fields(Behaviour)))
        cases = cases_of(self.events, self.now, self.policy, self.directory)
        return _fit(cases, self.policy, base, tell, self.said)


@dataclass(frozen=True, repr=False)
class Fit:
    """The result of `fit`: a behaviour as in the data, and what each of its numbers rests on."""

    behaviour: Behaviour
    findings: tuple[Finding, ...]  # one for each field of Behaviour, in its order
    tickets: int
    now: datetime
    policy: Policy  # in force in the data
    shape: str  # how the hours in which tickets are opened compare with a simulation's

    def __repr__(self) -> str:
        """Return how much was learned, and what to look at next."""
        learned = sum(each.learned for each in self.findings)
        return (
            f"<Fit to {self.tickets:,} tickets: {learned} of {len(self.findings)} assumptions learned>\n"
            "Go on with .behaviour, .report, .experiment, .curves, .quantiles; help(Fit) tells more."
        )

    def _repr_html_(self) -> str:
        """Return the report as a table, for a notebook."""
        return report_html(self.findings, self.tickets, self.shape)

    @property
    def learned(self) -> list[str]:
        """The fields of Behaviour that were learned."""
        return [each.name for each in self.findings if each.learned]

    @property
    def kept(self) -> list[str]:
        """The fields of Behaviour that keep their assumption."""
        return [each.name for each in self.findings if not each.learned]

    @property
    def report(self) -> pd.DataFrame:
        """Return a row for each number of the behaviour.

        Columns: assumption (a field of Behaviour), says (what it is about), part (of a delay: "half within" or "nine in
        ten within"; otherwise ""), value, low and high (the 95 % interval; NaN if there is none) in hours, shares or
        tickets, words and interval (the same as text), cases (how many it rests on), learned (bool) and reason.
        """
        return report_frame(self.findings)

    @property
    def experiment(self) -> str:
        """The TOML of an experiment in which people act as in the data, for `Experiment.parse` and `compare`."""
        return experiment_text(self.findings, self.behaviour, self.policy, self.tickets)

    @property
    def curves(self) -> pd.DataFrame:
        """Return how well each learned delay fits.

        Columns: assumption, hours, share (of the cases that ended within so many hours, open ones counted as by Kaplan
        and Meier), low and high (95 %), fitted (the share by the fit).
        """
        return curves(self.findings)

    @property
    def quantiles(self) -> pd.DataFrame:
        """Return the hours within which each share of the cases ended. Columns: assumption, share, seen, fitted."""
        return quantiles(self.findings)


def _tell_nobody(done: int, of: int) -> None:
    """Report nothing."""


def _fit(
    cases: Cases,
    policy: Policy,
    assumed: Behaviour,
    tell: Progress,
    said: Collection[str] | None = None,
) -> Fit:
    """Estimate from cases; `said` as in `History`."""
    found: dict[str, Finding] = {}
    for each in findings_of(cases, policy, assumed):
        found[each.name] = each
        tell(len(found), len(fields(Behaviour)))
    for name, needed in RESTS_ON.items():
        if said is not None and (missing := sorted(needed - {*said})):
            found[name] = kept(name, assumed, 0, f"the data that was imported does not say: {', '.join(missing)}")
    ordered = tuple(found[field.name] for field in fields(Behaviour))
    values: dict[str, Any] = {each.name: each.value for each in ordered}
    moment = pd.Timestamp(cases.now, unit="s").to_pydatetime()
    return Fit(Behaviour(**values), ordered, cases.tickets, moment, policy, shape(cases.opened))
