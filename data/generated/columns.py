"""Turn columns of a simulated run into words (from codes) and moments (from seconds)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model import Action, Status
from model.simulation import KINDS, NEVER

Ints = NDArray[np.integer[Any]]
Shares = NDArray[np.float64]  # from 0 to 1
_NO_TIME = np.iinfo(np.int64).min  # NaT
NONE = -1
"""The code of a missing value."""
READ = len(KINDS)
"""The kind of event that the engines do not simulate: an engineer reads diagnostic data."""
_ACTIONS = (*(kind.action for kind in KINDS), Action.READ)


def has_action(action: Action) -> NDArray[np.bool_]:
    """Return, by kind of event, whether it is this action."""
    return np.array([other is action for other in _ACTIONS])


def ends_in(status: Status) -> NDArray[np.bool_]:
    """Return, by kind of event, whether it ends in this status."""
    return np.array([*(kind.end is status for kind in KINDS), False])


def action_codes() -> Ints:
    """Return, by kind of event, the place of its action in `Action`."""
    return _codes(_ACTIONS, list(Action))


def status_codes(which: str) -> Ints:
    """Return, by kind of event, the place in `Status` of the status that it starts from or ends in, or NONE.

    `which` is "start" or "end".
    """
    return _codes([*(getattr(kind, which) for kind in KINDS), None], list(Status))


def words(codes: Ints, known: Sequence[str]) -> "pd.Categorical[Any]":
    """Return a column of words from their places in `known`; NONE becomes a missing value."""
    # DuckDB reads categories of dtype object a fifth faster than those of dtype str.
    return pd.Categorical.from_codes(codes, pd.Index([str(word) for word in known], dtype=object), validate=False)


def after(at: Ints, limit: timedelta | None) -> Ints:
    """Return the seconds at which the limit, counted from `at`, passes; NEVER without a limit."""
    return at + round(limit.total_seconds()) if limit else np.full(len(at), NEVER)


def moments(at: Ints) -> NDArray[np.datetime64]:
    """Return seconds since 1970 as moments; NEVER becomes a missing value."""
    microseconds = at * 1_000_000
    np.putmask(microseconds, at == NEVER, _NO_TIME)
    return microseconds.view("datetime64[us]")


def request_slot(ticket: Ints, number: Ints) -> Ints:
    """Return an index for each access request: a ticket has at most two. Number 0, no request, gets the first's."""
    slot: Ints = 2 * ticket + (number > 1)
    return slot


def _codes(words: Sequence[str | None], known: Sequence[str]) -> Ints:
    places = {word: place for place, word in enumerate(known)}
    return np.array([NONE if word is None else places[word] for word in words], np.int8)
