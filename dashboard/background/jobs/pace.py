"""The speed of simulations on this machine, measured by a short trial."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from dashboard.background.jobs.decision_asked import DecisionAsked
from dashboard.text.question import Question
from data.simulation.comparison import PRIMARY
from data.simulation.decision.cases import Size, figures_of_cases
from model.simulation import Behaviour

_SMALL = Question(tickets=200, replications=4, arms={"other": {"policy": {"approval": "each"}}})
_LARGE = replace(_SMALL, tickets=10_000, replications=2)
_EACH_TIME = 0.4  # in runs: the overhead of a replication besides its arms
_LEAST = 1e-8  # seconds


@dataclass(frozen=True)
class Pace:
    """The time of each part of a simulation, in seconds."""

    run: float  # of one arm in one replication, independent of its tickets
    ticket: float  # per ticket under default assumptions
    one_figure: float  # the share of a run's time if only one figure is needed, from 0 to 1

    @classmethod
    def between(cls, small: tuple[Question, float], large: tuple[Question, float], one_figure: float) -> "Pace":
        """Return the pace from the seconds of questions of two sizes."""
        (one, one_took), (other, other_took) = ((asked, took / runs_of(asked)) for asked, took in (small, large))
        ticket = max((other_took - one_took) / (other.tickets - one.tickets), _LEAST)
        return cls(max(one_took - ticket * one.tickets, _LEAST), ticket, one_figure)

    def of(self, asked: Question | DecisionAsked) -> float:
        """Return the estimated seconds of a simulation."""
        question = asked if isinstance(asked, Question) else asked.question
        weights = [_weight(arm.behaviour) for arm in question.worlds]
        ticket = self.ticket * sum(weights) / len(weights)
        if isinstance(asked, Question):
            return runs_of(asked) * (self.run + ticket * asked.tickets)
        return asked.runs * (self.run * self.one_figure + ticket * asked.tickets)


def runs_of(question: Question) -> float:
    """Return a question's number of runs of an arm, with the overhead of replications."""
    return question.replications * (len(question.worlds) + _EACH_TIME)


def _weight(behaviour: Behaviour) -> float:
    """Return the time of a ticket relative to the default assumptions: more if it has a request."""
    return (0.7 + 0.9 * behaviour.share_elsewhere) / (0.7 + 0.9 * Behaviour().share_elsewhere)


@cache
def trial() -> Pace:
    """Measure and return this machine's pace, in a fraction of a second."""
    Question(tickets=100, replications=2).experiment.run()  # one-time imports
    size = Size(_SMALL.tickets, _SMALL.replications)
    one_figure = _seconds(lambda: figures_of_cases([_SMALL.worlds], size, [PRIMARY]))
    small, large = (_seconds(question.experiment.run) for question in (_SMALL, _LARGE))
    return Pace.between((_SMALL, small), (_LARGE, large), min(one_figure / small, 1.0))


def _seconds(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began
