"""The engine and an independent SimPy implementation give the same distributions for the same behaviour.

Times are compared by two-sample Kolmogorov-Smirnov tests, outcomes by chi-square tests of homogeneity. The seeds are
fixed. The family-wise error rate is 0.001: each test has a level of 0.001 over their number (Bonferroni).
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache

import numpy as np
import pytest
from scipy import stats

from model import PRESETS, Action, Approval, Policy, Status
from model.simulation import KINDS, NEVER, STARTS, STATUSES, Behaviour, Delay, Kind, Trace, WorkingHours, run, seconds
from model.simulation.draws import block
from tests.model.simulation.in_simpy import Support

LEVEL = 0.001
GRANTED = [STATUSES.index(status) for status in (Status.REVOKED, Status.COMPLETED)]
FIRST_OF_TWO = KINDS.index(Kind(Action.APPROVE, Status.PENDING, Status.PENDING))
IN_SIMPY, IN_BULK = 4 * 7 * 400, 46 * 7 * 400  # whole weeks, so that every hour of a week counts alike
USUAL = Behaviour(share_elsewhere=0.6, share_removed=0.3)
ARMS: dict[str, tuple[Policy, Behaviour]] = {
    "source": (PRESETS["source"], USUAL),
    "azure-customer-lockbox": (PRESETS["azure-customer-lockbox"], USUAL),
    "two-key": (PRESETS["two-key"], USUAL),
    "hasty, in working hours, asked again": (
        Policy(Approval.EACH, timedelta(hours=40), timedelta(hours=20), ask_again_after_grant=True),
        replace(USUAL, approvers_work=WorkingHours("UTC", 9, 17), decide=Delay(3), work=Delay(60)),
    ),
}


def by_engine(policy: Policy, behaviour: Behaviour) -> Trace:
    return run(policy, behaviour, IN_BULK, seed=5)


@cache
def by_simpy(name: str) -> Trace:
    """Simulate in SimPy. Ticket times come from another seed, since they are an input of the workflow."""
    policy, behaviour = ARMS[name]
    opened = block(behaviour, IN_SIMPY, seconds(STARTS), 6, 0, 0).opened
    return Support(policy, behaviour, 1).run(opened.tolist())


def times(trace: Trace) -> dict[str, np.ndarray]:
    """Return samples of times, one per ticket, so that they are independent."""
    r, t = trace.requests, trace.tickets
    first = r.number == 1
    decided, granted = first & (r.decided < NEVER), first & np.isin(r.status, GRANTED)
    return {
        "time to a decision": (r.decided - r.requested)[decided],
        "time to resolution": t.closed - t.opened,
        "time of access": (r.changed - r.decided)[granted],
        "time until access is asked for again": (r.requested - t.opened[r.ticket])[r.number == 2],
    }


def outcomes(trace: Trace) -> dict[str, np.ndarray]:
    """Return the number of tickets of each kind."""
    r, t = trace.requests, trace.tickets
    many = np.bincount(r.ticket, minlength=len(t.opened))
    first, second = (np.bincount(r.status[r.number == n], minlength=len(STATUSES)) for n in (1, 2))
    approved_once = trace.events.ticket[trace.events.kind == FIRST_OF_TWO]
    return {
        "how the first request ends": first,
        "how the second one ends": second,
        "how many requests there are": np.bincount(many, minlength=3),
        "where the problem lies": np.bincount(t.elsewhere * 4 + t.advanced * 2 + t.common, minlength=8),
        "first approvals of two": np.bincount(np.bincount(approved_once, minlength=len(many)), minlength=3),
    }


def p_values(ours: Trace, theirs: Trace) -> dict[str, float]:
    """Return the p value of each test that has data."""
    found = {}
    mine = times(ours)
    for what, other in times(theirs).items():
        if len(other) > 50:
            found[what] = float(stats.ks_2samp(mine[what], other, method="asymp").pvalue)
    counted = outcomes(ours)
    for what, other in outcomes(theirs).items():
        table = np.array([counted[what], other])
        table = table[:, table.sum(axis=0) > 0]
        if table.shape[1] > 1:
            found[what] = float(stats.chi2_contingency(table).pvalue)
    return found


@pytest.mark.slow
def test_the_engine_and_simpy_agree(announce: Callable[[str], None]):
    """Durations and outcomes agree under several policies."""
    found = {
        (name, what): p for name, arm in ARMS.items() for what, p in p_values(by_engine(*arm), by_simpy(name)).items()
    }
    least = min(found, key=lambda test: found[test])
    announce(f"{len(found)} tests, the least p value {found[least]:.4f} ({': '.join(least)})")
    assert {test: p for test, p in found.items() if p < LEVEL / len(found)} == {}
    assert len(found) >= 24


@pytest.mark.slow
@pytest.mark.parametrize(
    ("other", "what"),
    [
        ({"decide": Delay(10.5, 49)}, "time to a decision"),
        ({"remove": Delay(20, 72)}, "time of access"),
        ({"work": Delay(44, 132)}, "time to resolution"),
        ({"share_rejected": 0.16}, "how the first request ends"),
    ],
)
def test_a_different_behaviour_is_detected(other: dict[str, object], what: str):
    """The control: slightly longer or shorter delays or a few more rejections fail their test."""
    p = p_values(by_engine(PRESETS["source"], replace(USUAL, **other)), by_simpy("source"))
    assert p[what] < LEVEL / 24
