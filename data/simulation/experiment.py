"""Experiments: compare policies or behaviours on the same tickets, over many replications."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from math import ceil, isnan
from pathlib import Path
from typing import Any

from data.files.atomic_folder import new_folder
from data.files.shipped_files import shipped_files
from data.files.toml_reader import Value, parse, read_text
from data.lens.figures import UNITS
from data.scenario.find import known
from data.simulation.arms import CHANGES, Arm, arm_from, arms_of, check_names
from data.simulation.comparison import PRIMARY, Comparison, Until, comparison, half_width
from data.simulation.decision.knobs import Knob, knobs_from
from data.simulation.decision.ranges import Range, ranges_of_key
from data.simulation.decision.sweep import MOST_KNOBS
from data.simulation.decision.trade_off import within_of_key
from data.simulation.on_dask import cluster
from data.simulation.runs.replication import Replication
from data.simulation.size import too_many_tickets, too_much
from data.simulation.threads import Progress, Results, Threads, Workers, reporter
from model import Policy
from model.limits import MOST_REPLICATIONS, MOST_TICKETS, MOST_TICKETS_WITH_EVENTS

__all__ = ["Arm", "Comparison", "Experiment", "Until", "compare", "experiments"]

REPLICATIONS = 20
FEWEST_REPLICATIONS = 2
"""A single replication shows no variation."""
DECISION = ("sensitivity", "sweep", "trade_off")
"""The keys of a file about what would change the decision; see `data.simulation.decision`."""


def compare(
    arms: Mapping[str, Any],
    *,
    tickets: int,
    replications: int = REPLICATIONS,
    seed: int = 1,
    base: Mapping[str, Any] | Policy | str | None = None,
    primary: str = PRIMARY,
    until: Until | None = None,
    progress: Progress | None = None,
    threads: int = 2,
    scheduler: str | None = None,
    events: str | Path | None = None,
    most_tickets: int = MOST_TICKETS,
) -> Comparison:
    """Compare arms on the same tickets and random numbers; return the differences, with 95 % intervals.

    `arms`: by name, the changes of each to the base; the others are compared with the first. An arm is a table with the
    keys `policy` and `behaviour`, of which either may be missing, or a policy alone. A policy is a table of settings in
    the words of a scenario, the name of a preset, or a Policy; a behaviour is a table of its fields, or a Behaviour.
    `base` is given like an arm; without it, the base is the source's policy and the default behaviour.

    `primary` is the figure that decides, named before the run: see `Comparison`.

    Each of the `replications` has so many `tickets` in each arm, and its own random numbers. With `until`, replications
    are added until an interval is as narrow as requested. The same seed gives the same to the last digit, for any
    number of `threads`, and on the workers of the Dask scheduler at the address `scheduler`.

    `progress(done, of)` is called in this thread, several times a second, with how many runs of an arm are done;
    whatever it raises stops the work and is raised here. `events`: a new folder that gets all events as Parquet (see
    `data.simulation.runs.event_files`); the workers of a scheduler must reach it by the same path.

    More than `most_tickets`, or twice as many in all arms together, are refused: a thread needs some 100 bytes for each
    ticket of each arm, and as much for another arm.

    Raises ValueError that names what is wrong; FileExistsError; ConnectionError, and ModuleNotFoundError without Dask.

    >>> comparison = compare({"source": "source", "okta": "okta"}, tickets=100, replications=2)
    >>> comparison.differences["arm"].unique().tolist()
    ['okta']
    """
    return _compare(
        arms_of(arms, base),
        *(tickets, replications, seed, primary, until, progress),
        threads=threads,
        scheduler=scheduler,
        events=events,
        most_tickets=most_tickets,
    )


@dataclass(frozen=True)
class Experiment:
    """A comparison to be made, as a file of `data/experiments` describes it."""

    title: str
    summary: str
    arms: tuple[Arm, ...]  # the first is the base of the comparison
    tickets: int  # of each replication and arm
    replications: int = REPLICATIONS
    seed: int = 1
    primary: str = PRIMARY  # the figure that decides
    until: Until | None = None
    sensitivity: Mapping[str, Range] | None = None  # the ranges of varied assumptions; see `sensitivity`
    sweep: tuple[Knob, ...] | None = None  # what is swept, if anything; see `sweep`
    trade_off: timedelta | None = None  # the time in which tickets have to be resolved; see `trade_off`

    @property
    def most_replications(self) -> int:
        """The largest possible number of replications."""
        return self.until.most if self.until else self.replications

    @classmethod
    def read(cls, path: str | Path) -> "Experiment":
        """Return the experiment of a file. Raises OSError, or ValueError (file, place, reason)."""
        return cls.parse(read_text(path), Path(path).name)

    @classmethod
    def parse(cls, text: str, file: str = "experiment") -> "Experiment":
        """Return the experiment of a TOML text; `file` names it in errors. Raises ValueError."""
        return parse(text, file, _experiment)

    def run(
        self,
        progress: Progress | None = None,
        *,
        threads: int = 2,
        scheduler: str | None = None,
        events: str | Path | None = None,
        most_tickets: int = MOST_TICKETS,
    ) -> Comparison:
        """Make the comparison; see `compare`."""
        return _compare(
            self.arms,
            *(self.tickets, self.replications, self.seed, self.primary, self.until, progress),
            threads=threads,
            scheduler=scheduler,
            events=events,
            most_tickets=most_tickets,
        )


@cache
def experiments() -> dict[str, Experiment]:
    """Return the shipped experiments by name, which is the file's name.

    >>> experiments()["short-grants"].arms[0].name
    'until the ticket closes'
    """
    return {name: Experiment.parse(text, file) for name, file, text in shipped_files("experiments")}


def _compare(
    arms: tuple[Arm, ...],
    tickets: int,
    replications: int,
    seed: int,
    primary: str,
    until: Until | None,
    progress: Progress | None,
    *,
    threads: int,
    scheduler: str | None,
    events: str | Path | None,
    most_tickets: int,
) -> Comparison:
    if type(replications) is not int or not FEWEST_REPLICATIONS <= replications <= MOST_REPLICATIONS:
        raise ValueError(
            f"replications must be a whole number from {FEWEST_REPLICATIONS} (one says nothing of chance) to "
            f"{MOST_REPLICATIONS:,}, not {replications!r}"
        )
    known(primary, UNITS, "primary")
    if until and not replications <= until.most <= MOST_REPLICATIONS:
        raise ValueError(_too_few(until, replications))
    if type(tickets) is int:
        for _, why in too_much(arms, tickets, replications, until.most if until else replications, most_tickets):
            raise ValueError(why)
        if events is not None and (why := too_many_tickets(tickets, MOST_TICKETS_WITH_EVENTS)):
            raise ValueError(f"{why}, where events are kept")
    results: Results = []
    with ExitStack() as stack:
        workers: Workers = stack.enter_context(cluster(scheduler)) if scheduler else Threads(threads)
        replication = Replication(arms, tickets, seed, stack.enter_context(new_folder(events)) if events else None)
        wanted = replications
        while wanted > len(results):
            report = reporter(progress, len(results) * len(arms), wanted * len(arms))
            results += workers.run(replication, range(len(results), wanted), report)
            wanted = _wanted(arms, tickets, results, until)
    return comparison(arms, tickets, seed, results, until, primary)


def _wanted(arms: tuple[Arm, ...], tickets: int, results: Results, until: Until | None) -> int:
    """Return how many replications there should be, judged by the intervals so far; at most twice as many."""
    many = len(results)
    if (
        until is None
        or many >= until.most
        or (half := half_width(arms, tickets, results, until.metric)) <= until.within
    ):
        return many
    enough = 2 * many if isnan(half) else ceil(1.1 * many * (half / until.within) ** 2)
    return min(max(enough, many + 2), 2 * many, until.most)


def _experiment(top: Value) -> Experiment:
    may = ("summary", "replications", "seed", "primary", "base", "until", *DECISION)
    given = top.table(("title", "tickets", "arms"), may)
    base = arm_from("base", given["base"].table((), CHANGES) if "base" in given else {})
    each, taken = [arm.table(("name",), CHANGES) for arm in given["arms"].each()], set[str]()
    names = [arm["name"].new(taken) for arm in each]
    given["arms"].made(lambda: check_names(names))
    read = Experiment(
        title=given["title"].text(),
        summary=given["summary"].text() if "summary" in given else "",
        arms=tuple(arm_from(name, arm, base) for name, arm in zip(names, each, strict=True)),
        tickets=given["tickets"].whole(MOST_TICKETS, 1),
        replications=_replications(given["replications"]) if "replications" in given else REPLICATIONS,
        seed=given["seed"].whole(least=0) if "seed" in given else 1,
        primary=given["primary"].word(UNITS) if "primary" in given else PRIMARY,
        until=_until(given["until"]) if "until" in given else None,
        sensitivity=ranges_of_key(given["sensitivity"]) if "sensitivity" in given else None,
        sweep=knobs_from(given["sweep"], "sweep", MOST_KNOBS) if "sweep" in given else None,
        trade_off=within_of_key(given["trade_off"]) if "trade_off" in given else None,
    )
    if read.until and read.until.most < read.replications:
        raise given["until"].wrong(_too_few(read.until, read.replications))
    for key, why in too_much(read.arms, read.tickets, read.replications, read.most_replications, MOST_TICKETS):
        raise given.get(key, top).wrong(why)
    return read


def _replications(value: Value) -> int:
    return value.whole(MOST_REPLICATIONS, FEWEST_REPLICATIONS)


def _too_few(until: Until, replications: int) -> str:
    return f"at most {until.most!r} replications were allowed; {replications:,} are the fewest"


def _until(table: Value) -> Until:
    given = table.table(("metric", "within"), ("most",))
    given["metric"].word(UNITS)
    most = {"most": _replications(given["most"])} if "most" in given else {}
    return table.made(lambda: Until(given["metric"].it, given["within"].number(), **most))
