"""Assign names to a simulated run: whose tickets these are, who decides, who removes access, what engineers read.

In a run, tickets are numbers, each in its own small world. Here they get tenants and people from one generated
directory that fit what happened: the two tenants of a request share an administrator exactly if the request has a
common one. Names have their own random streams and change no time and no decision.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.generated import columns
from data.generated.columns import NONE, READ, Ints, Shares, after, ends_in, has_action, moments, request_slot, words
from data.generated.directory import GeneratedDirectory
from data.generated.ids import request_id, ticket_id
from data.generated.problems import AT_HOME, ELSEWHERE, TITLES
from data.generated.reads import reads_of
from data.generated.tenant_pairs import TenantPairs
from data.generated.ticket_details import TicketDetails
from data.lens.frames import log_frame
from model import CATEGORIES, SEVERITIES, Action, Approval, Policy, Side, Status
from model.simulation import NEVER, STATUSES, By, Trace


def assign_names(trace: Trace, generated: GeneratedDirectory, policy: Policy, seed: int, now: int) -> pd.DataFrame:
    """Return the run, observed until `now` (seconds since 1970), as lines of a room's log, in order.

    Raises ValueError if the directory has no pair of tenants that fits a ticket.
    """
    pairs = TenantPairs(generated)
    details = TicketDetails(trace.tickets, generated, pairs, seed)
    events = _with_reads(trace, details, seed, now)
    person, tenant = _who_acted(events, details, pairs, policy, seed)
    return _lines(trace, generated, policy, seed, details, events, person, tenant)


@dataclass(frozen=True, slots=True)
class _Events:
    """Columns with a row for each event, in order."""

    at: Ints  # seconds since 1970
    ticket: Ints
    number: Ints  # of the ticket's access request, from 1; 0: none
    kind: Ints
    by: Ints
    category: Ints  # that is read

    def of(self, *actions: Action) -> NDArray[np.bool_]:
        """Return for each row whether its action is one of these."""
        found: NDArray[np.bool_] = np.any([has_action(action) for action in actions], axis=0)[self.kind]
        return found


def _with_reads(trace: Trace, details: TicketDetails, seed: int, now: int) -> _Events:
    """Return the run's events, with the engineers' reads among them."""
    events, reads = trace.events, reads_of(trace, details.title, seed, now)
    order = events.order()
    none = np.zeros(len(reads.at), np.int8)
    at = np.concatenate([events.at[order], reads.at])
    order = np.concatenate([order, len(order) + np.arange(len(none))])[(then := np.argsort(at, kind="stable"))]
    added: tuple[tuple[Any, Any], ...] = (
        (events.ticket, reads.ticket),
        (events.request, none),
        (events.kind, none + READ),
        (events.by, none + By.ENGINEER),
        (np.full(len(events.at), NONE), reads.category),
    )
    return _Events(at[then], *(np.concatenate(both)[order] for both in added))


def _who_acted(
    events: _Events, details: TicketDetails, pairs: TenantPairs, policy: Policy, seed: int
) -> tuple[Ints, Ints]:
    """Return each event's person and the tenant they were signed in to; NONE for engineers and automated events."""
    person: Ints = np.full(len(events.at), NONE)
    tenant: Ints = np.full(len(events.at), NONE)
    rng = np.random.default_rng([seed, *b"members"])
    support, resource, side, remover = (rng.random(2 * len(details.owner)) for _ in range(4))

    def an_administrator_acts(some: NDArray[np.bool_], where: Ints, share: Shares) -> None:
        rows = np.flatnonzero(some)
        tenant[rows] = where[events.ticket[rows]]
        slots = request_slot(events.ticket[rows], events.number[rows])
        person[rows] = pairs.administrators.pick(tenant[rows], share[slots])

    decides = events.of(Action.APPROVE, Action.REJECT)
    an_administrator_acts(decides & (events.by == By.SUPPORT), details.owner, support)
    an_administrator_acts(decides & (events.by == By.RESOURCE), details.resource, resource)
    if policy.approval is Approval.EACH:  # two people
        rows = np.flatnonzero(decides & (events.by == By.RESOURCE))
        ticket, slots = events.ticket[rows], request_slot(events.ticket[rows], events.number[rows])
        of_support = pairs.administrators.pick(details.owner[ticket], support[slots])
        person[rows] = pairs.administrators.pick_another(tenant[rows], resource[slots], of_support)
    an_administrator_acts(events.of(Action.REVOKE), details.resource, remover)
    if policy.approval is Approval.BOTH:
        rows = np.flatnonzero(decides)
        ticket, slots = events.ticket[rows], request_slot(events.ticket[rows], events.number[rows])
        owner, other = details.owner[ticket], details.resource[ticket]
        person[rows] = pairs.administrator_of_both(owner, other, support[slots])
        if all(policy.sees(Status.PENDING, each) for each in Side):
            tenant[rows] = np.where(side[slots] < 0.5, owner, other)
    for action, who in ((Action.OPEN, details.opener), (Action.CLOSE, details.closer)):
        rows = np.flatnonzero(events.of(action))
        if action is Action.CLOSE:
            rows = rows[~details.engineer_closes[events.ticket[rows]]]
        person[rows], tenant[rows] = who[events.ticket[rows]], details.owner[events.ticket[rows]]
    return person, tenant


def _lines(
    trace: Trace,
    generated: GeneratedDirectory,
    policy: Policy,
    seed: int,
    details: TicketDetails,
    events: _Events,
    person: Ints,
    tenant: Ints,
) -> pd.DataFrame:
    """Return the columns of a room's log."""
    opens, asks, reads = (events.of(action) for action in (Action.OPEN, Action.REQUEST, Action.READ))
    ticket, number, kind = events.ticket, events.number, events.kind
    about = np.where(asks | (reads & trace.tickets.elsewhere[ticket]), details.resource[ticket], details.owner[ticket])
    engineers, tenants = generated.engineers, list(generated.directory.tenants)
    ticket_ids = _ticket_ids(details.owner, tenants, seed)
    made = trace.requests.ticket.tolist(), trace.requests.number.tolist()
    request_ids = [request_id(seed, ticket_ids[t], n) for t, n in zip(*made, strict=True)]
    places = np.full(2 * len(ticket_ids), NONE)
    places[request_slot(trace.requests.ticket, trace.requests.number)] = np.arange(len(request_ids))
    title, engineer = details.title[ticket], details.engineer[ticket]
    engineer_acts = (events.by == By.ENGINEER) & (person == NONE)
    many = len(events.at)
    return log_frame(
        many,
        {
            "occurred_at": moments(events.at),
            "action": words(columns.action_codes()[kind], list(Action)),
            "ticket_id": words(ticket, ticket_ids),
            "request_id": words(np.where(number > 0, places[request_slot(ticket, number)], NONE), request_ids),
            "person": words(person, list(generated.directory.people)),
            "signed_in_to": words(tenant, tenants),
            "engineer": words(np.where(engineer_acts, engineer, NONE), engineers),
            "from_status": words(columns.status_codes("start")[kind], STATUSES),
            "to_status": words(columns.status_codes("end")[kind], STATUSES),
            "due_at": moments(_due(trace, policy, events)),
            "tenant": words(np.where(opens | asks | reads, about, NONE), tenants),
            "title": words(np.where(opens, title, NONE), TITLES),
            "severity": words(np.where(opens, details.severity[ticket], NONE), SEVERITIES),
            "advanced_diagnostics": pd.arrays.BooleanArray(trace.tickets.advanced[ticket], ~opens),
            "assigned_engineer": words(np.where(opens, engineer, NONE), engineers),
            "reason": words(np.where(asks, title - len(AT_HOME), NONE), [row[2] for row in ELSEWHERE]),
            "category": words(events.category, CATEGORIES),
        },
    )


def _ticket_ids(owner: Ints, tenants: Sequence[str], seed: int) -> list[str]:
    """Return the tickets' ids, each derived from its tenant and the number of that tenant's tickets so far."""
    order = np.argsort(owner, kind="stable")
    number = np.empty(len(order), np.int64)
    number[order] = 1 + np.arange(len(order)) - np.searchsorted(owner[order], owner[order])
    return [ticket_id(seed, tenants[place], n) for place, n in zip(owner.tolist(), number.tolist(), strict=True)]


def _due(trace: Trace, policy: Policy, events: _Events) -> Ints:
    """Return when the request of each event falls due, judged right after the event; NEVER if it does not."""
    requests = trace.requests
    expires = np.full(2 * len(trace.tickets.opened), NEVER)
    expires[request_slot(requests.ticket, requests.number)] = after(requests.requested, policy.pending_expires_after)
    slots = request_slot(events.ticket, events.number)
    due: Ints = np.where(ends_in(Status.PENDING)[events.kind], expires[slots], NEVER)
    return np.where(ends_in(Status.APPROVED)[events.kind], after(events.at, policy.grant_lasts), due)
