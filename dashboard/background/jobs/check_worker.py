"""The process that checks policies and searches for repairs, for `dashboard.background.jobs.checks`."""

import time

from dashboard.background.jobs.worker import Progress, serve
from model import Policy
from model.checker import Bounds, Repairs, Report, check, repairs


def main() -> None:
    """Check one policy after another."""
    serve(_checked)


def _checked(asked: tuple[Policy, Bounds | None], _: Progress) -> Report | Repairs:
    """Return the report on a policy within bounds, or its repairs if there are none."""
    policy, bounds = asked
    if bounds is None:
        return repairs(policy)
    return check(policy, bounds, clock=time.perf_counter)
