"""Compare the traces of two engines column by column."""

from collections.abc import Iterator
from dataclasses import fields

import numpy as np

from model.simulation import Requests, Trace


def in_order(trace: Trace) -> Iterator[tuple[str, np.ndarray]]:
    """Return all columns of a trace by name; events in time order, requests by ticket and number."""
    requests: Requests = trace.requests
    orders = {
        "tickets": np.arange(len(trace.tickets.opened)),
        "requests": np.lexsort((requests.number, requests.ticket)),
        "events": trace.events.order(),
    }
    for name, order in orders.items():
        columns = getattr(trace, name)
        for column in fields(columns):
            yield f"{name}.{column.name}", getattr(columns, column.name)[order]


def differences(one: Trace, other: Trace) -> list[str]:
    """Return the columns whose values or types differ between two traces."""
    return [
        name
        for (name, mine), (_, theirs) in zip(in_order(one), in_order(other), strict=True)
        if mine.dtype != theirs.dtype or not np.array_equal(mine, theirs)
    ]
