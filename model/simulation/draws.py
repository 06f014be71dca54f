"""Draw everything random in a simulation in advance, as columns.

Tickets come in blocks of equal size. Each block has its own random streams, spawned from the seed by the numbers of the
replication and the block, and every column is drawn in full and in the same order. So a ticket gets the same random
numbers with any number of tickets or workers, and under any policy (common random numbers).
"""

from dataclasses import dataclass
from functools import cache

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

    There are two approvers, who decide independently; if the policy needs one approval, the second one does nothing.
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
    again: Flags  # is access requested once more, if it is missing after the first request?
    ask_again: Seconds  # from the end of the first request
    rounds: tuple[Round, Round]


@dataclass(frozen=True, slots=True)
class Block:
    """What people would like to do about each ticket of a block; times in whole seconds, UTC."""

    first: int  # ticket of the block, in the run
    opened: Seconds  # ascending
    elsewhere: Flags
    advanced: Flags
    ask: Seconds  # from the opening until the engineer begins, or requests access
    work: Numbers  # seconds, at least 1
    other: Elsewhere


_ROUND = ("decide", "decide", "remove"), ("share_rejected", "share_rejected", "share_removed")
_DELAYS = ("ask", "work", "ask_again", *_ROUND[0] * 2)
_SHARES = (
    *("share_elsewhere", "share_advanced_diagnostics", "share_with_common_administrator", "share_asked_again"),
    *_ROUND[1] * 2,
)
"""The columns to draw, by their names in Behaviour: first those of a ticket, then those of each round."""


@cache
def keep_freed_memory() -> None:
    """Make the C library keep the memory that one block frees for the next one.

    glibc raises its thresholds when a large chunk is freed. Otherwise the columns of each block are new memory, which
    the system maps page by page, and the first million tickets of a process take a third longer.
    """
    np.empty(31 << 20, np.int8)  # freed at once; glibc ignores chunks of 32 MiB and more


def block(behaviour: Behaviour, tickets: int, starts: int, seed: int, replication: int, number: int) -> Block:
    """Draw one block, cut to its first `tickets`."""
    streams = _Streams(behaviour, tickets, np.random.SeedSequence(seed, spawn_key=(replication, number)))
    place = np.sort(streams.uniform.random(BLOCK))[:tickets]
    elsewhere, advanced, *happens = map(streams.happens, _SHARES)
    ticket = np.flatnonzero(elsewhere)
    common, again, *flags = (column[ticket] for column in happens)
    ask, work = (streams.seconds(name) for name in _DELAYS[:2])
    ask_again, *after = (_whole(streams.seconds(name, ticket)) for name in _DELAYS[2:])
    first, second = (
        Round((after[n], after[n + 1]), (flags[n], flags[n + 1]), removes=flags[n + 2], remove=after[n + 2])
        for n in (0, 3)
    )
    return Block(
        number * BLOCK,
        opening(starts, (number + place) * (BLOCK * DAY / behaviour.tickets_per_day / WEEK)),
        elsewhere,
        advanced,
        ask=_whole(ask),
        work=work + 1,
        other=Elsewhere(ticket, common, again, ask_again, (first, second)),
    )


class _Streams:
    """The random streams of a block. Each column is drawn whole and used at once, so that it stays in the cache."""

    def __init__(self, behaviour: Behaviour, tickets: int, seed: np.random.SeedSequence) -> None:
        self.behaviour, self.tickets = behaviour, tickets
        self.uniform, self.normal, self.memoryless = (
            np.random.Generator(np.random.SFC64(stream)) for stream in seed.spawn(3)
        )
        self.some_memoryless = any(getattr(behaviour, name).is_exponential for name in _DELAYS)

    def happens(self, share: str) -> Flags:
        """Draw for which tickets something happens; `share` names the field of Behaviour with its probability."""
        found: Flags = self.uniform.random(BLOCK)[: self.tickets] < getattr(self.behaviour, share)
        return found

    def seconds(self, delay: str, some: Places | slice = slice(None)) -> Numbers:
        """Draw the delay of each ticket, or of some of them, in seconds.

        Each distribution has its own stream, which is drawn from even if the other one is used.
        """
        length: Delay = getattr(self.behaviour, delay)
        normal = self.normal.standard_normal(BLOCK)
        drawn = self.memoryless.standard_exponential(BLOCK) if self.some_memoryless else normal
        if length.is_exponential:
            long = drawn[: self.tickets][some]
            long *= length.mean_of_exponential * HOUR
        else:
            long = np.exp(normal[: self.tickets][some] * length.sigma)
            long *= length.median_hours * HOUR
        np.minimum(long, LONGEST_HOURS * HOUR, out=long)
        return long


def _whole(lengths: Numbers) -> Seconds:
    """Return whole seconds, at least 1: one more than each length rounded down."""
    return lengths.astype(np.int64) + 1
