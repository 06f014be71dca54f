"""The policy checker's time on each preset and on a policy with all features."""

import time
from datetime import timedelta

from model import PRESETS, Approval, HistoryFrom, Policy
from model.checker.report import DEFAULT, SMALL, check

TARGETS = {"small": (SMALL, 2.0), "default": (DEFAULT, 60.0)}  # bounds, and seconds
HARDEST = Policy(  # among those tried
    Approval.EACH,
    pending_expires_after=timedelta(days=4),
    grant_lasts=timedelta(hours=8),
    history_from=HistoryFrom.CREATED,
)


def checks() -> None:
    """Print seconds and states, beside the targets."""
    print("\nThe policy checker, one policy on one core:")
    for name, (bounds, target) in TARGETS.items():
        for policy_name, policy in (
            dict(PRESETS) | ({"two keys and every limit": HARDEST} if name == "small" else {})
        ).items():
            report = check(policy, bounds, clock=time.perf_counter)
            assert report.seconds is not None
            verdict = "reached" if report.seconds <= target else "NOT reached"
            print(
                f"  {f'{name} bounds, {policy_name}':<50}{report.seconds:8.2f} s   target <= {target:g} s: {verdict}; "
                f"{report.explored:,} states explored, {report.represented:,} represented",
                flush=True,
            )


if __name__ == "__main__":
    checks()
