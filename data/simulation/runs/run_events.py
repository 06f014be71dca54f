"""Build the frame of a simulated run's events, part by part in columns that are allocated once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.generated import columns
from data.generated.columns import NONE, after, ends_in, has_action, words
from data.lens.frames import log_frame
from model import Action, Approval, Policy, Status
from model.simulation import ASK, DIRECTORY, KINDS, NEVER, OPEN, STATUSES, By, Trace
from model.simulation.in_order import CODE_BITS, Part, code, in_order, in_parts

HOME, PARTNER, STRANGER = range(3)
"""The places of the tenants in DIRECTORY."""
_HANA, _PIA, _STAN, _BOTH = range(4)  # the places of its people
_PART = 1 << 15  # rows filled at a time
_MICROSECONDS = 1_000_000
_NO_TIME = np.iinfo(np.int64).min  # NaT
_ENGINEERS, _TENANTS = list(DIRECTORY.engineers), list(DIRECTORY.tenants)
_WORDS: Mapping[str, Sequence[str]] = {
    "action": list(Action),
    "person": list(DIRECTORY.people),
    "signed_in_to": _TENANTS,
    "engineer": _ENGINEERS,
    "from_status": STATUSES,
    "to_status": STATUSES,
    "tenant": _TENANTS,
    "title": [OPEN[True].title],
    "severity": [OPEN[True].severity],
    "assigned_engineer": _ENGINEERS,
    "reason": [ASK[True].reason],
}
"""The columns of words, with their possible values."""
_COMMON = 1 << CODE_BITS  # added to an event's code if somebody administers both tenants


def run_events(trace: Trace, policy: Policy, threads: int = 1) -> pd.DataFrame:
    """Return everything that happened, in order, in the columns of a room's log; see `Run.events`."""
    filled = _Columns(trace, policy)
    ordered = in_order(trace.events, len(trace.tickets.opened), threads)
    in_parts(lambda begin, end: filled.fill(begin, ordered.part(begin, end)), filled.rows, _PART, threads)
    return log_frame(filled.rows, filled.columns())


@dataclass(frozen=True, slots=True)
class _Whens:
    """For each code of an event, whether and after how many seconds its new status falls due."""

    seconds: NDArray[np.int64]
    falls: NDArray[np.bool_]
    first: NDArray[np.bool_]  # the first of two approvals: what was due stays due

    @classmethod
    def under(cls, policy: Policy) -> "_Whens":
        seconds, first = np.full(_COMMON, NEVER), np.zeros(_COMMON, np.bool_)
        zero = np.zeros(1, np.int64)
        codes = _parts_of_codes()[0]
        seconds[has_action(Action.REQUEST)[codes]] = after(zero, policy.pending_expires_after)[0]
        granted = ends_in(Status.APPROVED)[codes]
        seconds[granted] = after(zero, policy.grant_lasts)[0]
        if policy.pending_expires_after:
            first = has_action(Action.APPROVE)[codes] & ~granted
        return cls(seconds, seconds != NEVER, first)


class _Columns:
    """The columns of a run's events, which are filled part by part."""

    def __init__(self, trace: Trace, policy: Policy) -> None:
        self.trace, self.limit, self.rows = trace, policy.pending_expires_after, len(trace.events.at)
        self.places = _places(policy)
        self.whens = _Whens.under(policy)
        self.opens = has_action(Action.OPEN)[_parts_of_codes()[0]]
        # Allocated together, since the system maps large blocks in large pages, which is faster.
        self.seq, self.at, self.due, self.ticket, self.request = np.empty((5, self.rows), np.int64)
        codes = np.empty((3 + len(_WORDS), self.rows), np.int8)
        self.no_request, self.advanced, self.not_open = (column.view(np.bool_) for column in codes[:3])
        self.words = dict(zip(_WORDS, codes[3:], strict=True))
        if self.whens.first.any():
            self.requested = np.full(2 * len(trace.tickets.opened), NEVER)
            self.requested[2 * trace.requests.ticket + trace.requests.number - 1] = trace.requests.requested

    def fill(self, begin: int, part: Part) -> None:
        """Fill in some events, starting at this row."""
        some, codes = slice(begin, begin + len(part.at)), part.code
        self.seq[some] = np.arange(some.start + 1, some.stop + 1)
        np.multiply(part.at, _MICROSECONDS, out=self.at[some])
        self.ticket[some] = part.ticket
        number = (codes >> 2) & 3
        request = self.request[some]
        np.multiply(part.ticket, 2, out=request)
        request += number
        request -= 1
        np.equal(number, 0, out=self.no_request[some])
        np.take(~self.opens, codes, out=self.not_open[some], mode="clip")
        np.take(self.trace.tickets.advanced, part.ticket, out=self.advanced[some], mode="clip")
        self._fill_due(self.due[some], part, request)
        codes += self.trace.tickets.common[part.ticket] * np.int64(_COMMON)
        for name, column in self.words.items():
            np.take(self.places[name], codes, out=column[some], mode="clip")

    def _fill_due(self, due: NDArray[np.int64], part: Part, request: NDArray[np.int64]) -> None:
        due.fill(_NO_TIME)
        falls = np.flatnonzero(self.whens.falls[part.code])
        due[falls] = (part.at[falls] + self.whens.seconds[part.code[falls]]) * _MICROSECONDS
        if self.whens.first.any():
            first = np.flatnonzero(self.whens.first[part.code])
            due[first] = after(self.requested[request[first]], self.limit) * _MICROSECONDS

    def columns(self) -> dict[str, Any]:
        """Return the columns by name, without a copy."""
        return {
            "seq": self.seq,
            "occurred_at": self.at.view("datetime64[us]"),
            "ticket_id": self.ticket,
            "request_id": pd.arrays.IntegerArray(self.request, self.no_request),
            "due_at": self.due.view("datetime64[us]"),
            "advanced_diagnostics": pd.arrays.BooleanArray(self.advanced, self.not_open),
            **{name: words(codes, _WORDS[name]) for name, codes in self.words.items()},
        }


def _parts_of_codes() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for each code of an event its kind, and who acted; a code that no event has gets some kind."""
    kind, by = np.zeros(_COMMON, np.int64), np.zeros(_COMMON, np.int64)
    for each in range(len(KINDS)):
        for number in range(3):
            for who in By:
                place = code(each, number, int(who))
                kind[place], by[place] = each, who
    return kind, by


def _places(policy: Policy) -> dict[str, NDArray[np.int8]]:
    """Return for each column of words the place of its word, by an event's code, plus _COMMON if that is so."""
    kind, by = (np.tile(each, 2) for each in _parts_of_codes())
    common = np.arange(2 * _COMMON) >= _COMMON
    opens, asks = has_action(Action.OPEN)[kind], has_action(Action.REQUEST)[kind]
    resource = np.where(common, PARTNER, STRANGER)
    person = np.where(by == By.RESOURCE, np.where(common, _PIA, _STAN), np.where(by == By.SUPPORT, _HANA, NONE))
    if policy.approval is Approval.BOTH:
        person[(has_action(Action.APPROVE) | has_action(Action.REJECT))[kind]] = _BOTH
    only_opens = np.where(opens, 0, NONE)
    found = {
        "action": columns.action_codes()[kind],
        "person": person,
        "signed_in_to": np.where(by == By.RESOURCE, resource, np.where(by == By.SUPPORT, HOME, NONE)),
        "engineer": np.where(by == By.ENGINEER, 0, NONE),
        "from_status": columns.status_codes("start")[kind],
        "to_status": columns.status_codes("end")[kind],
        "tenant": np.where(opens, HOME, np.where(asks, resource, NONE)),
        "title": only_opens,
        "severity": only_opens,
        "assigned_engineer": only_opens,
        "reason": np.where(asks, 0, NONE),
    }
    return {name: places.astype(np.int8) for name, places in found.items()}
