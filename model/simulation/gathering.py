"""The records of many blocks, one after the other, in columns that are made once.

Each record is copied and let go of at once. So the next block is worked out in the memory of the one before it, which
is at hand, while new memory is slow to come by; and that is what threads would wait for.
"""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, Generic, TypeVar

import numpy as np

from model.simulation.record import Events, Record, Requests, Tickets

T = TypeVar("T", Tickets, Requests, Events)
ROOM = 1.1
"""How much more than expected there is room for; memory that is never written to costs nothing."""


def gathered(records: Iterable[Record], many: int) -> Record:
    """Join so many records, at least one, into one. Whoever makes the records must not keep them."""
    coming = iter(records)
    first = next(coming)
    if many == 1:
        return first
    tickets, requests, events = _Rows(first.tickets, many), _Rows(first.requests, many), _Rows(first.events, many)
    del first
    for record in coming:
        tickets.add(record.tickets)
        requests.add(record.requests)
        events.add(record.events)
        del record
    return Record(tickets.all(), requests.all(), events.all())


class _Rows(Generic[T]):
    """Rows of tickets, requests or events, and room for those of about as many more parts."""

    def __init__(self, first: T, parts: int) -> None:
        self.kind: type[T] = type(first)
        self.names = [field.name for field in fields(first)]
        self.many, room = 0, round(ROOM * parts * len(getattr(first, self.names[0])))
        self.columns: list[Any] = [np.empty(room, getattr(first, name).dtype) for name in self.names]
        self.add(first)

    def add(self, part: T) -> None:
        """Add the rows of a part behind the others."""
        end = self.many + len(getattr(part, self.names[0]))
        if end > len(self.columns[0]):
            more = round(ROOM * end) - len(self.columns[0])
            self.columns = [np.concatenate([column, np.empty(more, column.dtype)]) for column in self.columns]
        for column, name in zip(self.columns, self.names, strict=True):
            column[self.many : end] = getattr(part, name)
        self.many = end

    def all(self) -> T:
        """Return all rows so far."""
        whole: T = self.kind(*(column[: self.many] for column in self.columns))
        return whole
