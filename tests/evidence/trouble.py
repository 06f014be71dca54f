"""The disk fails while a room is in use: each act is done, or refused as RoomUnavailable with nothing lost."""

import itertools
import pickle
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from data import Room, RoomUnavailable
from tests.evidence.acts import SCENARIO, Ack, busy
from tests.evidence.outcome import ROOM, open_room

_COPY, _NEW = "copy.duckdb", "new.duckdb"
_MAY_STAY = {f"{name}{end}" for name in (ROOM, _COPY, _NEW) for end in ("", ".mark")}


class Trouble(Protocol):
    """A temporary fault of a disk."""

    keeps_files: bool  # files cannot be deleted meanwhile

    def begin(self) -> None:
        """Start the fault."""

    def end(self) -> None:
        """End the fault."""

    @property
    def met(self) -> bool:
        """Return whether any call was affected."""


@dataclass(frozen=True, slots=True)
class Trial:
    """The outcome of one act during one fault."""

    act: str
    trouble: str
    answer: str  # done, unavailable, or the error
    met: bool
    faults: tuple[str, ...]


class AtWork:
    """A room in use in a folder, and its acknowledged commands."""

    def __init__(self, home: Path, before: int) -> None:
        self.home = home
        self.room = Room.create(home / ROOM, SCENARIO)
        self.acks: list[Ack] = []
        self.write(7)  # a whole round
        self._commands = busy(self.room)
        self.next(before)

    def write(self, many: int) -> None:
        """Carry out commands from the start of a round."""
        self.acks.extend(itertools.islice(busy(self.room), many))

    def next(self, many: int = 1) -> None:
        """Continue the round."""
        self.acks.extend(itertools.islice(self._commands, many))

    def rewind(self) -> None:
        """Rewind the room to its third line."""
        self.room.rewind(3)
        self.acks = [ack for ack in self.acks if ack.seq <= 3]

    def snapshot(self) -> None:
        """Write a snapshot."""
        self.room.snapshot(self.home / _COPY)

    def create(self) -> None:
        """Create another room."""
        if not (self.home / _NEW).exists():
            Room.create(self.home / _NEW, SCENARIO).close()

    def close_and_open(self) -> None:
        """Close the room and open it again."""
        self.room.close()
        self.room = Room.open(self.home / ROOM)


_ROUND = ("open a ticket", "request access", "approve", "read", "advance", "remove access", "close a ticket")
_OTHERS = (AtWork.snapshot, AtWork.create, AtWork.rewind, AtWork.close_and_open)
ACTS: dict[str, tuple[int, Callable[[AtWork], None]]] = {
    **{name: (n, AtWork.next) for n, name in enumerate(_ROUND)},
    "12 commands": (38, partial(AtWork.write, many=12)),  # a checkpoint comes after 50 commits
    **{act.__name__.replace("_", " "): (0, act) for act in _OTHERS},
}
"""Name -> the number of commands before the act, and the act."""


def trials(act: str, troubles: Iterable[Trouble], home: Path) -> Iterator[Trial]:
    """Do an act in a new room with each fault in turn, until one affects no call; then check for losses."""
    before, do = ACTS[act]
    for trouble in troubles:
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        at = AtWork(home, before)
        _acknowledged(home).write_bytes(pickle.dumps(at.acks))
        trouble.begin()
        try:
            do(at)
            answer = "done"
        except RoomUnavailable:
            answer = "unavailable"
        except Exception as error:
            answer = f"{type(error).__name__}: {error}".splitlines()[0]
        finally:
            trouble.end()
        faults = [] if answer in ("done", "unavailable") else [answer]
        try:
            faults += _faults_afterwards(at, do, answer, trouble)
        except Exception as error:
            faults.append(f"after {answer}, without trouble again: {type(error).__name__}: {error}".splitlines()[0])
        with suppress(Exception):
            at.room.close()
        yield Trial(act, str(trouble), answer, trouble.met, tuple(faults))


def lost_by_ending(home: Path) -> Iterator[str]:
    """Yield a sentence for each fault found after a trial's process ended in the middle."""
    for name in (ROOM, _COPY, _NEW):
        if name == ROOM or (home / name).exists():
            outcome = open_room(home / name)
            if outcome.kind != "sound":
                yield f"{name} after the process was ended: {outcome.kind}: {outcome.text}"
            elif name == ROOM:
                yield from outcome.lacks(pickle.loads(_acknowledged(home).read_bytes()))[:1]


def _acknowledged(home: Path) -> Path:
    """Return the file of the commands acknowledged before a trial's fault."""
    return home.with_name("acknowledged")


def _faults_afterwards(at: AtWork, do: Callable[[AtWork], None], answer: str, trouble: Trouble) -> Iterator[str]:
    """Continue in the same process after the fault, and yield a sentence for each error."""
    if do in (AtWork.create, AtWork.snapshot):
        made = at.home / (_NEW if do == AtWork.create else _COPY)
        outcome = open_room(made) if answer == "done" or made.exists() else None
        if outcome and outcome.kind != "sound":
            yield f"{made.name} after {answer}: {outcome.kind}: {outcome.text}"
    if do == AtWork.close_and_open and answer != "done":
        at.room.close()
        at.room = Room.open(at.home / ROOM)
    if at.room.seq != at.acks[-1].seq:
        yield f"after {answer}, the room is at line {at.room.seq}, and line {at.acks[-1].seq} was acknowledged last"
    if do in _OTHERS:
        do(at)
    at.write(3)
    at.room.verify()
    at.room.close()
    left = {file.name for file in at.home.iterdir()} - _MAY_STAY
    if left and not trouble.keeps_files:
        yield f"after {answer}, there is {', '.join(sorted(left))}"
    outcome = open_room(at.home / ROOM)
    if outcome.kind != "sound":
        yield f"after {answer}, {outcome.kind}: {outcome.text}"
    else:
        yield from outcome.lacks(at.acks)[:1]
        if len(outcome.log) != at.acks[-1].seq:
            yield f"after {answer}, the log has {len(outcome.log)} lines, and {at.acks[-1].seq} were acknowledged"
