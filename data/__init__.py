"""Rooms, what is seen of them, and the scenarios that they begin with: the rules of `model`, kept in DuckDB."""

from data.lens import Desk, Lens, Overview
from data.room import Done, Room
from data.scenario import Scenario, scenarios
from data.simulation.experiment import Comparison, Experiment, Until, compare, experiments
from data.simulation.run import Run, simulate
from data.store import DamagedRoom
from data.story import Played

__all__ = [
    "Comparison",
    "DamagedRoom",
    "Desk",
    "Done",
    "Experiment",
    "Lens",
    "Overview",
    "Played",
    "Room",
    "Run",
    "Scenario",
    "Until",
    "compare",
    "experiments",
    "scenarios",
    "simulate",
]
