"""The disk is full at each step of an act: it is done or refused, nothing is lost, and it works once there is space."""

import itertools
import os
import random
import resource
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from tests.evidence.experiment import Experiment, Finding
from tests.evidence.processes import ran
from tests.evidence.trouble import ACTS, Trial, Trouble, trials

_SIZE = 32 << 20  # bytes, of the small disk
_LITTLE = range(0, 68, 4)  # KiB left: a command needs less than the last
_MUCH = (*_LITTLE, *range(128, 9000, 256))  # DuckDB writes blocks of 256 KiB
_NEEDS_MUCH = ("12 commands", "snapshot", "create", "rewind", "close and open")


def full_disk(size: int, folder: Path) -> Finding:
    """Do each act with limited disk space, in `size` cases; then free the space and continue."""
    every = [(act, left) for act in ACTS for left in (_MUCH if act in _NEEDS_MUCH else _LITTLE)]
    chosen = sorted(random.Random(9).sample(every, min(size, len(every))))
    done: list[Trial] = []
    with _small_disk(folder) as mounted:
        for act, cases in itertools.groupby(chosen, key=lambda case: case[0]):
            done += [trial for _, trial in ran(_try, act, [left for _, left in cases], folder, mounted)]
    answers = Counter(trial.answer for trial in done)
    how = f"A disk of {_SIZE >> 20} MiB is filled" if mounted else "The size of files is limited"
    return Finding(
        f"{how} so that 0 to 8,800 KiB are left, before each of {len(ACTS)} acts: commands, advance, checkpoint, "
        "snapshot, create, rewind, close and open. Then the space is freed.",
        len(done),
        tuple(f"{trial.act}, {trial.trouble}: {fault}" for trial in done for fault in trial.faults),
        f"{answers['done']:,} acts were done, {answers['unavailable']:,} were refused as RoomUnavailable.",
    )


def _try(parent: Connection, act: str, lefts: list[int], folder: Path, mounted: bool) -> None:
    troubles: list[Trouble] = [FullDisk(folder, left) if mounted else LimitedFiles(left) for left in lefts]
    for trial in trials(act, troubles, folder / "home"):
        parent.send(trial)


class FullDisk:
    """A disk filled by another file, with so many KiB left."""

    met, keeps_files = True, False

    def __init__(self, disk: Path, left: int) -> None:
        self._left, self._file = left, disk / "ballast"

    def __str__(self) -> str:
        return f"with {self._left} KiB left"

    def begin(self) -> None:
        """Fill the disk."""
        disk = os.statvfs(self._file.parent)
        with self._file.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, disk.f_bavail * disk.f_frsize - (self._left << 10))

    def end(self) -> None:
        """Make space."""
        self._file.unlink()


class LimitedFiles:
    """A limit on the size of written files, if no disk can be mounted."""

    met, keeps_files = True, False

    def __init__(self, left: int) -> None:
        self._left = left

    def __str__(self) -> str:
        return f"with files of at most {self._left} KiB"

    def begin(self) -> None:
        """Set the limit."""
        resource.setrlimit(resource.RLIMIT_FSIZE, (self._left << 10, resource.RLIM_INFINITY))

    def end(self) -> None:
        """Remove the limit."""
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@contextmanager
def _small_disk(folder: Path) -> Iterator[bool]:
    """Mount a small in-memory disk at the folder if allowed; give whether it is mounted."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(folder)]
    mounted = os.geteuid() == 0 and subprocess.run(mount, capture_output=True).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)


EXPERIMENTS = (
    Experiment(
        "On a full disk each command is done or refused as RoomUnavailable, nothing is lost or left behind, and the "
        "same process continues once there is space.",
        full_disk,
        full=10_000,
        short=6,
    ),
)
