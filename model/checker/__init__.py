"""Check what a policy promises against every history of a small world."""

from model.checker.repair import Change, Repair, Repairs, repairs
from model.checker.report import DEFAULT, SMALL, Promise, Report, Verdict, check
from model.checker.small_world import Bounds

__all__ = [
    "DEFAULT",
    "SMALL",
    "Bounds",
    "Change",
    "Promise",
    "Repair",
    "Repairs",
    "Report",
    "Verdict",
    "check",
    "repairs",
]
