"""A plain definition of the frame of a run's events: sorted column by column, then built column by column."""

import numpy as np
import pandas as pd

from data.generated import columns
from data.generated.columns import NONE, after, ends_in, has_action, moments, words
from data.lens.frames import log_frame
from model import Action, Approval, Policy, Status
from model.simulation import ASK, DIRECTORY, NEVER, OPEN, STATUSES, By, Trace

HOME, PARTNER, STRANGER = range(3)  # indices of tenants in DIRECTORY
_HANA, _PIA, _STAN, _BOTH = range(4)  # indices of its people


def plain_events(trace: Trace, policy: Policy) -> pd.DataFrame:
    """Return all events in order, in the columns of a room's log."""
    events, order = trace.events, trace.events.order()
    at, ticket, request, kind, by = (getattr(events, name)[order] for name in ("at", "ticket", "request", "kind", "by"))
    common = trace.tickets.common[ticket]
    opens, asks = has_action(Action.OPEN)[kind], has_action(Action.REQUEST)[kind]
    decides = (has_action(Action.APPROVE) | has_action(Action.REJECT))[kind]
    resource = np.where(common, PARTNER, STRANGER)
    person = np.where(by == By.RESOURCE, np.where(common, _PIA, _STAN), np.where(by == By.SUPPORT, _HANA, NONE))
    if policy.approval is Approval.BOTH:
        person[decides] = _BOTH
    tenant = np.where(by == By.RESOURCE, resource, np.where(by == By.SUPPORT, HOME, NONE))
    due = np.where(asks, after(at, policy.pending_expires_after), NEVER)
    granted = ends_in(Status.APPROVED)[kind]
    due[granted] = after(at, policy.grant_lasts)[granted]
    first = np.flatnonzero(has_action(Action.APPROVE)[kind] & ~granted)  # first of two approvals: the expiry stays
    requested = np.full(2 * len(trace.tickets.opened), NEVER)
    requested[2 * trace.requests.ticket + trace.requests.number - 1] = trace.requests.requested
    due[first] = after(requested[2 * ticket[first] + request[first] - 1], policy.pending_expires_after)
    engineers, tenants = list(DIRECTORY.engineers), list(DIRECTORY.tenants)
    return log_frame(
        len(at),
        {
            "occurred_at": moments(at),
            "action": words(columns.action_codes()[kind], list(Action)),
            "ticket_id": ticket,
            "request_id": pd.arrays.IntegerArray(2 * ticket + request - 1, request == 0),
            "person": words(person, list(DIRECTORY.people)),
            "signed_in_to": words(tenant, tenants),
            "engineer": words(np.where(by == By.ENGINEER, 0, NONE), engineers),
            "from_status": words(columns.status_codes("start")[kind], STATUSES),
            "to_status": words(columns.status_codes("end")[kind], STATUSES),
            "due_at": moments(due),
            "tenant": words(np.where(opens, HOME, np.where(asks, resource, NONE)), tenants),
            "title": words(np.where(opens, 0, NONE), [OPEN[True].title]),
            "severity": words(np.where(opens, 0, NONE), [OPEN[True].severity]),
            "advanced_diagnostics": pd.arrays.BooleanArray(trace.tickets.advanced[ticket], ~opens),
            "assigned_engineer": words(np.where(opens, 0, NONE), engineers),
            "reason": words(np.where(asks, 0, NONE), [ASK[True].reason]),
        },
    )
