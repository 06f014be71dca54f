"""All chance of a simulation, drawn first and as columns.

Tickets come in blocks of one size. Each block has streams of its own, spawned from the seed by the number of the
replication and of the block, and every column is drawn whole and in the same order. So a ticket meets the same chance
whatever the number of tickets or workers, and whatever the policy.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.simulation.behaviour import LONGEST_HOURS, Behaviour, Delay
from model.simulation.hours import DAY, HOUR, WEEK, Seconds, opening

BLOCK = 1 << 15
"""Tickets in a block: its columns stay in the cache of one core."""

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Round:
    """What people would do about one access request; a column each, aligned with `Elsewhere.ticket`.

    There are two approvers, each of whom decides in their own time; where the policy asks for one approval, the second
    does nothing.
    """

    decide: tuple[Seconds, Seconds]  # seconds of work until the decision
    rejects: tuple[Flags, Flags]
    removes: Flags  # would somebody remove access?
    remove: Seconds  # from the approval


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The tickets of a block whose problem lies in another tenant."""

    ticket: Places  # in the block
    common: Flags  # does somebody administer both tenants?
    again: Flags  # is access asked for once more, where it is missing after the first request?
    ask_again: Seconds  # from the end of the first request
    rounds: tuple[Round, Round]


@dataclass(frozen=True, slots=True)
class Block:
    """What people would like to do about each ticket of a block; times in whole seconds, UTC."""

    first: int  # ticket of the block, in the run
    opened: Seconds  # ascending
    elsewhere: Flags
    advanced: Flags
    ask: Seconds  # from the opening until the engineer begins, or asks
    work: Numbers  # seconds, at least 1
    other: Elsewhere


_SHARES = (
    *("share_elsewhere", "share_advanced_diagnostics", "share_with_common_administrator", "share_asked_again"),
    *("share_rejected", "share_rejected", "share_removed") * 2,
)
_DELAYS = (*("ask", "work", "ask_again"), *("decide", "decide", "remove") * 2)
"""The columns that are drawn, by what Behaviour calls them: those of a ticket, then those of each round."""


def block(behaviour: Behaviour, tickets: int, starts: int, seed: int, replication: int, number: int) -> Block:
    """One block, cut to its first `tickets`."""
    streams = np.random.SeedSequence(seed, spawn_key=(replication, number)).spawn(3)
    uniform, normal, exponential = (np.random.Generator(np.random.SFC64(stream)) for stream in streams)
    place = np.sort(uniform.random(BLOCK))[:tickets]
    shares = np.array([getattr(behaviour, name) for name in _SHARES])
    happens = uniform.random((len(shares), BLOCK))[:, :tickets] < shares[:, None]
    delays = [getattr(behaviour, name) for name in _DELAYS]
    drawn = normal.standard_normal((len(delays), BLOCK))[:, :tickets]
    if any(delay.is_exponential for delay in delays):
        memoryless = exponential.standard_exponential((len(delays), BLOCK))[:, :tickets]
        rows = np.array([delay.is_exponential for delay in delays])
        drawn[rows] = memoryless[rows]
    ticket = np.flatnonzero(happens[0])
    ask, work = _lengths(delays[:2], drawn[:2])
    ask_again, *after = _whole(_lengths(delays[2:], drawn[2:].take(ticket, axis=1)))
    common, again, *flags = happens[2:].take(ticket, axis=1)
    first, second = (
        Round((after[n], after[n + 1]), (flags[n], flags[n + 1]), removes=flags[n + 2], remove=after[n + 2])
        for n in (0, 3)
    )
    return Block(
        number * BLOCK,
        opening(starts, (number + place) * (BLOCK * DAY / behaviour.tickets_per_day / WEEK)),
        elsewhere=happens[0],
        advanced=happens[1],
        ask=_whole(ask),
        work=work + 1,
        other=Elsewhere(ticket, common, again, ask_again, (first, second)),
    )


def _lengths(delays: Sequence[Delay], drawn: Numbers) -> Numbers:
    """Rows of standard draws as seconds, one delay a row."""
    for row, delay in zip(drawn, delays, strict=True):
        if delay.is_exponential:
            row *= delay.mean_of_exponential * HOUR
        else:
            row *= delay.sigma
            np.exp(row, out=row)
            row *= delay.median_hours * HOUR
    return np.minimum(drawn, LONGEST_HOURS * HOUR, out=drawn)


def _whole(lengths: Numbers) -> Seconds:
    """Whole seconds, at least 1."""
    return lengths.astype(np.int64) + 1
