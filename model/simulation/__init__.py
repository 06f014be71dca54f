"""The simulation: how people act, what is drawn at random, and the two engines that apply the rules to it."""

from model.simulation.behaviour import Behaviour, Delay, WorkingHours
from model.simulation.bulk import Approvers
from model.simulation.engine import ENGINES, STARTS, begins, run, side_by_side
from model.simulation.hours import NEVER, seconds, weeks_of_tickets, worked
from model.simulation.step import ASK, DIRECTORY, OPEN
from model.simulation.trace import KINDS, STATUSES, By, Events, Kind, Requests, Tickets, Trace

__all__ = [
    "ASK",
    "DIRECTORY",
    "ENGINES",
    "KINDS",
    "NEVER",
    "OPEN",
    "STARTS",
    "STATUSES",
    "Approvers",
    "Behaviour",
    "By",
    "Delay",
    "Events",
    "Kind",
    "Requests",
    "Tickets",
    "Trace",
    "WorkingHours",
    "begins",
    "run",
    "seconds",
    "side_by_side",
    "weeks_of_tickets",
    "worked",
]
