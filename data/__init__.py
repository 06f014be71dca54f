"""Rooms, what is seen of them, and the scenarios that they begin with: the rules of `model`, kept in DuckDB."""

from data.lens import Desk, Lens, Overview
from data.room import Done, Room
from data.scenario import Scenario, scenarios
from data.store import DamagedRoom
from data.story import Played

__all__ = ["DamagedRoom", "Desk", "Done", "Lens", "Overview", "Played", "Room", "Scenario", "scenarios"]
