"""The engine agrees with theory where there is one: memoryless delays are competing exponentials.

Each figure is compared by a z-test, each distribution by a Kolmogorov-Smirnov test. The seeds are fixed. The
family-wise error rate of one policy is 0.001: each test has a level of 0.001 over their number.
"""

from datetime import timedelta
from math import exp, sqrt

import numpy as np
from scipy import stats

from model import Approval, Policy, Status
from model.simulation import NEVER, STATUSES, Behaviour, Delay, Trace, run

TICKETS = 250_000
LEVEL = 0.001
HOURS = 3600

# Rates, per hour, of the competing delays.
DECIDES, WORKS, REMOVES, SLOWER = 1 / 10, 1 / 25, 1 / 18, 3.0
CLOSES = WORKS / SLOWER  # without access
REJECTED, REMOVED, COMMON, AT_HOME = 0.2, 0.4, 0.7, 0.8
ASK = 5.0  # hours on average
MEMORYLESS = Behaviour(
    share_elsewhere=1,
    share_with_common_administrator=COMMON,
    share_rejected=REJECTED,
    share_removed=REMOVED,
    share_asked_again=0,
    slower_without_access=SLOWER,
    ask=Delay.exponential(ASK),
    decide=Delay.exponential(1 / DECIDES),
    remove=Delay.exponential(1 / REMOVES),
    work=Delay.exponential(1 / WORKS),
)


def z_of_share(found: np.ndarray, expected: float) -> float:
    """Return by how many standard errors a share differs from the expected one."""
    return (found.mean() - expected) / sqrt(expected * (1 - expected) / len(found))


def z_of_mean(found: np.ndarray, expected: float) -> float:
    return (found.mean() - expected) / (found.std() / sqrt(len(found)))


def hold(zs: dict[str, float], laws: dict[str, float] | None = None) -> None:
    """Assert that no figure and no distribution (by its p value) is rejected."""
    each = LEVEL / (len(zs) + len(laws or {}))
    refused = {what: z for what, z in zs.items() if 2 * stats.norm.sf(abs(z)) < each}
    refused |= {what: p for what, p in (laws or {}).items() if p < each}
    assert refused == {}


def is_(trace: Trace, *statuses: Status) -> np.ndarray:
    return np.isin(trace.requests.status, [STATUSES.index(status) for status in statuses])


def hours(begins: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Return hours; half a second is subtracted because seconds are rounded up."""
    return (ends - begins - 0.5) / HOURS


def test_decision_and_closing_compete():
    """Outcomes, their times and closing times are as expected without limits."""
    trace = run(Policy(), MEMORYLESS, TICKETS, seed=11)
    requests, tickets = trace.requests, trace.tickets
    decided, common = requests.decided < NEVER, requests.common
    granted = is_(trace, Status.REVOKED, Status.COMPLETED)
    wait = hours(requests.requested, requests.decided)[decided]
    access = hours(requests.decided, requests.changed)[granted]
    decides = DECIDES / (DECIDES + CLOSES)
    revoked = REMOVED * REMOVES / (REMOVES + WORKS)
    of_access = (1 - REMOVED) / WORKS + REMOVED / (REMOVES + WORKS)
    after = REJECTED / CLOSES + (1 - REJECTED) * (of_access + revoked / CLOSES)
    resolution = hours(tickets.opened, tickets.closed)
    shared = tickets.common
    hold(
        {
            "share decided": z_of_share(decided[common], decides),
            "share canceled": z_of_share(is_(trace, Status.CANCELED)[common], 1 - decides),
            "share of rejections": z_of_share(is_(trace, Status.REJECTED)[decided], REJECTED),
            "share of grants removed": z_of_share(is_(trace, Status.REVOKED)[granted], revoked),
            "hours to a decision": z_of_mean(wait, 1 / (DECIDES + CLOSES)),
            "hours of access": z_of_mean(access, of_access),
            "hours to resolution": z_of_mean(resolution[shared], ASK + 1 / (DECIDES + CLOSES) + decides * after),
            "hours to resolution where nobody can decide": z_of_mean(resolution[~shared], ASK + 1 / CLOSES),
        },
        {
            "hours to a decision": stats.kstest(wait, stats.expon(scale=1 / (DECIDES + CLOSES)).cdf).pvalue,
            "hours of access": stats.kstest(
                access, lambda t: 1 - (1 - REMOVED) * np.exp(-WORKS * t) - REMOVED * np.exp(-(WORKS + REMOVES) * t)
            ).pvalue,
        },
    )
    assert not decided[~common].any()


def test_limits_cut_exponentials_off():
    """An expiry ends pending requests, and a longest grant ends live ones, at the limit."""
    pending, grant = 12, 20
    policy = Policy(Approval.RESOURCE, timedelta(hours=pending), timedelta(hours=grant))
    trace = run(policy, MEMORYLESS, TICKETS, seed=12)
    requests = trace.requests
    granted = is_(trace, Status.REVOKED, Status.COMPLETED)
    decided = requests.decided < NEVER
    left = exp(-(DECIDES + CLOSES) * pending)
    access = (requests.changed - requests.decided)[granted]
    lapses = exp(-WORKS * grant) * (1 - REMOVED + REMOVED * exp(-REMOVES * grant))
    of_access = sum(
        share * (1 - exp(-rate * grant)) / rate for share, rate in ((1 - REMOVED, WORKS), (REMOVED, WORKS + REMOVES))
    )
    hold(
        {
            "share expired": z_of_share(is_(trace, Status.EXPIRED), left),
            "share decided": z_of_share(decided, (1 - left) * DECIDES / (DECIDES + CLOSES)),
            "share canceled": z_of_share(is_(trace, Status.CANCELED), (1 - left) * CLOSES / (DECIDES + CLOSES)),
            "share of grants that lapse": z_of_share(access == grant * HOURS, lapses),
            "hours of access": z_of_mean((access - 0.5) / HOURS, of_access),
        }
    )
    assert access.max() == grant * HOURS


def test_two_keys_wait_for_the_slower_approver_and_for_the_faster_rejection():
    """The clocks of both approvers and the limit are tried in every order."""
    trace = run(Policy(Approval.EACH), MEMORYLESS, TICKETS, seed=13)
    requests = trace.requests
    granted = is_(trace, Status.REVOKED, Status.COMPLETED)
    wait = hours(requests.requested, requests.decided)[granted]
    one, either = DECIDES / (DECIDES + CLOSES), 2 * DECIDES / (2 * DECIDES + CLOSES)
    hold(
        {
            "share approved": z_of_share(granted, (1 - REJECTED) ** 2 * either * one),
            "share rejected": z_of_share(
                is_(trace, Status.REJECTED), REJECTED**2 * either + 2 * REJECTED * (1 - REJECTED) * one
            ),
            "hours to an approval": z_of_mean(wait, 1 / (2 * DECIDES + CLOSES) + 1 / (DECIDES + CLOSES)),
        }
    )


def test_a_rate_that_is_three_percent_off_is_detected():
    """The control of the tests above."""
    trace = run(Policy(), MEMORYLESS, TICKETS, seed=14)
    requests = trace.requests
    wait = hours(requests.requested, requests.decided)[requests.decided < NEVER]
    for expected in (0.97, 1.03):
        z = z_of_mean(wait, expected / (DECIDES + CLOSES))
        assert 2 * stats.norm.sf(abs(z)) < LEVEL / 10
