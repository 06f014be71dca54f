"""Records of two engines, compared column by column."""

from collections.abc import Iterator
from dataclasses import fields

import numpy as np

from model.simulation import Record, Requests


def in_order(record: Record) -> Iterator[tuple[str, np.ndarray]]:
    """All columns of a record by their names; events as they happened, access requests by ticket and number."""
    requests: Requests = record.requests
    orders = {
        "tickets": np.arange(len(record.tickets.opened)),
        "requests": np.lexsort((requests.number, requests.ticket)),
        "events": record.events.order(),
    }
    for name, order in orders.items():
        columns = getattr(record, name)
        for column in fields(columns):
            yield f"{name}.{column.name}", getattr(columns, column.name)[order]


def differences(one: Record, other: Record) -> list[str]:
    """The columns in which two records are not the same, values and types."""
    return [
        name
        for (name, mine), (_, theirs) in zip(in_order(one), in_order(other), strict=True)
        if mine.dtype != theirs.dtype or not np.array_equal(mine, theirs)
    ]
