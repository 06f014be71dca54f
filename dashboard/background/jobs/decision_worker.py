"""Analyses of what would change an answer, computed and drawn in the process that runs comparisons."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from dashboard.background.jobs.decision_asked import DecisionAsked
from dashboard.background.jobs.worker import CannotAnswer, Progress
from data.simulation.arms import Arm, arms_of
from data.simulation.decision.policies_tried import policies_tried
from data.simulation.decision.sensitivity import Sensitivity, sensitivity
from data.simulation.decision.sweep import Sweep, sweep
from data.simulation.decision.trade_off import TradeOff, trade_off
from data.simulation.experiment import Experiment

Found = Sensitivity | Sweep | TradeOff


@dataclass(frozen=True)
class DecisionResult:
    """The results, and their pictures as Vega-Lite specifications, by arm or by kind."""

    found: Found
    pictures: Mapping[str, dict[str, Any]]
    seconds: float = 0.0  # seconds of the simulation, without pictures


def decided(asked: DecisionAsked, progress: Progress) -> DecisionResult:
    """Run an analysis and draw it. Raises CannotAnswer."""
    experiment = replace(asked.question.experiment, tickets=asked.tickets, replications=asked.replications)
    try:
        began = time.monotonic()
        found = _found(asked, experiment, progress)
        return replace(drawn(found), seconds=time.monotonic() - began)
    except ValueError as error:
        raise CannotAnswer(str(error)) from error


def drawn(found: Found) -> DecisionResult:
    """Return the results with their pictures."""
    return DecisionResult(found, {name: chart.to_dict() for name, chart in _pictures(found).items()})


def _found(asked: DecisionAsked, experiment: Experiment, progress: Progress) -> Found:
    match asked.kind:
        case "sensitivity":
            return sensitivity(experiment, progress=progress)
        case "sweep":
            return sweep(replace(experiment, sweep=asked.swept), progress=progress)
        case "trade-off":
            policies = experiment if asked.of_its_own else replace(experiment, arms=_tried(asked.arms[0]))
            return trade_off(policies, within=timedelta(days=asked.within_days), progress=progress)


def _tried(base: Arm) -> tuple[Arm, ...]:
    """Return the policies that are tried by default, with the behaviour of the question's base."""
    return arms_of(policies_tried(), {"behaviour": base.behaviour})


def _pictures(found: Found) -> dict[str, Any]:
    from dashboard import charts

    match found:
        case Sensitivity():
            return {arm.name: charts.tornado(found, arm.name) for arm in found.arms[1:]}
        case Sweep(knobs=(_,)):
            return {found.arms[0].name: charts.swept(found, found.arms[0].name)}
        case Sweep():
            return {arm.name: charts.swept(found, arm.name) for arm in found.arms}
        case TradeOff():
            return {against: charts.traded(found, against) for against in ("access", "guess")}
