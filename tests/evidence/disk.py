"""The possible contents of a disk after a power cut, given a program's calls.

The model is the weak one of ALICE (Pillai et al., "All File Systems Are Not Created Equal", OSDI 2014), also used by
CrashMonkey (Mohan et al., OSDI 2018): synced data survives, and any part of later changes may.

- A sync of a file makes its content and size durable, but not its name.
- A sync of the folder makes names durable: creations, renames and deletions.
- Later changes may have happened or not, in any combination; those of one file or name in order.
- A write may be torn between sectors of 512 bytes, even with a later sector and without an earlier one, or leave the
  new size with zeros. A rename is atomic.
- No sector is garbage, and no synced sector is lost.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from tests.evidence.trace import Change, Named, Resized, Synced, Unnamed, Wrote

SECTOR = 512
ALL, NONE, ZEROS = "all", "none", "zeros"
MOST = 6  # unsynced changes: up to this many, all combinations

Kept = str | frozenset[int]  # the part of a change that is kept: all, nothing, zeros, or these sectors
Choice = tuple[Kept, ...]  # for each unsynced change


@dataclass
class Disk:
    """The durable content of the disk, and the unsynced changes."""

    contents: dict[int, bytearray] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    pending: list[Change] = field(default_factory=list)

    def take(self, step: Change | Synced) -> None:
        """Apply one step."""
        if not isinstance(step, Synced):
            self.pending.append(step)
            return
        lasting = [each for each in self.pending if _file_of(each) == step.file]
        self.pending = [each for each in self.pending if _file_of(each) != step.file]
        for change in lasting:
            _apply(change, ALL, self.contents, self.names)

    def after(self, choice: Choice) -> dict[str, bytes]:
        """Return the files that the disk holds after a power cut, by name."""
        touched = {_file_of(change) for change in self.pending}
        contents = {file: bytearray(data) if file in touched else data for file, data in self.contents.items()}
        names = dict(self.names)
        for change, kept in zip(self.pending, choice, strict=True):
            _apply(change, kept, contents, names)
        return {name: bytes(contents.get(file, b"")) for name, file in names.items()}


def choices(pending: Sequence[Change], chance: random.Random) -> Iterator[Choice]:
    """Yield what a power cut may keep of unsynced changes: all combinations of a few, a sample of many.

    Then each write is torn: alone, while the changes before it are there, and while all are there.
    """
    many = len(pending)
    if many <= MOST:
        yield from product((ALL, NONE), repeat=many)
    else:
        yield from ((ALL,) * n + (NONE,) * (many - n) for n in range(many + 1))
        yield from ((ALL,) * n + (NONE,) + (ALL,) * (many - n - 1) for n in range(many - 1))
        yield from ((NONE,) * n + (ALL,) + (NONE,) * (many - n - 1) for n in range(1, many))
        yield from (tuple(chance.choices((ALL, NONE), k=many)) for _ in range(2**MOST - many))
    for n, change in enumerate(pending):
        if isinstance(change, Wrote):
            for torn in _tears(change, chance):
                yield (ALL,) * n + (torn,) + (ALL,) * (many - n - 1)
                yield (ALL,) * n + (torn,) + (NONE,) * (many - n - 1)
                yield (NONE,) * n + (torn,) + (NONE,) * (many - n - 1)


def _tears(write: Wrote, chance: random.Random) -> Iterator[Kept]:
    """Yield how a write may be torn: after each of a few sectors, before each, at random; a sample of many sectors."""
    first, last = write.offset // SECTOR, (write.offset + len(write.data) - 1) // SECTOR
    inner = list(range(first + 1, last + 1))
    for border in inner if len(inner) <= 2 * MOST else chance.sample(inner, MOST):
        yield frozenset(range(first, border))
        yield frozenset(range(border, last + 1))
    yield ZEROS
    for _ in range(MOST if len(inner) > 1 else 0):
        yield frozenset(sector for sector in range(first, last + 1) if chance.random() < 0.5)


def _file_of(change: Change) -> int | None:
    """Return the file of a change; None for a change of names."""
    return change.file if isinstance(change, Wrote | Resized) else None


def _apply(change: Change, kept: Kept, contents: dict[int, bytearray], names: dict[str, int]) -> None:
    if kept == NONE:
        return
    match change:
        case Named(name, file, instead_of):
            if instead_of and names.get(instead_of) == file:
                del names[instead_of]
            names[name] = file
        case Unnamed(name):
            names.pop(name, None)
        case Resized(file, size):
            content = contents.setdefault(file, bytearray())
            content[size:] = bytes(max(0, size - len(content)))
        case Wrote(file, offset, data):
            content = contents.setdefault(file, bytearray())
            content.extend(bytes(max(0, offset + len(data) - len(content))))
            if kept == ALL:
                content[offset : offset + len(data)] = data
            elif kept != ZEROS:
                for sector in kept:
                    begin, end = max(sector * SECTOR, offset), min((sector + 1) * SECTOR, offset + len(data))
                    content[begin:end] = data[begin - offset : end - offset]
