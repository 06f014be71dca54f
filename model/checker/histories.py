"""Explore every history of the small world breadth-first, so that the first path to a state is a shortest one."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from model.case import Event
from model.checker.state import Move, State, Step
from model.checker.world import World


@dataclass(frozen=True, slots=True)
class Reached:
    """A state and a shortest path to it."""

    state: State
    before: "Reached | None" = None
    step: Step | None = None
    events: tuple[Event, ...] = ()  # of the step
    depth: int = 0  # steps from the start
    weight: int = 1  # how many choices of members the path stands for

    @property
    def history(self) -> tuple[Step, ...]:
        """Return the steps that lead here."""
        return (*self.before.history, self.step) if self.before and self.step else ()

    @property
    def log(self) -> tuple[Event, ...]:
        """Return the events on the way here."""
        return (*self.before.log, *self.events) if self.before else ()


@dataclass(slots=True)
class Graph:
    """All reachable states, the nearest first, and the number of moves between them."""

    reached: list[Reached]
    transitions: int


def explore(world: World, visit: Callable[[Reached, Step, Move], None]) -> Graph:
    """Explore every history, and call `visit` once for each move."""
    first = Reached(world.start)
    graph, known, queue = Graph([first], 0), {world.canonical_key(first.state)}, deque([first])
    while queue:
        here = queue.popleft()
        for step, move in moves_from(world, here.state):
            graph.transitions += 1
            visit(here, step, move)
            canonical_key = world.canonical_key(move.to)
            if canonical_key not in known:
                known.add(canonical_key)
                weight = here.weight * move.members
                graph.reached.append(Reached(move.to, here, step, move.events, here.depth + 1, weight))
                queue.append(graph.reached[-1])
    return graph


def moves_from(world: World, state: State) -> Iterator[tuple[Step, Move]]:
    """Yield every step that is possible in a state, with the move that it makes."""
    for (actor, command), members in world.possible_attempts(state):
        yield Step(command, actor), world.do(state, actor, command)._replace(members=members)
    for length in world.waits(state):
        yield Step(length), world.wait(state, length)
