"""The power is cut at any moment of a session: the disk then has a room with every acknowledged command."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.evidence.acts import Ack
from tests.evidence.disk import Choice, Disk, choices
from tests.evidence.experiment import Experiment, Finding
from tests.evidence.outcome import ROOM, Files, Opener, Outcome
from tests.evidence.session import COPY
from tests.evidence.trace import Said, Step, Synced, strace_is_missing, traced


@dataclass(frozen=True, slots=True)
class Owed:
    """The program's promises at a moment."""

    acks: tuple[Ack, ...] = ()  # acknowledged lines; none: the room was not created yet
    ends: tuple[int, ...] = ()  # possible ends of the log: an unfinished act is done whole or not at all
    or_new: bool = False  # a new room, with its first line, may have replaced this one

    def broken_by(self, outcome: Outcome) -> list[str]:
        """Return a sentence for each promise that the outcome of opening the room breaks."""
        if outcome.kind == "none" and not self.acks:
            return []
        if outcome.kind != "sound":
            return [f"{outcome.kind}: {outcome.text}"]
        end = len(outcome.log)
        if self.or_new and end == 1:
            return []
        return outcome.lacks(self.acks) + ([] if end in self.ends else [f"ends at line {end}, not {self.ends}"])


def power_loss(size: int, folder: Path) -> Finding:
    """Cut the power at any moment of a session, and open each possible state of the disk, at most `size`."""
    (folder / "disk").mkdir()
    steps = traced("tests.evidence.session", folder / "disk", folder / "trace")
    cuts = list(_cuts(steps, random.Random(5)))
    sample = _sample(cuts, size, random.Random(6))
    opener, lost, times = Opener(folder / "opened"), [], 0
    for files, owed, at in _states(steps, sample):
        times += 1
        faults = owed.broken_by(opener.outcome(files))
        lost += [f"power cut after step {at}, {steps[at]!r:.80}: {fault}" for fault in faults[:1]]
    opener.close()
    said = sum(isinstance(step, Said) for step in steps)
    possible, taken = (sum(map(len, found)) for found in (dict(cuts).values(), sample.values()))
    return Finding(
        f"A session of {said} acknowledged commands (create, write, close, open, snapshot, rewind, checkpoint, replace)"
        f" was traced; of {possible:,} possible states of the disk after a power cut, {taken:,} were sampled, and the "
        "room and the snapshot in each were opened.",
        times,
        tuple(lost),
        f"The trace has {len(steps):,} steps. {opener.kinds.total():,} opened states differ: {opener.kinds['sound']:,} "
        f"have a sound room, {opener.kinds['none']:,} have none, because its creation was not acknowledged yet."
        f"\n\n{_MODEL}",
    )


_MODEL = """The model of the disk, as in ALICE (Pillai et al., OSDI 2014) and CrashMonkey (Mohan et al., 2018):

- Synced data survives. A sync of a file covers its content and size, not its name; names (creations, renames,
  deletions) are durable after a sync of the folder.
- Later changes may survive or not, in any combination. Up to 6 such changes are combined in all ways; of more, every
  prefix, each one alone, each one missing, and at least 64 in total, others at random (fixed seed).
- Each write is torn at 512-byte sectors: before and after each of up to 12 borders (a sample if there are more), 6
  times with random sectors, and with the new size and only zeros; alone, with all changes before it, and with all
  others. Only one write is torn at a time.
- A rename is atomic. No sector holds garbage, no synced sector is lost, and the disk does not lie about syncs."""


def _cuts(steps: Sequence[Step], chance: random.Random) -> Iterator[tuple[int, list[Choice]]]:
    """Yield the moments before each sync and at the end, with the unsynced changes that a cut may keep.

    A cut at another moment keeps no more than some cut at the next of these moments, and less is promised.
    """
    disk = Disk()
    for at, step in enumerate([*steps, Synced(None)]):
        if isinstance(step, Synced):
            yield at, list(dict.fromkeys(choices(disk.pending, chance)))
        if not isinstance(step, Said):
            disk.take(step)


def _sample(cuts: Iterable[tuple[int, list[Choice]]], size: int, chance: random.Random) -> dict[int, list[Choice]]:
    every = [(at, choice) for at, found in cuts for choice in found]
    chosen: dict[int, list[Choice]] = {}
    for at, choice in chance.sample(every, min(size, len(every))):
        chosen.setdefault(at, []).append(choice)
    return chosen


def _states(steps: Sequence[Step], chosen: dict[int, list[Choice]]) -> Iterator[tuple[Files, Owed, int]]:
    """Yield each state, its promises, and the last step before the cut."""
    disk = Disk()
    for at, (step, (owed, copy)) in enumerate(zip([*steps, Synced(None)], _owed(steps), strict=True)):
        for choice in chosen.get(at, ()):
            files = disk.after(choice)
            yield files, owed, at - 1
            if COPY in files or copy.acks:
                of_copy = {name.replace(COPY, ROOM): files[name] for name in files if name.startswith(COPY)}
                yield of_copy, copy, at - 1
        if not isinstance(step, Said):
            disk.take(step)


def _owed(steps: Sequence[Step]) -> Iterator[tuple[Owed, Owed]]:
    """Yield what is owed before each step, and at the end: of the room, and of the snapshot."""
    texts = [step.text.split() for step in steps if isinstance(step, Said)]
    (copied,) = (int(text[1]) for text in texts if text[0] == "copied")
    acks: tuple[Ack, ...] = ()
    last, copy, replacing = 0, Owed((), (copied,)), False
    for step in [*steps, None]:
        then = _end(texts[0], last) if texts else last
        yield Owed(acks, (last, then), replacing), copy
        if not isinstance(step, Said):
            continue
        last, text = then, texts.pop(0)
        replacing = text[0] == "replacing"
        match text:
            case "rewinding", line:
                acks = tuple(ack for ack in acks if ack.seq <= int(line))
            case "copied", _:
                copy = Owed(acks, (copied,))
            case "replaced", _:
                acks = (Ack(last, "clock", ""),)
            case seq, action, *ticket if seq.isdecimal():
                acks += (Ack(last, action, "".join(ticket)),)


def _end(text: Sequence[str], last: int) -> int:
    """Return the end of the log after this output."""
    match text:
        case (("rewound" | "replaced"), line):
            return int(line)
        case (("rewinding" | "copied" | "replacing"), *_):
            return last
    return int(text[0])


EXPERIMENTS = (
    Experiment(
        "After a power cut every acknowledged command is there, and a room or a snapshot is whole or does not exist.",
        power_loss,
        full=10_000,
        short=40,
        missing=strace_is_missing,
    ),
)
