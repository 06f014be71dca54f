"""Is a policy safe? Every history of a small world is tried, and each property holds or a shortest history breaks it.

`model.promises` says what each property is, `model.small_world` who there is, `model.exploration` what can happen, and
`model.noninterference` how two histories are compared. All of them ask the real `decide`, `evolve` and visibility.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from model.checker.histories import Graph, World, explore
from model.checker.promises import PRIVACY, SENTENCES, Counterexample, Promises
from model.checker.removal_privacy import Twins
from model.checker.small_world import Bounds
from model.policy import Policy

DEFAULT = Bounds()
SMALL = Bounds(tickets=1, requests=2, ticks=0, everybody=False, around=False)
"""For a page: an answer at once."""


@dataclass(frozen=True, slots=True)
class Property:
    """A promise: its name, a sentence that says it, and whether every history keeps it.

    `condition`: where it holds only under a condition, in which case it is broken.
    """

    name: str
    sentence: str
    holds: bool
    counterexample: Counterexample | None = None
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked, how thoroughly, and what came of it."""

    policy: Policy
    bounds: Bounds
    properties: tuple[Property, ...]
    explored: int  # states of one ticket that were walked through
    pairs: int  # of states, with a removal and without it, that were compared
    by_symmetry: int  # distinct states of one ticket, when members who are alike are told apart; or more
    represented: int  # distinct states of all tickets together; or more
    transitions: int
    depth: int  # steps of the longest of the shortest histories
    seconds: float | None = None

    @property
    def safe(self) -> bool:
        """Do all hold, conditions aside?"""
        return all(found.holds or found.condition for found in self.properties)

    def __getitem__(self, name: str) -> Property:
        """The property of this name, in capitals or not. Raises KeyError."""
        for found in self.properties:
            if found.name.lower() == name.lower():
                return found
        raise KeyError(f"no property is named {name!r}; they are {', '.join(SENTENCES)}")


def check(policy: Policy, bounds: Bounds = DEFAULT, *, clock: Callable[[], float] | None = None) -> Report:
    """Tries every history within the bounds. `clock` gives seconds, for the report's."""
    begun = clock() if clock else 0.0
    world = World(policy, bounds)
    twins = Twins(world)
    promises = Promises(world, twins)
    graph = explore(world, promises.move)
    for reached in graph.reached:
        promises.state(reached)
    difference = twins.first_difference(graph)
    if difference:
        wrong = f"{difference.what}: {difference.with_removal} with the removal, {difference.without} without it"
        promises.broken[PRIVACY] = Counterexample(difference.removed, wrong, difference=difference)
    properties = tuple(
        Property(
            name,
            sentence,
            holds=name not in promises.broken,
            counterexample=promises.broken.get(name),
            condition=promises.conditions.get(name, ""),
        )
        for name, sentence in SENTENCES.items()
    )
    weights = _weights(world, graph)
    return Report(
        policy=policy,
        bounds=bounds,
        properties=properties,
        explored=len(graph.reached),
        pairs=twins.pairs,
        by_symmetry=weights.total(),
        represented=_together(weights, bounds),
        transitions=graph.transitions,
        depth=max(reached.depth for reached in graph.reached),
        seconds=clock() - begun if clock else None,
    )


def _weights(world: World, graph: Graph) -> Counter[int]:
    """How many distinct states of one ticket there are, by the number of its requests.

    Members who are alike make states that differ in who acted, and a state that was reached with more or fewer ticks
    left is the same one: of each the members on one way to it are counted, which are the fewest that it stands for.
    """
    weights: dict[object, tuple[int, int]] = {}
    for reached in graph.reached:
        case = reached.state.case
        weights.setdefault(world.stands(reached.state), (len(case.requests) if case else 0, reached.weight))
    found = Counter[int]()
    for requests, weight in weights.values():
        found[requests] += weight
    return found


def _together(weights: Counter[int], bounds: Bounds) -> int:
    """States of all tickets: of two, each pair whose requests are within the bounds, in either order counted once."""
    if bounds.tickets == 1:
        return weights.total()
    pairs = sum(weights[n] * weights[m] for n in weights for m in weights if n + m <= bounds.requests)
    alike = sum(weights[n] for n in weights if 2 * n <= bounds.requests)
    return (pairs + alike) // 2
