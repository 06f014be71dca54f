"""The process that checks policies for `dashboard.background.checks`."""

import time

from dashboard.background.worker import Progress, serve
from model import Policy
from model.checker import Bounds, Report, check


def main() -> None:
    """Check one policy after the other."""
    serve(_checked)


def _checked(asked: tuple[Policy, Bounds], _: Progress) -> Report:
    policy, bounds = asked
    return check(policy, bounds, clock=time.perf_counter)
