"""Rooms, what their members see, scenarios and simulations: the rules of `model`, stored in DuckDB."""

from data.ad_hoc_sql.asking import QueryFailed, QueryLimits
from data.autopilot.autopilot import Autopilot, autopilot
from data.fitting.fit import Fit, fit
from data.lens.lens import Desk, Lens, Overview
from data.room import DamagedRoom, Done, Room, RoomUnavailable
from data.scenario.expectations import Played
from data.scenario.reader import scenarios
from data.scenario.scenario import Scenario
from data.simulation.decision.sensitivity import Sensitivity, sensitivity
from data.simulation.decision.sweep import Sweep, sweep
from data.simulation.decision.trade_off import TradeOff, trade_off
from data.simulation.experiment import Comparison, Experiment, Until, compare, experiments
from data.simulation.runs.run import Run, simulate

__all__ = [
    "Autopilot",
    "Comparison",
    "DamagedRoom",
    "Desk",
    "Done",
    "Experiment",
    "Fit",
    "Lens",
    "Overview",
    "Played",
    "QueryFailed",
    "QueryLimits",
    "Room",
    "RoomUnavailable",
    "Run",
    "Scenario",
    "Sensitivity",
    "Sweep",
    "TradeOff",
    "Until",
    "autopilot",
    "compare",
    "experiments",
    "fit",
    "scenarios",
    "sensitivity",
    "simulate",
    "sweep",
    "trade_off",
]
