"""Is a policy safe? Every history of a small world is tried against what the policy promises."""

from model.checker.report import DEFAULT, SMALL, Promise, Report, Verdict, check
from model.checker.small_world import Bounds

__all__ = ["DEFAULT", "SMALL", "Bounds", "Promise", "Report", "Verdict", "check"]
