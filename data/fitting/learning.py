"""Estimate each assumption from cases."""

from collections.abc import Iterator

import numpy as np

from data.fitting.cases import Cases
from data.fitting.findings import (
    FEWEST,
    WIDEST,
    Finding,
    delay,
    delay_of_all,
    delay_of_some,
    kept,
    learned_number,
    share,
    too_few,
)
from data.fitting.likelihood import Spells, fit_delay, rate_of, share_of
from data.fitting.survival import share_that_comes_to
from data.fitting.work import work
from data.fitting.working_hours import approvers_work
from model import Approval, Policy
from model.simulation import NEVER, Behaviour, WorkingHours, weeks_of_tickets, worked


def findings_of(cases: Cases, policy: Policy, assumed: Behaviour) -> Iterator[Finding]:
    """Yield the findings about each field of Behaviour, in any order."""
    yield _tickets(cases, assumed)
    yield from _asking(cases, assumed)
    yield _advanced(cases, assumed)
    hours = approvers_work(cases.decided_at, assumed)
    yield hours
    yield from _deciding(cases, policy, hours.value, assumed)
    yield _rejecting(cases, assumed)
    yield from delay_of_some(
        ("share_removed", "remove"), assumed, _removals(cases), ("grants", "were removed by somebody")
    )
    yield from delay_of_some(
        ("share_asked_again", "ask_again"),
        assumed,
        _asked_again(cases),
        ("requests without access that could be asked again", "were asked again"),
    )
    yield from work(cases, assumed)
    waits = "no data say who was busy: waits in a queue are part of how long a decision takes"
    yield kept("common_administrators", assumed, 0, waits)


def _tickets(cases: Cases, assumed: Behaviour) -> Finding:
    """Estimate the tickets per day between the first and the last."""
    name, gaps = "tickets_per_day", cases.tickets - 1
    if gaps < FEWEST:
        return too_few(name, assumed, cases.tickets, "tickets")
    first, last = weeks_of_tickets(cases.opened[[0, -1]])
    if last <= first:
        return kept(name, assumed, cases.tickets, "all tickets were opened at one moment")
    found = rate_of(gaps, 7 * float(last - first))
    days = (cases.opened[-1] - cases.opened[0]) / 86_400
    why = f"{cases.tickets:,} tickets in {days:,.0f} days"
    return Finding(name, learned_number(found.value), cases.tickets, True, why, (("", found),))


def _asking(cases: Cases, assumed: Behaviour) -> Iterator[Finding]:
    """Estimate how many tickets need another tenant's data, and how long it takes to request it."""
    r = cases.requests
    first = r["number"] == 1
    place = r["place"][first]
    asked = np.full(cases.tickets, NEVER)
    asked[place] = r["asked"][first]
    until = np.minimum(np.minimum(asked, cases.closed), cases.now)
    outcome = np.where(asked <= cases.now, 1, np.where(cases.closed <= cases.now, 2, 0))
    known = int((outcome > 0).sum())
    if known < FEWEST:
        yield too_few("share_elsewhere", assumed, known, "tickets that were closed or for which access was asked")
    else:
        estimate = share_of(known * share_that_comes_to((until - cases.opened) / 3600, outcome), known)
        why = f"access was asked for {int((outcome == 1).sum()):,} of {known:,} tickets"
        why += "; of the others it is too early to tell" if known < cases.tickets else ""
        yield share("share_elsewhere", estimate, known, why)
    waited = (asked - cases.opened)[place]
    told = waited > 0  # if a file does not say when a ticket was opened, it counts as opened when access was requested
    if told.sum() < len(told) / 2:
        yield kept("ask", assumed, int(told.sum()), "the data do not say how long before that tickets were opened")
        return
    sight = (cases.now - cases.opened)[place]
    spells = Spells(waited[told] / 3600, np.ones(int(told.sum()), np.bool_), sight[told] / 3600)
    yield delay_of_all("ask", assumed, spells, "tickets for which access was asked")


def _advanced(cases: Cases, assumed: Behaviour) -> Finding:
    name, said = "share_advanced_diagnostics", cases.advanced[~np.isnan(cases.advanced)]
    if len(said) < FEWEST:
        return too_few(name, assumed, len(said), "tickets that say it")
    if said.all():
        return kept(name, assumed, len(said), "every ticket allows them, as where a file does not say it")
    return share(name, share_of(float(said.sum()), len(said)), len(said), f"{len(said):,} tickets")


def _deciding(cases: Cases, policy: Policy, hours: WorkingHours | None, assumed: Behaviour) -> Iterator[Finding]:
    """Estimate how long approvers take, and for how many requests somebody may decide."""
    name = "share_with_common_administrator"
    d, common, both = cases.decides, cases.common, policy.approval is Approval.BOTH
    known = common is not None and len(common) > 0 and not common.all()
    if known and both and common is not None:
        some = common[d["place"]]
    elif both:  # a repeated request follows an answer: only first ones show how many wait for ever
        some = cases.requests["number"][d["place"]] == 1
    else:
        some = np.ones(len(d["begins"]), np.bool_)
    lengths = worked(d["begins"][some], d["ends"][some], hours)
    spells = Spells(np.maximum(lengths, 1) / 3600, d["decided"][some])
    fitted = None
    if known and common is not None:
        first = common[cases.requests["number"] == 1]
        if len(first) < FEWEST:
            yield too_few(name, assumed, len(first), "tickets for which access was asked")
        else:
            why = f"{len(first):,} tickets for which access was asked, by who administers their tenants"
            yield share(name, share_of(float(first.sum()), len(first)), len(first), why)
    elif not both:
        yield kept(name, assumed, 0, "under this policy it shows nowhere, and nobody says who administers what")
    else:
        fitted = fit_delay(spells, some_never_end=True) if spells.seen_to_end >= FEWEST else None
        if fitted and fitted.share and fitted.share.high - fitted.share.low <= WIDEST:
            all_end = "all would be decided in time" if fitted.share.value == 1 else "some wait without end"
            why = f"as far as {len(spells.hours):,} requests show, {all_end}"
            yield share(name, fitted.share, len(spells.hours), why)
        else:
            yield kept(name, assumed, len(spells.hours), "it shows too little whether requests wait without end")
    if fitted:
        yield delay("decide", spells, fitted, f"{spells.seen_to_end:,} decisions")
    else:
        yield delay_of_all("decide", assumed, spells, "decisions")


def _rejecting(cases: Cases, assumed: Behaviour) -> Finding:
    name, many = "share_rejected", len(cases.decided_at)
    if many < FEWEST:
        return too_few(name, assumed, many, "decisions")
    return share(name, share_of(cases.rejections, many), many, f"{cases.rejections:,} of {many:,} decisions")


def _removals(cases: Cases) -> Spells:
    """Return how long each grant was live, and whether it was removed."""
    r = cases.requests
    granted = r["approved"] <= cases.now
    end = np.minimum(np.minimum(r["ended"], cases.closed[r["place"]]), cases.now)
    return Spells(np.maximum(end - r["approved"], 1)[granted] / 3600, r["removed"][granted])


def _asked_again(cases: Cases) -> Spells:
    """Return the time from the end of a first request to the second, where ticket and policy allowed one."""
    r = cases.requests
    first, second = (np.flatnonzero(r["number"] == number) for number in (1, 2))
    again = np.full(cases.tickets, NEVER)
    again[r["place"][second]] = r["asked"][second]
    place = r["place"][first]
    ended = np.where(r["approved"][first] < NEVER, r["ended"][first], r["settled"][first])
    until = np.minimum(cases.closed[place], cases.now)
    some = (ended < until) & (again[place] >= ended) & r["may_ask_again"][first]
    end = np.minimum(again[place], until)
    return Spells(np.maximum(end - ended, 1)[some] / 3600, (again[place] <= until)[some])
