"""All chance of a simulation, drawn first and as columns.

Tickets come in blocks of one size. Each block has streams of its own, spawned from the seed by the number of the
replication and of the block, and every column is drawn whole and in the same order. So a ticket meets the same chance
whatever the number of tickets or workers, and whatever the policy.
"""

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


def block(behaviour: Behaviour, tickets: int, starts: int, seed: int, replication: int, number: int) -> Block:
    """One block, cut to its first `tickets`."""
    sequence = np.random.SeedSequence(seed, spawn_key=(replication, number))
    rng = np.random.Generator(np.random.SFC64(sequence))

    def happens(share: float) -> Flags:
        return rng.random(BLOCK)[:tickets] < share

    def lasts(delay: Delay) -> Numbers:
        drawn = rng.standard_exponential(BLOCK) if delay.is_exponential else rng.standard_normal(BLOCK)
        return drawn[:tickets]

    # In this order, always.
    place = np.sort(rng.random(BLOCK))[:tickets]
    elsewhere, advanced, common = (
        happens(behaviour.share_elsewhere),
        happens(behaviour.share_advanced_diagnostics),
        happens(behaviour.share_with_common_administrator),
    )
    ask, work = lasts(behaviour.ask), lasts(behaviour.work)
    ticket = np.flatnonzero(elsewhere)

    def round_() -> Round:
        decide = lasts(behaviour.decide), lasts(behaviour.decide)
        rejects = happens(behaviour.share_rejected), happens(behaviour.share_rejected)
        removes, remove = happens(behaviour.share_removed), lasts(behaviour.remove)
        return Round(
            (_whole(behaviour.decide, decide[0][ticket]), _whole(behaviour.decide, decide[1][ticket])),
            (rejects[0][ticket], rejects[1][ticket]),
            removes[ticket],
            _whole(behaviour.remove, remove[ticket]),
        )

    first, again, ask_again = round_(), happens(behaviour.share_asked_again), lasts(behaviour.ask_again)
    other = Elsewhere(
        ticket, common[ticket], again[ticket], _whole(behaviour.ask_again, ask_again[ticket]), (first, round_())
    )
    return Block(
        number * BLOCK,
        opening(starts, (number + place) * (BLOCK * DAY / behaviour.tickets_per_day / WEEK)),
        elsewhere,
        advanced,
        _whole(behaviour.ask, ask),
        1 + _scaled(behaviour.work, work),
        other,
    )


def _scaled(delay: Delay, drawn: Numbers) -> Numbers:
    """Standard draws as seconds."""
    if delay.is_exponential:
        long = drawn * (delay.mean_of_exponential * HOUR)
    else:
        long = np.exp(drawn * delay.sigma)
        long *= delay.median_hours * HOUR
    return np.minimum(long, LONGEST_HOURS * HOUR, out=long)


def _whole(delay: Delay, drawn: Numbers) -> Seconds:
    """Standard draws as whole seconds, at least 1."""
    return _scaled(delay, drawn).astype(np.int64) + 1
