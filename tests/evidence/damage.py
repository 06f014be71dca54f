"""A room's files are damaged: it opens with every acknowledged command, or is reported and left unchanged."""

import itertools
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from data import Room
from tests.evidence.acts import SCENARIO, Ack, busy
from tests.evidence.experiment import Experiment, Finding
from tests.evidence.outcome import ROOM, Files, Opener, Outcome, files_in
from tests.evidence.processes import Child

LOG, MARK = f"{ROOM}.wal", f"{ROOM}.mark"
_WHAT = {ROOM: "room's file", LOG: "write-ahead log", MARK: "mark"}
_CYCLE = 7  # acts in one round of `busy`
_MORE = 4


def write_ahead_log_cut(size: int, folder: Path) -> Finding:
    """Cut the write-ahead log at `size` places, at every byte if it has no more.

    With each cut the mark is that of a random command, as if the later ones had not been acknowledged yet.
    """
    chance, lost, kinds = random.Random(7), [], Counter[str]()
    copy = crash_copy(folder / "room")
    log = copy.files[LOG]
    opener = Opener(folder / "opened")
    for cut in range(len(log)) if size >= len(log) else sorted(chance.sample(range(len(log)), size)):
        acked = chance.randrange(_CYCLE, len(copy.acks) + 1)
        outcome = opener.outcome(copy.files | {LOG: log[:cut], MARK: copy.marks[acked - 1]})
        kinds[outcome.kind] += 1
        faults = faults_of(outcome, copy.acks[:acked])
        lost += [f"log cut after {cut} bytes, {acked} commands acknowledged: {fault}" for fault in faults]
    opener.close()
    return Finding(
        f"The write-ahead log of {len(log):,} bytes of a killed process is truncated, with the mark as of each of its "
        "commands.",
        kinds.total(),
        tuple(lost),
        f"{kinds['sound']:,} cuts left a room with every acknowledged line, {kinds['damaged']:,} were reported as "
        "damage.",
    )


def flipped_bits(size: int, folder: Path) -> Finding:
    """Flip one bit at a time in a room's file, in its write-ahead log and in its mark, in turn."""
    chance, lost, kinds = random.Random(8), [], Counter[tuple[str, str]]()
    copy = crash_copy(folder / "room")
    used = {name: [at for at, byte in enumerate(content) if byte] for name, content in copy.files.items()}
    opener = Opener(folder / "opened")
    for number in range(size):
        name = (ROOM, LOG, MARK)[number % 3]
        content = bytearray(copy.files[name])
        at = chance.choice(used[name]) if chance.random() < 0.8 else chance.randrange(len(content))
        content[at] ^= 1 << chance.randrange(8)
        outcome = opener.outcome(copy.files | {name: bytes(content)})
        kinds[name, outcome.kind] += 1
        lost += [f"bit flipped in byte {at} of {name}: {fault}" for fault in faults_of(outcome, copy.acks)]
    opener.close()
    told = {what: (kinds[name, "sound"], kinds[name, "damaged"]) for name, what in _WHAT.items()}
    return Finding(
        "A bit is flipped in the room's file, in its write-ahead log or in its mark, four out of five in bytes that "
        "are not zero.",
        size,
        tuple(lost),
        "\n".join(
            f"- In the {what}: {sound:,} flips left every acknowledged line, {damaged:,} were reported as damage."
            for what, (sound, damaged) in told.items()
        ),
    )


def faults_of(outcome: Outcome, acks: Sequence[Ack]) -> list[str]:
    """Return what is wrong with an outcome: it must be a room with every line, or damage left unchanged."""
    if outcome.kind == "sound":
        return outcome.lacks(acks)[:1]
    if outcome.kind != "damaged":
        return [f"{outcome.kind}: {outcome.text}"]
    return [f"refused, and {', '.join(outcome.changed)} changed"] if outcome.changed else []


@dataclass(frozen=True, slots=True)
class CrashCopy:
    """The files of a process that was killed after some commands."""

    files: Files
    acks: list[Ack]
    marks: list[bytes]  # the mark after each command


def crash_copy(folder: Path) -> CrashCopy:
    """Let a process create a room and carry out commands, and kill it.

    One round of commands is in the room's file, a few more are in its write-ahead log.
    """
    folder.mkdir()
    child, acks, marks = Child(_work, folder / ROOM), [], []
    for _ in range(_CYCLE + _MORE):
        acks.append(child.hear())
        marks.append((folder / MARK).read_bytes())
        child.tell("go on")
    child.hear()
    files = files_in(folder)
    child.kill()
    child.end()
    return CrashCopy(files, acks, marks)


def _work(parent: Connection, path: Path) -> None:
    with Room.create(path, SCENARIO) as room:
        _acts(parent, room, _CYCLE)
    room = Room.open(path)
    _acts(parent, room, _MORE)
    parent.send("all done")
    parent.recv()  # which never comes


def _acts(parent: Connection, room: Room, many: int) -> None:
    for ack in itertools.islice(busy(room), many):
        parent.send(ack)
        parent.recv()


EXPERIMENTS = (
    Experiment(
        "A truncated write-ahead log is read up to its last complete command, or reported as damage if acknowledged "
        "lines are missing.",
        write_ahead_log_cut,
        full=100_000,
        short=12,
    ),
    Experiment(
        "A room with a flipped bit has every acknowledged line, or is reported as damaged and left unchanged.",
        flipped_bits,
        full=1000,
        short=15,
    ),
)
