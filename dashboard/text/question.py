"""The question of the What if page: a base, each arm's changes, the size of the simulation; and its link.

A link is untrusted: it is unpacked up to a maximum size, and then read as strictly as a file.
"""

from __future__ import annotations

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from data.files.toml_reader import Value
from data.lens.figures import UNITS
from data.scenario.find import known
from data.scenario.policy_format import policy_table, without_same
from data.scenario.writer import lines
from data.simulation.arms import Arm, arms_of
from data.simulation.behaviour_table import behaviour_table
from data.simulation.comparison import PRIMARY
from data.simulation.experiment import Experiment
from model import PRESETS, Policy
from model.simulation import Behaviour

Table = Mapping[str, Any]
"""An arm's changes, as in an experiment file: `policy` and `behaviour`, both optional."""

MOST_ARMS = 5  # beside the base
MOST_TICKETS, MOST_REPLICATIONS = 1_000_000, 200
MOST_IN_ALL = 40_000_000  # tickets of all arms and replications
_TITLE, _SUMMARY = (
    "What if",
    "Asked on the What if page of Support Access Lab: how people act is assumed, not measured.",
)
_VERSION = 1
_LONGEST_LINK, _LONGEST_TEXT = 6_000, 40_000  # characters


@dataclass(frozen=True)
class Question:
    """A question. Raises ValueError if it cannot be answered."""

    name: str = "As the source says"  # of the base, with which the arms are compared
    base: Table = field(default_factory=dict)
    arms: Mapping[str, Table] = field(default_factory=dict)
    tickets: int = 4_000  # in each replication, under each arm
    replications: int = 20
    seed: int = 1
    primary: str = PRIMARY  # the primary figure

    def __post_init__(self) -> None:
        if len(self.arms) > MOST_ARMS:
            raise ValueError(f"at most {MOST_ARMS} arms are compared with the base, not {len(self.arms)}")
        if self.name in self.arms:
            raise ValueError(f"{self.name!r} is what the base is called: an arm needs another name")
        for name, value, least, most in (
            ("tickets", self.tickets, 100, MOST_TICKETS),
            ("replications", self.replications, 2, MOST_REPLICATIONS),
            ("seed", self.seed, 0, 2**32 - 1),
        ):
            if not least <= value <= most:
                raise ValueError(f"{name} must be {least:,} to {most:,}, not {value:,}")
        known(self.primary, UNITS, "primary")
        if self.in_all > MOST_IN_ALL:
            raise ValueError(
                f"{self.in_all:,} tickets in all arms and replications are more than {MOST_IN_ALL:,}: "
                "ask for fewer tickets or replications"
            )
        assert self.worlds  # reads all arms

    @cached_property
    def worlds(self) -> tuple[Arm, ...]:
        """The base and the arms, ready to be simulated."""
        return arms_of({self.name: {}, **self.arms}, self.base)

    @property
    def experiment(self) -> Experiment:
        """The experiment that answers the question."""
        return Experiment(_TITLE, _SUMMARY, self.worlds, self.tickets, self.replications, self.seed, self.primary)

    @property
    def text(self) -> str:
        """The experiment as TOML, for `python -m data compare`."""
        size = {"tickets": self.tickets, "replications": self.replications, "seed": self.seed, "primary": self.primary}
        arms = [{"name": self.name}, *({"name": name, **table} for name, table in self.arms.items())]
        base = "[base]\n" + lines(self.base) if self.base else ""
        return "\n".join(
            filter(
                None, [lines(size, title=_TITLE, summary=_SUMMARY), base, *("[[arms]]\n" + lines(arm) for arm in arms)]
            )
        )

    @property
    def in_all(self) -> int:
        """Tickets in all arms and replications."""
        return (1 + len(self.arms)) * self.tickets * self.replications

    @cached_property
    def link(self) -> str:
        """The question's code in links; equal questions have the same code."""
        arms = [[name, table] for name, table in self.arms.items()]
        whole = [_VERSION, self.name, self.base, arms, self.tickets, self.replications, self.seed]
        whole += [self.primary] if self.primary != PRIMARY else []
        text = json.dumps(whole, separators=(",", ":"), ensure_ascii=False)
        return urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")

    @classmethod
    def read(cls, link: str) -> Question:
        """Return the question of a code in a link. Raises ValueError, which says what is wrong."""
        try:
            whole = json.loads(_unpacked(link), parse_int=_whole, parse_constant=_no_number)
        except (ValueError, RecursionError):
            raise ValueError("it is damaged, or was never a question") from None
        if not isinstance(whole, list) or whole[:1] != [_VERSION] or len(whole) not in (7, 8):
            raise ValueError("it is of another version of this page")
        name, base, arms, tickets, replications, seed = (Value(part) for part in whole[1:7])
        pairs = [pair.each() for pair in arms.each()]
        if any(len(pair) != 2 for pair in pairs):
            raise ValueError("an arm is a name and what it changes")
        taken = {name.text()}
        try:
            return cls(
                name.text(),
                {key: value.it for key, value in base.entries().items()},
                {arm.new(taken): {key: value.it for key, value in table.entries().items()} for arm, table in pairs},
                tickets.whole(),
                replications.whole(),
                seed.whole(),
                Value(whole[7]).text() if len(whole) == 8 else PRIMARY,
            )
        except OverflowError:
            raise ValueError("a number in it is too large") from None

    @classmethod
    def of(cls, experiment: Experiment) -> Question:
        """Return the question that an experiment answers, without its target interval. Raises ValueError."""
        base, *others = experiment.arms
        arms = {arm.name: _table(arm, base) for arm in others}
        size = (experiment.tickets, experiment.replications, experiment.seed, experiment.primary)
        return cls(base.name, _table(base, Arm("")), arms, *size)

    # Other questions, made from this one.

    def changed(self, place: int, policy: Policy, behaviour: Behaviour, name: str | None = None) -> Question:
        """Return the question with another policy, behaviour and name for the base (place 0) or an arm."""
        if place == 0:
            return replace(self, name=name or self.name, base=_table(Arm("", policy, behaviour), Arm("")))
        new = (name or self.worlds[place].name, _table(Arm("", policy, behaviour), self.worlds[0]))
        pairs = [new if other == place else pair for other, pair in enumerate(self.arms.items(), start=1)]
        if len(dict(pairs)) < len(pairs):
            raise ValueError(f"another arm is called {new[0]!r} already")
        return replace(self, arms=dict(pairs))

    def with_arm(self, name: str, policy: Policy) -> Question:
        """Return the question with one more arm of this policy; a taken name gets a number."""
        taken = {self.name, *self.arms}
        names = (name[:70] if n == 1 else f"{name[:70]} ({n})" for n in range(1, len(taken) + 2))
        table = _table(Arm("", policy, self.worlds[0].behaviour), self.worlds[0])
        return replace(self, arms={**self.arms, next(n for n in names if n not in taken): table})

    def without(self, place: int) -> Question:
        """Return the question without one of the arms."""
        return replace(
            self, arms={arm.name: self.arms[arm.name] for arm in self.worlds[1:] if arm is not self.worlds[place]}
        )


DEFAULT = Question(
    arms={
        "Expires after 4 days": {"policy": {"pending_expires_after": "4 days"}},
        "Each tenant approves": {"policy": {"approval": "each"}},
        "Access lasts 8 hours": {"policy": {"grant_lasts": "8 hours"}},
    }
)
"""The default question of the page."""


def _table(arm: Arm, base: Arm) -> Table:
    """Return what an arm changes in its base. A preset is named, so that it stays itself when the base changes."""
    policy = without_same(policy_table(arm.policy), policy_table(base.policy))
    preset = next((name for name, preset in PRESETS.items() if preset == arm.policy), None)
    changes = {
        "policy": preset if policy and preset else policy,
        "behaviour": _differences(behaviour_table(arm.behaviour), behaviour_table(base.behaviour)),
    }
    return {part: change for part, change in changes.items() if change}


def _differences(one: Table, other: Table) -> dict[str, Any]:
    return {key: value for key, value in one.items() if value != other[key]}


def _unpacked(link: str) -> str:
    """Return the text of a link. Raises ValueError if it cannot be unpacked or is too long."""
    if len(link) > _LONGEST_LINK:
        raise ValueError("too long")
    unpack = zlib.decompressobj()
    try:
        text = unpack.decompress(urlsafe_b64decode(link + "=" * (-len(link) % 4)), _LONGEST_TEXT)
    except zlib.error:
        raise ValueError("not packed") from None
    if not unpack.eof:
        raise ValueError("too long")
    return text.decode()


def _whole(digits: str) -> int:
    if len(digits) > 16:
        raise ValueError("too many digits")
    return int(digits)


def _no_number(constant: str) -> float:
    raise ValueError(f"{constant} is no number")
