"""Run an experiment in many cases with different settings, on the same tickets and the same random numbers."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypedDict, TypeVar, Unpack

import numpy as np
from numpy.typing import NDArray

from data.lens.figures import UNITS
from data.scenario.find import known
from data.simulation.arms import Arm, arms_of
from data.simulation.comparison import PRIMARY
from data.simulation.on_dask import cluster
from data.simulation.runs.replication import Replication
from data.simulation.size import too_many_tickets
from data.simulation.statistics.pooled import METRICS, Pooled
from data.simulation.threads import Progress, Threads, Workers, reporter
from data.simulation.words.answer import ACCESS
from model import Policy
from model.limits import MOST_REPLICATIONS, MOST_RUNS, MOST_TICKETS

Numbers = NDArray[np.float64]
Arms = tuple[Arm, ...]
Read = TypeVar("Read")
TICKETS, REPLICATIONS = 2_500, 20
"""The defaults for each case."""


class Asked(Protocol):
    """The attributes that are needed of an `Experiment`."""

    @property
    def arms(self) -> tuple[Arm, ...]:
        """The arms; the first is the base of the comparison."""

    @property
    def tickets(self) -> int:
        """The tickets of each replication and arm."""

    @property
    def replications(self) -> int:
        """How often everything is repeated with new random numbers."""

    @property
    def seed(self) -> int:
        """The seed of the random numbers."""


class Wanted(TypedDict, total=False):
    """The options that `sensitivity`, `sweep` and `trade_off` share, each as in `compare`.

    The default, also for None, is the experiment's value, or else that of `Size`.
    """

    base: Mapping[str, Any] | Policy | str | None
    tickets: int | None
    replications: int | None
    seed: int | None
    threads: int
    scheduler: str | None
    progress: Progress | None


@dataclass(frozen=True, slots=True)
class Size:
    """How much is simulated for each case, and with which workers. Raises ValueError."""

    tickets: int = TICKETS
    replications: int = REPLICATIONS
    seed: int = 1
    threads: int = 2
    scheduler: str | None = None
    progress: Progress | None = None

    def __post_init__(self) -> None:
        if why := too_many_tickets(self.tickets, MOST_TICKETS):
            raise ValueError(why)
        if type(self.replications) is not int or not 2 <= self.replications <= MOST_REPLICATIONS:
            raise ValueError(
                f"replications must be a whole number from 2 (one says nothing of chance) to {MOST_REPLICATIONS:,}, "
                f"not {self.replications!r}"
            )


def arms_and_size(asked: Asked | Mapping[str, Any], **given: Unpack[Wanted]) -> tuple[Arms, Size]:
    """Return the arms, given by an experiment or by name, and how much to simulate. Raises ValueError."""
    base = given.pop("base", None)
    wanted: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if isinstance(asked, Mapping):
        return arms_of(asked, base), Size(**wanted)
    if base is not None:
        raise ValueError("an experiment has a base of its own")
    of_its_own = {"tickets": asked.tickets, "replications": asked.replications, "seed": asked.seed}
    return asked.arms, Size(**{**of_its_own, **wanted})


def primary_of(asked: object, figure: str | None) -> str:
    """Return the figure that decides: the given one, the experiment's own, or the median time to resolution.

    Raises ValueError for an unknown figure.
    """
    return known(figure or getattr(asked, "primary", None) or PRIMARY, UNITS, "figure")


def figures_of_cases(cases: Sequence[Arms], size: Size, figures: Sequence[str]) -> Numbers:
    """Return the figures as an array by case, replication, arm and figure; NaN for a missing one.

    Their mean over the replications is the figure of all tickets, and their spread its sampling error, as in `compare`.
    See `run_cases`.
    """
    places = [METRICS.index(figure) for figure in figures]
    return np.array(run_cases(cases, size, figures, lambda pooled: (pooled.middle + pooled.errors)[..., places]))


def run_cases(
    cases: Sequence[Arms],
    size: Size,
    figures: Sequence[str],
    read: Callable[[Pooled], Read],
    *,
    every_pair: bool = False,
) -> list[Read]:
    """Return what `read` gives for each case, with only these figures; `every_pair`: see `Replication`.

    Every replication has the same random numbers in all cases. Raises ValueError, and what `compare` raises.
    """
    different = tuple(dict.fromkeys(cases))
    runs = size.replications * sum(len(arms) for arms in different)
    if runs > MOST_RUNS:
        raise ValueError(f"at most {MOST_RUNS:,} runs can be made, not {runs:,}: ask for fewer cases or replications")
    wanted = (*figures, *(() if ACCESS in figures else (ACCESS,)))  # two more figures are derived from the access
    found: dict[Arms, Read] = {}
    done = 0
    with ExitStack() as stack:
        workers: Workers = stack.enter_context(cluster(size.scheduler)) if size.scheduler else Threads(size.threads)
        for arms in different:
            replication = Replication(arms, size.tickets, size.seed, figures=wanted, every_pair=every_pair)
            results = workers.run(replication, range(size.replications), reporter(size.progress, done, runs))
            found[arms] = read(Pooled(arms, size.tickets, results))
            done += size.replications * len(arms)
    return [found[arms] for arms in cases]


def assuming(arms: Arms, name: str, value: Any) -> Arms:
    """Return the arms with another value of one assumption in each."""
    change = {name: value}
    return tuple(replace(arm, behaviour=replace(arm.behaviour, **change)) for arm in arms)
