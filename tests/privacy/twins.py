"""Plays a history without and with its removals, side by side, and finds the first thing that gives one away."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from itertools import zip_longest

from model import Engineer, Member, Policy, ReadDiagnostics
from tests.model.world import DIRECTORY
from tests.privacy.histories import ALL_REMOVED, AS_TOLD, History, Run, Step
from tests.privacy.observations import observe, seen, told
from tests.privacy.places import Place

Watch = Callable[[Run, list[Member], int], Iterator[bytes]]
"""What is looked at in a run at its n-th moment after the first removal, and for which members."""


def everything(run: Run, members: list[Member], moment: int) -> Iterator[bytes]:
    """All that each member can obtain, and what the engineers are told where they do not read."""
    for member in members:
        yield observe(run.place, member, run.names)
    for engineer in DIRECTORY.engineers:
        yield from (line.encode() for line in told(run.place, Engineer(engineer), run.names))


def in_turn(run: Run, members: list[Member], moment: int) -> Iterator[bytes]:
    """What one member sees, each moment another; every third moment all that the member can obtain.

    A real room takes some 8 ms for a read: so the whole is left to many histories, and to the plain rules.
    """
    member = members[(moment + len(run.names)) % len(members)]
    whole = moment % 3 == 0
    names = run.names if whole else dict(list(run.names.items())[-1:])
    yield from (line.encode() for line in seen(run.place, member, names))
    if whole:
        yield from (line.encode() for line in told(run.place, member, names))
        yield from (line.encode() for line in told(run.place, Engineer("sam"), names))


def first_difference(history: History, make: Callable[[Policy], Place], watch: Watch) -> str | None:
    """The first line that is not the same with removals as without; None: nobody can tell."""
    runs = {run for run in (AS_TOLD, ALL_REMOVED) if any(step.only == run for step in history.steps)}
    with ExitStack() as rooms:
        without, *others = (Run(rooms.enter_context(closing(make(history.policy)))) for _ in ("", *runs))
        return _compare(history, without, dict(zip(runs, others, strict=True)), watch)


def _compare(history: History, without: Run, others: dict[str, Run], watch: Watch) -> str | None:
    members = [member for member in DIRECTORY.members() if member.tenant in history.unaware]
    moment = -1  # before the first removal the runs are the same
    for n, step in enumerate(history.steps, start=1):
        heard = "" if step.only else without.act(step)
        for name, run in others.items():
            if step.only in ("", name) and (hears := run.act(step)) != heard and _tells(step, history):
                return f"step {n}, {name}: {step.actor} is told {hears}, not {heard}"
        if step.only or moment >= 0:
            moment += 1
            expected = list(watch(without, members, moment))
            for name, run in others.items():
                for found, line in zip_longest(watch(run, members, moment), expected, fillvalue=b"nothing"):
                    if found != line:
                        return f"after step {n}, {name}: {_first_line(found, line)}"
    return None


def _tells(step: Step, history: History) -> bool:
    """Does what the actor is told count? Not to who removes, nor to an engineer who reads."""
    if isinstance(step.actor, Engineer):
        return not isinstance(step.command, ReadDiagnostics)
    return isinstance(step.actor, Member) and step.actor.tenant in history.unaware


def _first_line(found: bytes, expected: bytes) -> str:
    lines = zip_longest(found.decode().split("\n"), expected.decode().split("\n"), fillvalue="nothing")
    return next(f"{one}\n    without removals: {other}" for one, other in lines if one != other)
