"""Play a history with and without its removals, or with other notes, and find the first difference."""

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
"""What to compare in a run at its n-th moment after the first removal, and for which members."""


def everything(run: Run, members: list[Member], moment: int) -> Iterator[bytes]:
    """Yield all that each member can obtain, and the answers to engineers' commands other than reads."""
    for member in members:
        yield observe(run.place, member, run.names)
    for engineer in DIRECTORY.engineers:
        yield from (line.encode() for line in told(run.place, Engineer(engineer), run.names))


def what_is_read(run: Run, members: list[Member], moment: int) -> Iterator[bytes]:
    """Yield a part of everything: what each member reads, without answers."""
    for member in members:
        yield from (line.encode() for line in seen(run.place, member, run.names))


def in_turn(run: Run, members: list[Member], moment: int) -> Iterator[bytes]:
    """Yield what one member sees, in turn; at every third moment, all that the member can obtain.

    A read of a real room takes some 8 ms, so full coverage comes from many histories, and from the plain rules.
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
    """Return the first line that differs with and without removals, or None."""
    names = [name for name in (AS_TOLD, ALL_REMOVED) if any(step.only == name for step in history.steps)]
    return _compare(history, make, watch, {name: partial(_of_run, name) for name in ("without removals", *names)})


def first_difference_by_notes(history: History, make: Callable[[Policy], Place], watch: Watch) -> str | None:
    """Return the first line that depends on the notes of the removals, or None."""
    other = "" if history.policy.justification is Justification.ASKED else "For another reason altogether"

    def with_another_note(step: Step) -> Step | None:
        if step.only == AS_TOLD and isinstance(step.command, Revoke) and step.command.note:
            return replace(step, command=replace(step.command, note=other))
        return _of_run(AS_TOLD, step)

    parts = {"with the notes of the story": partial(_of_run, AS_TOLD), "with other notes": with_another_note}
    return _compare(history, make, watch, parts)


Part = Callable[[Step], Step | None]
"""A run's act at a step, if any."""


def _of_run(name: str, step: Step) -> Step | None:
    return step if step.only in ("", name) else None


def _compare(history: History, make: Callable[[Policy], Place], watch: Watch, parts: dict[str, Part]) -> str | None:
    """Return the first line of any run that differs from the first run's."""
    members = [member for member in DIRECTORY.members() if member.tenant in history.unaware]
    moment, compared = -1, None  # until the first removal the runs are the same
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
                stands = [_state(run) for run in runs.values()]
                if stands == compared:
                    continue
                compared = stands
                expected = list(watch(base, members, moment))
                for name, run in others:
                    for found, line in zip_longest(watch(run, members, moment), expected, fillvalue=b"nothing"):
                        if found != line:
                            return f"after step {n}, {name}: {_first_line(found, line, first)}"
    return None


def _state(run: Run) -> object:
    """Return what a plain room's answers depend on, which no refusal changes; for a real room, a new object."""
    place = run.place
    if not isinstance(place, PlainRoom):
        return object()
    return place.now, tuple(place.cases.values()), len(place.events), tuple(run.names)


def _tells(step: Step, history: History) -> bool:
    """Return whether the answer counts: not if the actor removes access, nor if an engineer reads data."""
    if isinstance(step.actor, Engineer):
        return not isinstance(step.command, ReadDiagnostics)
    return isinstance(step.actor, Member) and step.actor.tenant in history.unaware


def _first_line(found: bytes, expected: bytes, first: str) -> str:
    lines = zip_longest(found.decode().split("\n"), expected.decode().split("\n"), fillvalue="nothing")
    return next(f"{one}\n    {first}: {other}" for one, other in lines if one != other)
