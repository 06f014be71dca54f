"""The analyses of what would change a comparison's answer. The job's key defines one completely."""

from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Literal

from dashboard.text.question import Question
from data.simulation.arms import Arm
from data.simulation.decision.knobs import Knob, usual_knob
from data.simulation.decision.policies_tried import policies_tried
from data.simulation.decision.ranges import PLAUSIBLE

Kind = Literal["sensitivity", "sweep", "trade-off"]
MOST_TICKETS, MOST_REPLICATIONS = 5_000, 20
"""Of each case: there are many."""


@dataclass(frozen=True)
class DecisionAsked:
    """One kind of analysis of a question."""

    kind: Kind
    question: Question
    knobs: tuple[str, ...] = ()  # what is swept
    within_days: int = 9  # the time limit within which nine in ten tickets must be resolved
    of_its_own: bool = False  # compare the question's own arms, not the default set

    @property
    def key(self) -> str:
        """The job's key: equal for equal analyses of equal questions."""
        return f"{self.kind} {','.join(self.knobs)} {self.within_days} {self.of_its_own:d} {self.question.link}"

    def owner(self, room: str) -> str:
        """Return its owner: a room can have one of each kind at a time, besides a comparison."""
        return f"{room} {self.kind}"

    @property
    def tickets(self) -> int:
        """The number of tickets of each replication and arm."""
        return min(self.question.tickets, MOST_TICKETS)

    @property
    def replications(self) -> int:
        """The number of replications of each case."""
        return min(self.question.replications, MOST_REPLICATIONS)

    @cached_property
    def swept(self) -> tuple[Knob, ...]:
        """The swept settings and their values."""
        return tuple(usual_knob(name) for name in self.knobs)

    @property
    def arms(self) -> tuple[Arm, ...]:
        """The question's base and arms."""
        return self.question.worlds

    @property
    def runs(self) -> int:
        """The number of runs of one arm in total, or an upper bound."""
        arms = len(self.arms)
        if self.kind == "trade-off":
            return self.replications * (arms if self.of_its_own else len(policies_tried()))
        cases = 1 + 2 * len(PLAUSIBLE) if self.kind == "sensitivity" else prod(len(knob.values) for knob in self.swept)
        return self.replications * arms * cases
