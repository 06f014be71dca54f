"""Check a policy against every history of a small world: each promise holds, or a shortest history breaks it.

`small_world` defines its people, `world` what can happen in it; `histories` explores it, `promises` checks each
promise, and `removal_privacy` compares two histories. All of them call the real `decide`, `evolve` and visibility.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from model.checker.histories import Graph, Reached, explore
from model.checker.possible_acts import PossibleActs
from model.checker.promise_names import PRIVACY, SENTENCES, TESTED_BY, promised_by
from model.checker.promises import Counterexample, PromiseChecker
from model.checker.removal_privacy import RemovalPairs
from model.checker.small_world import Bounds
from model.checker.state import Move, Step
from model.checker.world import World
from model.html_parts import table
from model.nearest import nearest
from model.policy import Policy
from model.presets import PRESETS

DEFAULT = Bounds()
SMALL = Bounds(tickets=1, requests=2, ticks=0, everybody=False, around=False)
"""For a page, which needs an answer at once."""


class Verdict(StrEnum):
    """The checker's verdict on a promise."""

    HOLDS = "holds"
    BROKEN = "broken"
    NOTHING_TO_TEST = "nothing to test"


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise: its name, its sentence, and the result of checking it.

    `tested`: the number of tests, in the unit that `TESTED_BY` names. `condition`: the condition under which it is
    broken; "" if there is none.
    """

    name: str
    sentence: str
    tested: int
    counterexample: Counterexample | None = None
    condition: str = ""

    @property
    def verdict(self) -> Verdict:
        """Return whether the promise is broken (also if only under a condition), holds, or was not tested at all."""
        if self.counterexample:
            return Verdict.BROKEN
        return Verdict.HOLDS if self.tested else Verdict.NOTHING_TO_TEST

    @property
    def holds(self) -> bool:
        """Return whether the promise was tested and nothing broke it."""
        return self.verdict is Verdict.HOLDS

    @property
    def tested_by(self) -> str:
        """Return the number of tests in words: "178 removals"."""
        one, several = TESTED_BY[self.name]
        return f"{self.tested:,} {one if self.tested == 1 else several}"


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """What was checked, how thoroughly, and the result."""

    policy: Policy
    bounds: Bounds
    promises: tuple[Promise, ...]
    explored: int  # states of one ticket that were explored
    pairs: int  # of states that were compared, with a removal and without it
    by_symmetry: int  # distinct states of one ticket, counting interchangeable members separately: a lower bound
    represented: int  # distinct states of all tickets together: a lower bound
    transitions: int
    depth: int  # steps of the longest of the shortest histories
    seconds: float | None = None

    @property
    def properties(self) -> tuple[Promise, ...]:
        """Return the promises, under their former name."""
        return self.promises

    @property
    def safe(self) -> bool:
        """Return whether every promise holds, or is broken only under a condition; nothing to test is not safe."""
        return all(found.holds or found.condition for found in self.promises)

    def __repr__(self) -> str:
        """Return what was checked and found, and what to look at next."""
        wrong = [found.name for found in self.promises if not (found.holds or found.condition)]
        found = f"not kept: {', '.join(wrong)}" if wrong else f"all {len(self.promises)} promises hold"
        title = self.policy.title or "a policy of its own"
        return f"<Report on {title!r}: {found}>\nGo on with .safe, .promises, [name]; help(Report) tells more."

    def _repr_html_(self) -> str:
        """Return the verdict and a table of the promises, for a notebook: what is not kept comes first."""
        rows = [
            {
                "promise": found.name,
                "verdict": "under a condition" if found.condition else str(found.verdict),
                "tested by": found.tested_by,
                "how it breaks": found.counterexample.wrong if found.counterexample else "",
            }
            for found in sorted(self.promises, key=lambda found: found.holds or bool(found.condition))
        ]
        caption = "Safe: every promise holds" if self.safe else "Not safe"
        return table(caption, rows, most=len(rows))

    def __getitem__(self, name: str) -> Promise:
        """Return the promise of this name, ignoring case. Raises KeyError."""
        for found in self.promises:
            if found.name.lower() == name.lower():
                return found
        raise KeyError(f"no promise is named {name!r}; they are {', '.join(it.name for it in self.promises)}")


def check(policy: Policy | str, bounds: Bounds = DEFAULT, *, clock: Callable[[], float] | None = None) -> Report:
    """Check what a policy promises, over every history within the bounds.

    `policy` is a Policy or the name of a preset. `clock` returns seconds, from which the report's
    `seconds` are taken. Raises ValueError for an unknown preset.

    >>> from model.checker import SMALL, check
    >>> report = check("okta", SMALL)
    >>> report.safe, report["Removal is private"].holds
    (True, True)
    """
    if isinstance(policy, str):
        if policy not in PRESETS:
            hint = f"; did you mean {near!r}?" if (near := nearest(policy, PRESETS)) else ""
            raise ValueError(f"unknown preset {policy!r}{hint}")
        policy = PRESETS[policy]
    started = clock() if clock else 0.0
    world = World(policy, bounds)
    removal_pairs = RemovalPairs(world)
    checker = PromiseChecker(world, removal_pairs.observer)
    acts = PossibleActs(world)

    def visit(here: Reached, step: Step, move: Move) -> None:
        checker.check_move(here, step, move)
        acts.note_move(here, step, move)

    graph = explore(world, visit)
    for reached in graph.reached:
        checker.check_state(reached)
        acts.note_state(reached)
    broken = checker.broken | acts.broken()
    tested = checker.tested + acts.done
    difference = removal_pairs.first_difference(graph)
    if difference:
        wrong = f"{difference.what}: {difference.with_removal} with the removal, {difference.without} without it"
        broken[PRIVACY] = Counterexample(difference.removed, wrong, difference=difference)
    tested[PRIVACY] = removal_pairs.pairs
    promises = tuple(
        Promise(name, SENTENCES[name], tested[name], broken.get(name), checker.conditions.get(name, ""))
        for name in promised_by(policy)
    )
    weights = _weights(world, graph)
    return Report(
        policy=policy,
        bounds=bounds,
        promises=promises,
        explored=len(graph.reached),
        pairs=removal_pairs.pairs,
        by_symmetry=weights.total(),
        represented=_together(weights, bounds),
        transitions=graph.transitions,
        depth=max(reached.depth for reached in graph.reached),
        seconds=clock() - started if clock else None,
    )


def _weights(world: World, graph: Graph) -> Counter[int]:
    """Count the distinct states of one ticket by the number of its requests.

    A state stands for one state for each choice of interchangeable members on the path to it. States that differ only
    in the ticks left count once, by the first path, so the count is a lower bound.
    """
    weights: dict[object, tuple[int, int]] = {}
    for reached in graph.reached:
        case = reached.state.case
        weights.setdefault(world.case_key(reached.state), (len(case.requests) if case else 0, reached.weight))
    found = Counter[int]()
    for requests, weight in weights.values():
        found[requests] += weight
    return found


def _together(weights: Counter[int], bounds: Bounds) -> int:
    """Count the states of all tickets; for two tickets, the unordered pairs whose requests are within the bounds."""
    if bounds.tickets == 1:
        return weights.total()
    pairs = sum(weights[n] * weights[m] for n in weights for m in weights if n + m <= bounds.requests)
    alike = sum(weights[n] for n in weights if 2 * n <= bounds.requests)
    return (pairs + alike) // 2
