"""Random policies and behaviours, biased towards the rare case of several events in one second."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from model import PRESETS, SOURCE_VISIBILITY, Approval, Policy, Side, Status
from model.simulation import Behaviour, Delay, WorkingHours, seconds
from model.simulation.draws import Block, block

ZONES = ["UTC", "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Cairo"]
STARTS = [  # an ordinary Monday, and the nights around clock changes
    datetime(2026, 1, 5),
    datetime(2026, 3, 6, 20),
    datetime(2026, 3, 27, 20),
    datetime(2026, 4, 23, 12),
    datetime(2026, 10, 24, 12),
    datetime(2026, 10, 30, 2, 30),
]
SCALES = [1, 1, 2, 15, 7200, 90_000]  # seconds: with the first ones, most delays end within the same few seconds


@dataclass(frozen=True, slots=True)
class World:
    """A policy, a behaviour, and the draws for some tickets."""

    policy: Policy
    behaviour: Behaviour
    block: Block


def worlds(many: int, tickets: int, seed: int) -> Iterator[World]:
    """Return worlds of so many tickets each, alternately with a preset and with a random policy."""
    chance = Random(seed)
    presets = list(PRESETS.values())
    for number in range(many):
        scale = chance.choice(SCALES)
        policy = presets[number // 4 % len(presets)] if number % 4 == 0 else policy_of(chance, scale)
        behaviour = behaviour_of(chance, scale)
        starts = seconds(chance.choice(STARTS))
        drawn = block(behaviour, tickets, starts, chance.randrange(1000), chance.randrange(3), chance.randrange(3))
        yield World(policy, behaviour, drawn)


def policy_of(chance: Random, scale: int) -> Policy:
    """Return a random policy, half of them with the source's visibility. Limits are about as long as delays."""
    any_table = frozenset((status, side) for status in Status for side in Side if chance.random() < 0.85)
    limits = [None, None, *(timedelta(seconds=1 + round(scale * factor)) for factor in (0, 1, 1, 4))]
    return Policy(
        approval=chance.choice(list(Approval)),
        pending_expires_after=chance.choice(limits),
        grant_lasts=chance.choice(limits),
        visibility=chance.choice([SOURCE_VISIBILITY, any_table]),
        ask_again_after_grant=chance.random() < 0.6,
    )


def behaviour_of(chance: Random, scale: int) -> Behaviour:
    """Return a random behaviour with delays of about `scale` seconds: lognormal, exponential or constant."""

    def delay() -> Delay:
        median = scale / 3600 * chance.choice([0.5, 1, 1, 2])
        return Delay(median, chance.choice([None, median, median * 1.5, median * 20]))

    def share(*usual: float) -> float:
        return chance.choice([0.0, 1.0, *usual * 6])

    begins = chance.choice([0, 8, 23])
    hours = WorkingHours(chance.choice(ZONES), begins, chance.choice([begins + 1, 24]))
    return Behaviour(
        tickets_per_day=chance.choice([400.0, 20_000.0, 2_000_000.0]),
        share_elsewhere=chance.choice([0.35, 0.9, 0.9, 1.0]),
        share_advanced_diagnostics=share(0.8),
        share_with_common_administrator=share(0.85),
        ask=delay(),
        decide=delay(),
        approvers_work=chance.choice([None, None, hours]),
        share_rejected=share(0.3),
        share_removed=share(0.5, 0.9),
        remove=delay(),
        share_asked_again=share(0.9),
        ask_again=delay(),
        work=delay(),
        slower_without_access=chance.choice([1.0, 1.5, 3.0, 3.7, 100.0]),
        common_administrators=chance.choice([None, None, 1, 2, 5, 40]),
    )
