"""What generated people, backgrounds and diagnostic data cost."""

from datetime import datetime
from functools import partial
from statistics import median

from data import scenarios, simulate
from data.generated.assign_names import assign_names
from data.generated.background import background
from data.generated.diagnostics import diagnostics
from data.generated.directory import generated_directory
from data.scenario.scenario import Background
from model import Policy
from model.simulation import seconds
from tests.bench.measuring import judge, show, timed

STARTS = datetime(2026, 3, 2, 9)
TICKETS = 100_000


def generated() -> None:
    """Measure names for a large run, a room's background, and the diagnostic data of a tenant when first read."""
    story = scenarios()["sandbox"].directory
    run, whole = simulate(tickets=TICKETS), generated_directory(story, 12, 9, 1)
    print("\nGenerated data, in memory:")
    for what, act, target in (
        (
            f"names for {TICKETS:,} tickets",
            partial(assign_names, run.trace, whole, run.policy, 7, seconds(run.now)),
            1.0,
        ),
        ("a background of two months", partial(background, Background(), story, Policy(), STARTS, 9), 0.5),
        ("the diagnostic data of a tenant", partial(diagnostics, "tenant-0", "Some Tenant", 1, STARTS), 0.06),
    ):
        times = [timed(act) for _ in range(5)]
        show(f"  {what}", times)
        judge(f"  {what}", median(times) / 1000, target, "s")


if __name__ == "__main__":
    generated()
