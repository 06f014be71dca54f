"""Each write, sync, rename and open of an act fails in turn: the act is done or refused, and nothing is lost.

`python -m tests.evidence.failing_calls ACT FOLDER RESULTS CALL HOW ...` repeats one act and writes the outcomes to a
file. It runs with libfiu's preload, which intercepts calls to the C library.
"""

import ctypes
import errno
import itertools
import os
import pickle
import random
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.evidence.experiment import Experiment, Finding
from tests.evidence.trouble import ACTS, Trial, lost_by_ending, trials

_CALLS = {
    "posix/io/oc/open": errno.EIO,
    "posix/io/rw/write": errno.ENOSPC,
    "posix/io/rw/pwrite": errno.EIO,
    "posix/io/rw/ftruncate": errno.EIO,
    "posix/io/sync/fsync": errno.EIO,
    "posix/io/sync/fdatasync": errno.EIO,
    "posix/io/dir/rename": errno.EIO,
    "posix/io/dir/unlink": errno.EIO,
}
"""libfiu's name of each call, and the error that it gives."""

_HOW = ("once", "for good")
_CASES = [(act, call, how) for act in ACTS for call in _CALLS for how in _HOW]


def libfiu_is_missing() -> str | None:
    """Return what is missing for failing calls, or None."""
    return None if shutil.which("fiu-run") else "there is no fiu-run (Debian's package fiu-utils)"


def failing_calls(size: int, folder: Path) -> Finding:
    """Let each call of each act fail, once or permanently; `size` combinations of act, call and duration."""
    chosen = random.Random(10).sample(_CASES, min(size, len(_CASES)))
    done: list[Trial] = []
    for act, cases in itertools.groupby(sorted(chosen), key=lambda case: case[0]):
        done += _in_a_process(act, [case[1:] for case in cases], folder)
    met = [trial for trial in done if trial.met]
    answers = Counter(trial.answer for trial in met)
    return Finding(
        f"Each open, write, truncation, sync, rename and deletion in {len(ACTS)} acts (commands, advance, checkpoint, "
        "snapshot, create, rewind, close and open) fails in turn, once or permanently.",
        len(met),
        tuple(f"{trial.act}, {trial.trouble}: {fault}" for trial in met for fault in trial.faults),
        f"{answers['done']:,} acts were done anyway, {answers['unavailable']:,} were refused as RoomUnavailable. "
        f"In {answers['ended']:,} DuckDB ended the process because it could not open a file of `/proc` or `/sys`; "
        "every acknowledged command was there afterwards.",
    )


Case = tuple[str, str]
"""A call, and how it fails."""


def _in_a_process(act: str, cases: list[Case], folder: Path) -> list[Trial]:
    """Return the trials of an act, which run in a separate process, and in another one if it ended.

    libfiu's preload intercepts `malloc`, too, and can deadlock if one thread loads a library while another runs. So no
    library starts threads while others are still being loaded, and a process that hangs is retried once.
    """
    results, home = folder / "results", folder / "home"
    results.unlink(missing_ok=True)
    command = ["fiu-run", "-x", "-f", "", sys.executable, "-m", __name__, act, str(home), str(results)]
    alone = {"OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}
    stood_still = 0
    while True:
        try:
            ended = subprocess.run(
                [*command, *itertools.chain.from_iterable(cases)],
                check=False,
                env=os.environ | alone,
                timeout=(1 + 2 * stood_still) * (60 + 120 * len(cases)),
                stderr=subprocess.DEVNULL,
            ).returncode
        except subprocess.TimeoutExpired:
            stood_still += 1
            if stood_still == 2:
                raise TimeoutError(f"{act} stood still twice") from None
            continue
        if ended == 0:
            return [trial for _, trial in _trials_in(results)]
        if ended != -signal.SIGABRT:
            return [Trial(act, "one of its calls fails", "crash", True, (f"the process ended with {ended}",))]
        case, number = _next_trial(cases, results)
        faults = tuple(lost_by_ending(home))
        _add(results, case, Trial(act, str(FailingCall(case[0], number, case[1] == "once")), "ended", True, faults))


def _next_trial(cases: list[Case], results: Path) -> tuple[Case, int]:
    """Return the first case that is not finished, and the number of the call that is to fail next."""
    done = list(_trials_in(results))
    for case in cases:
        trials_done = [trial for which, trial in done if which == case]
        if not trials_done or trials_done[-1].met:
            return case, len(trials_done) + 1
    raise LookupError("every case is finished")


def _trials_in(results: Path) -> Iterator[tuple[Case, Trial]]:
    if results.exists():
        with results.open("rb") as file, suppress(EOFError):
            while True:
                yield pickle.load(file)


def _add(results: Path, case: Case, trial: Trial) -> None:
    with results.open("ab") as file:
        pickle.dump((case, trial), file)


class FailingCall:
    """The calls of one kind fail from the `first` on, or only that one."""

    _fiu = ctypes.CDLL("libfiu.so.0") if not libfiu_is_missing() else None

    def __init__(self, call: str, first: int, once: bool) -> None:
        self._call, self._first, self._once = call, first, once
        self._count = 0
        self.keeps_files = call.endswith("/unlink")
        answer = ctypes.CFUNCTYPE(ctypes.c_int, *[ctypes.c_void_p] * 4)  # libfiu's external_cb_t
        self._fails = answer(self._next_fails)

    def __str__(self) -> str:
        which = f"the {self._call.rpartition('/')[2]} number {self._first}"
        return f"{which} fails" if self._once else f"from {which} on, all fail"

    @property
    def met(self) -> bool:
        """Return whether there were that many calls."""
        return self._count >= self._first

    def begin(self) -> None:
        """Let calls fail."""
        self._fiu.fiu_init(0)
        self._fiu.fiu_enable_external(self._call.encode(), 1, ctypes.c_void_p(_CALLS[self._call]), 0, self._fails)

    def end(self) -> None:
        """Let no call fail."""
        self._fiu.fiu_disable(self._call.encode())

    def _next_fails(self, *_: object) -> int:
        self._count += 1
        return int(self._count == self._first or (self._count > self._first and not self._once))


def main(act: str, home: Path, results: Path, cases: list[Case]) -> None:
    """Do the act with the first call failing, the second, and so on until there are no more; append the outcomes."""
    with suppress(LookupError):
        while True:
            case, first = _next_trial(cases, results)
            calls = (FailingCall(case[0], number, case[1] == "once") for number in itertools.count(first))
            for trial in trials(act, calls, home):
                _add(results, case, trial)
                if not trial.met:
                    break


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), [*zip(sys.argv[4::2], sys.argv[5::2], strict=True)])

EXPERIMENTS = (
    Experiment(
        "Whichever disk call of an act fails, the act is done or refused as RoomUnavailable, and nothing is lost.",
        failing_calls,
        full=1000,
        short=2,
        missing=libfiu_is_missing,
    ),
)
