"""What the page What if asks beside a comparison: what would change its answer. All of it is in the job's key."""

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
    within_days: int = 9  # in which nine in ten tickets shall be resolved
    of_its_own: bool = False  # trade the question's own arms, not the set that is tried by default

    @property
    def key(self) -> str:
        """The job's key: equal for equal analyses of equal questions."""
        return f"{self.kind} {','.join(self.knobs)} {self.within_days} {self.of_its_own:d} {self.question.link}"

    def owner(self, room: str) -> str:
        """Return who wants it: a room wants one of each kind at a time, beside a comparison."""
        return f"{room} {self.kind}"

    @property
    def tickets(self) -> int:
        """Of each replication and arm."""
        return min(self.question.tickets, MOST_TICKETS)

    @property
    def replications(self) -> int:
        """How often each case is repeated with other chance."""
        return min(self.question.replications, MOST_REPLICATIONS)

    @cached_property
    def swept(self) -> tuple[Knob, ...]:
        """What is swept, with the values that it takes."""
        return tuple(usual_knob(name) for name in self.knobs)

    @property
    def arms(self) -> tuple[Arm, ...]:
        """The question's base and arms."""
        return self.question.worlds

    @property
    def runs(self) -> int:
        """How many runs of one arm there are in all, or a few more."""
        arms = len(self.arms)
        if self.kind == "trade-off":
            return self.replications * (arms if self.of_its_own else len(policies_tried()))
        cases = 1 + 2 * len(PLAUSIBLE) if self.kind == "sensitivity" else prod(len(knob.values) for knob in self.swept)
        return self.replications * arms * cases
