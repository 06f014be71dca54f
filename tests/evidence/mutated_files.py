"""Mutated scenario, experiment and policy files: each is read, or refused in a few plain words that name the file."""

import contextlib
import io
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from data import Experiment as Comparing
from data.__main__ import main
from data.commands import check, compare, prove
from data.files.shipped_files import shipped_files
from data.scenario.policy_files import policy_text
from data.scenario.reader import read_scenario
from data.scenario.scenario import Scenario
from model import PRESETS, Policy
from model.checker.report import Report
from tests.evidence.experiment import Experiment, Finding
from tests.evidence.mutations import mutant

ROOT = Path(__file__).parents[2]
_LONGEST_ERROR = 1500  # characters
_SECONDS = 60  # for one file, on a busy machine
_CHECKED = 30  # policies that are really checked, each in a second or two
_STEPS = 60  # of a story that is played
_COMMANDS = {"scenarios": "check", "experiments": "compare", "policies": "prove"}


def mutated_files(size: int, folder: Path) -> Finding:
    """Give mutated files to the commands, in this process and every thirtieth also in one of its own."""
    files = _files()
    lost: list[str] = []
    ends: Counter[str] = Counter()
    with _bounded_work():
        for number in range(size):
            chance = random.Random(number)
            kind = chance.choice(list(_COMMANDS))
            path = folder / f"mutant{number}.toml"
            path.write_bytes(mutant(chance.choice(files[kind]), chance.choice(files[kind]), chance))
            ends_with, wrong = _in_process(_COMMANDS[kind], path)
            ends[f"{_COMMANDS[kind]}: {ends_with}"] += 1
            if number % 30 == 0:
                ends["in a process of its own"] += 1
                wrong += _on_its_own(_COMMANDS[kind], path) if _is_quick(kind, path) else []
            lost += [f"mutant {number} ({_COMMANDS[kind]}): {fault}" for fault in wrong]
            path.unlink()
    return Finding(
        "One to three mutations of a shipped scenario or experiment, or of a preset as a file: flipped bits, cut, "
        "repeated and spliced parts, values of other types and sizes, deep nesting, long lists, control codes. "
        "Each went through `check`, `compare` or `prove`.",
        size,
        tuple(lost),
        "How they ended: "
        + "; ".join(f"{end} {times:,}" for end, times in sorted(ends.items()))
        + f". Stories are played up to {_STEPS} steps with little background, experiments with 20 tickets, and "
        f"{_CHECKED} policies are checked: the experiment is about reading.",
    )


def _files() -> dict[str, list[bytes]]:
    """Return the original files, by kind."""
    shipped = {kind: [text.encode() for *_, text in shipped_files(kind)] for kind in ("scenarios", "experiments")}
    return {**shipped, "policies": [policy_text(policy).encode() for policy in PRESETS.values()]}


def _in_process(command: str, path: Path) -> tuple[str, list[str]]:
    """Return how the command ended, and any faults."""
    out, err = io.StringIO(), io.StringIO()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), _time_limit():
            given = [command, str(path), *(["--small"] if command == "prove" else [])]
            status = main(given)
    except (Exception, SystemExit) as error:
        return "failed", [f"{type(error).__name__}: {str(error)[:300]}"]
    return ("refused" if f"{path} cannot be" in err.getvalue() else "read"), _wrong(
        status, out.getvalue(), err.getvalue(), path
    )


def _on_its_own(command: str, path: Path) -> list[str]:
    """Return the faults of the real command line."""
    given = [sys.executable, "-m", "data", command, str(path), *(["--small"] if command == "prove" else [])]
    try:
        done = subprocess.run(given, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=5 * _SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return ["no answer on the command line"]
    return _wrong(done.returncode, done.stdout, done.stderr, path)


def _wrong(status: int, out: str, err: str, path: Path) -> list[str]:
    """Yield what is wrong with what a command printed and with its exit status."""
    printed = out + "\n".join(line for line in err.splitlines() if " % of " not in line)
    wrong = []
    if "Traceback" in err:
        wrong.append(f"a traceback: {err[-300:]}")
    if odd := {c for c in printed if not c.isprintable() and c != "\n"}:
        wrong.append(f"printed {odd}")
    if status not in (0, 1):
        wrong.append(f"the exit status {status}")
    if "cannot be" in err:
        reason = err.split("cannot be", 1)[1]
        if len(err) > _LONGEST_ERROR:
            wrong.append(f"an error of {len(err):,} characters")
        if status != 1:
            wrong.append("refused with the exit status 0")
        if "cannot be read" in err and path.name not in reason:
            wrong.append(f"an error that does not name the file: {err[-200:]}")
    return wrong


def _is_quick(kind: str, path: Path) -> bool:
    """Return whether a file asks for little work; otherwise only its reading is tried."""
    try:
        if kind == "scenarios":
            story = read_scenario(path)
            return len(story.steps) <= _STEPS and (not story.background or story.background.tickets <= 2000)
        return kind == "policies" or not isinstance(Comparing.read(path), Comparing)
    except ValueError:
        return True


@contextlib.contextmanager
def _bounded_work() -> Iterator[None]:
    """Let the commands do less of what a file asks for, once it is read."""

    def little_story(path: Path) -> Scenario:
        story = read_scenario(path)
        background = story.background
        if background:
            few = {name: min(getattr(background, name), 3) for name in ("tenants", "days", "tickets_per_day")}
            background = replace(background, **few)
        return replace(story, steps=story.steps[:_STEPS], background=background)

    class LittleExperiment(Comparing):
        @classmethod
        def read(cls, path: str | Path) -> Comparing:
            found = Comparing.read(path)
            tickets, many = (min(found.tickets, 20) if found.tickets <= 10**9 else found.tickets), found.replications
            return replace(found, tickets=tickets, replications=2 if 2 <= many <= 10_000 else many, until=None)

    checked: list[Report] = []

    def few_checks(policy: Policy, bounds: Any) -> Report:
        if len(checked) < _CHECKED:
            checked.append(really(policy, bounds))
            return checked[-1]
        return checked[0]

    really: Callable[..., Report] = prove._check
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(check, "read_scenario", little_story)
        patch.setattr(compare, "Experiment", LittleExperiment)
        patch.setattr(prove, "_check", few_checks)
        yield


@contextlib.contextmanager
def _time_limit() -> Iterator[None]:
    """Raise TimeoutError after a minute in which a file was not done with."""

    def too_long(_: int, __: FrameType | None) -> None:
        raise TimeoutError(f"no answer in {_SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


EXPERIMENTS = (
    Experiment(
        "A scenario, experiment or policy file is read, or refused with a short error that says what is wrong.",
        mutated_files,
        full=10_000,
        short=40,
    ),
)
