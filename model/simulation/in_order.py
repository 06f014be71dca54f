"""The events of a trace in the order in which they happened, in parts; sorted by 64-bit keys if they suffice."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from model.simulation.hours import Seconds
from model.simulation.trace import DUE, KINDS, Events

Ints = NDArray[np.int64]

PART = 1 << 16
"""Events that are worked on at a time: their columns stay in the cache of one core."""
_BY_BITS, _REQUEST_BITS, _KIND_BITS = 2, 2, 4
CODE_BITS = _BY_BITS + _REQUEST_BITS + _KIND_BITS
_TICKET = CODE_BITS  # where a ticket begins in a key
KEY_BITS = 63
"""The bits of a non-negative 64-bit number."""
if len(KINDS) > 1 << _KIND_BITS:
    raise AssertionError("more kinds of events than fit into a key")


def code(kind: Any, request: Any, by: Any) -> Any:
    """Return the code of an event: what happened to which of the ticket's requests, and who acted."""
    return (kind << (_REQUEST_BITS + _BY_BITS)) | (request << _BY_BITS) | by


@dataclass(frozen=True, slots=True)
class Part:
    """Some events, in order."""

    at: Seconds
    ticket: Ints
    code: Ints  # see `code`


class InOrder(Protocol):
    """All events, in the order of `Events.order`."""

    def part(self, begin: int, end: int) -> Part:
        """Return the events from one place up to another."""


def in_order(events: Events, tickets: int, threads: int = 1) -> InOrder:
    """Return the events of so many tickets in order; the result is the same for any number of threads."""
    if not len(events.at):
        return Gathered(events)
    first, last = int(events.at.min()), int(events.at.max())
    seconds = _TICKET + tickets.bit_length() + 1  # where the seconds begin in a key
    if seconds + (last - first).bit_length() > KEY_BITS:
        return Gathered(events)
    return Sorted(events, first, seconds, threads)


class Gathered:
    """Events with too many seconds or tickets for a key: sorted by one column after the other."""

    def __init__(self, events: Events) -> None:
        self.events, self.order = events, events.order()

    def part(self, begin: int, end: int) -> Part:
        """Return the events from one place up to another."""
        events, some = self.events, self.order[begin:end]
        codes = (column[some].astype(np.int64) for column in (events.kind, events.request, events.by))
        return Part(events.at[some], events.ticket[some], code(*codes))


class Sorted:
    """Events as sort keys: from the highest bit, the second, a 0 for what fell due, the ticket, and the code.

    No ticket has two events of one kind in one second, so what follows the kind does not affect the order.
    """

    def __init__(self, events: Events, first: int, seconds: int, threads: int) -> None:
        self.first, self.seconds = first, seconds
        self.ticket_mask = (1 << (seconds - 1 - _TICKET)) - 1
        kinds = np.arange(len(KINDS))
        of_kind = (~DUE).astype(np.int64) << (seconds - 1) | code(kinds, 0, 0)
        keys = np.empty(len(events.at), np.int64)

        def sort(begin: int, end: int) -> None:
            part = keys[begin:end]
            np.subtract(events.at[begin:end], first, out=part)
            part <<= seconds
            more = events.ticket[begin:end] << _TICKET
            part |= more
            part |= np.take(of_kind, events.kind[begin:end], out=more, mode="clip")
            part |= code(0, events.request[begin:end], events.by[begin:end])
            _sort(part, seconds)

        def merge(begin: int, end: int) -> None:
            for place in range(begin, end, PART):
                sort(place, min(place + PART, end))
            keys[begin:end].sort(kind="stable")  # merges the sorted runs

        in_parts(merge, len(keys), -(-len(keys) // threads), threads)
        if threads > 1:
            keys.sort(kind="stable")
        self.keys = keys

    def part(self, begin: int, end: int) -> Part:
        """Return the events from one place up to another."""
        keys = self.keys[begin:end]
        at = keys >> self.seconds
        at += self.first
        ticket = keys >> _TICKET
        ticket &= self.ticket_mask
        return Part(at, ticket, keys & ((1 << CODE_BITS) - 1))


def _sort(keys: Ints, seconds: int) -> None:
    """Sort keys in place; their seconds begin at this bit.

    numpy uses a radix sort for 16-bit numbers. Two such passes over the seconds leave the keys nearly in order, and
    nearly ordered keys are quickly sorted: half the time of sorting them at once.
    """
    second = keys >> seconds
    second -= second.min()
    if int(second.max()) >> 32:
        keys.sort()
        return
    order = np.argsort(second.astype(np.uint16), kind="stable")
    order = order[np.argsort((second >> 16).astype(np.uint16)[order], kind="stable")]
    keys[:] = keys[order]
    keys.sort(kind="stable")


def in_parts(act: Callable[[int, int], None], rows: int, size: int = PART, threads: int = 1) -> None:
    """Call `act` on all rows, one range of places at a time."""
    begins: Iterable[int] = range(0, rows, size)
    if threads == 1 or rows <= size:
        for begin in begins:
            act(begin, min(begin + size, rows))
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda begin: act(begin, min(begin + size, rows)), begins))
