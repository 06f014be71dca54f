"""Plays a history with and without its removals, or with other notes, and finds the first thing that gives one away."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from itertools import zip_longest

from model import Engineer, Justification, Member, Policy, ReadDiagnostics, Revoke
from tests.model.world import DIRECTORY
from tests.privacy.histories import ALL_REMOVED, AS_TOLD, History, Run, Step
from tests.privacy.observations import observe, seen, seen_over_time, told
from tests.privacy.places import Place, PlainRoom

Watch = Callable[[Run, list[Member], int], Iterator[bytes]]
"""What is looked at in a run at its n-th moment after the first removal, and for which members."""


def everything(run: Run, members: list[Member], moment: int) -> Iterator[bytes]:
    """All that each member can obtain, and what the engineers are told where they do not read."""
    for member in members:
        yield observe(run.place, member, run.names)
    for engineer in DIRECTORY.engineers:
        yield from (line.encode() for line in told(run.place, Engineer(engineer), run.names))


def what_is_read(run: Run, members: list[Member], moment: int) -> Iterator[bytes]:
    """A part of everything: what each member reads, and not what anybody is told."""
    for member in members:
        yield from (line.encode() for line in seen(run.place, member, run.names))


def in_turn(run: Run, members: list[Member], moment: int) -> Iterator[bytes]:
    """What one member sees, each moment another; every third moment all that the member can obtain.

    A real room takes some 8 ms for a read: so the whole is left to many histories, and to the plain rules.
    """
    member = members[(moment + len(run.names)) % len(members)]
    whole = moment % 3 == 0
    names = run.names if whole else dict(list(run.names.items())[-1:])
    yield from (line.encode() for line in seen(run.place, member, names))
    if whole:
        yield from (line.encode() for line in seen_over_time(run.place, member))
        yield from (line.encode() for line in told(run.place, member, names))
        yield from (line.encode() for line in told(run.place, Engineer("sam"), names))


def first_difference(history: History, make: Callable[[Policy], Place], watch: Watch) -> str | None:
    """The first line that is not the same with removals as without; None: nobody can tell."""
    names = [name for name in (AS_TOLD, ALL_REMOVED) if any(step.only == name for step in history.steps)]
    return _compare(history, make, watch, {name: partial(_of_run, name) for name in ("without removals", *names)})


def first_difference_by_notes(history: History, make: Callable[[Policy], Place], watch: Watch) -> str | None:
    """The first line that is not the same whatever the notes of the removals say; None: nobody can tell."""
    other = "" if history.policy.justification is Justification.ASKED else "For another reason altogether"

    def with_another_note(step: Step) -> Step | None:
        if step.only == AS_TOLD and isinstance(step.command, Revoke) and step.command.note:
            return replace(step, command=replace(step.command, note=other))
        return _of_run(AS_TOLD, step)

    parts = {"with the notes of the story": partial(_of_run, AS_TOLD), "with other notes": with_another_note}
    return _compare(history, make, watch, parts)


Part = Callable[[Step], Step | None]
"""What a run of a history does at a step, if anything."""


def _of_run(name: str, step: Step) -> Step | None:
    return step if step.only in ("", name) else None


def _compare(history: History, make: Callable[[Policy], Place], watch: Watch, parts: dict[str, Part]) -> str | None:
    """The first line that is not the same in every run as in the first."""
    members = [member for member in DIRECTORY.members() if member.tenant in history.unaware]
    moment, compared = -1, None  # before the first removal the runs are the same
    with ExitStack() as rooms:
        runs = {name: Run(rooms.enter_context(closing(make(history.policy)))) for name in parts}
        (first, base), *others = runs.items()
        for n, step in enumerate(history.steps, start=1):
            heard = {name: run.act(part) if (part := parts[name](step)) else "" for name, run in runs.items()}
            for name, _ in others if _tells(step, history) else ():
                if parts[name](step) and heard[name] != heard[first]:
                    return f"step {n}, {name}: {step.actor} is told {heard[name]}, not {heard[first]}"
            if step.only or moment >= 0:
                moment += 1
                stands = [_stand(run) for run in runs.values()]
                if stands == compared:
                    continue
                compared = stands
                expected = list(watch(base, members, moment))
                for name, run in others:
                    for found, line in zip_longest(watch(run, members, moment), expected, fillvalue=b"nothing"):
                        if found != line:
                            return f"after step {n}, {name}: {_first_line(found, line, first)}"
    return None


def _stand(run: Run) -> object:
    """What a plain room answers from: a refused act leaves it as it was. Of a real room nobody can say that."""
    place = run.place
    if not isinstance(place, PlainRoom):
        return object()
    return place.now, tuple(place.cases.values()), len(place.events), tuple(run.names)


def _tells(step: Step, history: History) -> bool:
    """Does what the actor is told count? Not to who removes, nor to an engineer who reads."""
    if isinstance(step.actor, Engineer):
        return not isinstance(step.command, ReadDiagnostics)
    return isinstance(step.actor, Member) and step.actor.tenant in history.unaware


def _first_line(found: bytes, expected: bytes, first: str) -> str:
    lines = zip_longest(found.decode().split("\n"), expected.decode().split("\n"), fillvalue="nothing")
    return next(f"{one}\n    {first}: {other}" for one, other in lines if one != other)
