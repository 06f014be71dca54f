"""Join the traces of many blocks, one after the other, in columns that are allocated once.

Each trace is copied and released immediately, so the next block reuses the memory of the one before it. New memory is
slow to allocate, and threads would wait for it.
"""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, Generic, TypeVar

import numpy as np

from model.simulation.trace import Events, Requests, Tickets, Trace

T = TypeVar("T", Tickets, Requests, Events)
HEADROOM = 1.1
"""Allocate this many times the expected size; memory that is never written to costs nothing."""


def gathered(traces: Iterable[Trace], many: int) -> Trace:
    """Join `many` traces, at least one, into one. Whatever yields the traces must not keep them."""
    coming = iter(traces)
    first = next(coming)
    if many == 1:
        return first
    tickets, requests, events = _Rows(first.tickets, many), _Rows(first.requests, many), _Rows(first.events, many)
    del first
    for trace in coming:
        tickets.add(trace.tickets)
        requests.add(trace.requests)
        events.add(trace.events)
        del trace
    return Trace(tickets.all(), requests.all(), events.all())


class _Rows(Generic[T]):
    """Rows of tickets, requests or events, with space for those of the other parts."""

    def __init__(self, first: T, parts: int) -> None:
        self.kind: type[T] = type(first)
        self.names = [field.name for field in fields(first)]
        self.many, space = 0, round(HEADROOM * parts * len(getattr(first, self.names[0])))
        self.columns: list[Any] = [np.empty(space, getattr(first, name).dtype) for name in self.names]
        self.add(first)

    def add(self, part: T) -> None:
        """Append the rows of a part."""
        end = self.many + len(getattr(part, self.names[0]))
        if end > len(self.columns[0]):
            more = round(HEADROOM * end) - len(self.columns[0])
            self.columns = [np.concatenate([column, np.empty(more, column.dtype)]) for column in self.columns]
        for column, name in zip(self.columns, self.names, strict=True):
            column[self.many : end] = getattr(part, name)
        self.many = end

    def all(self) -> T:
        """Return all rows so far."""
        whole: T = self.kind(*(column[: self.many] for column in self.columns))
        return whole
