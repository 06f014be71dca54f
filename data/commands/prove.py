"""`python -m data prove [POLICY.toml …]`: check what a policy guarantees, and show how it breaks."""

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from textwrap import fill
from typing import Any

from data.commands.screen import STOPPED, tell
from data.files.atomic_folder import new_folder
from data.generated.ids import slug
from data.scenario.policy_files import read_policy
from data.scenario.policy_words import differences
from data.scenario_writing.counterexamples import stories
from model import PRESETS, Policy
from model.checker.repair import MOST_CHANGES, Repairs, repairs
from model.checker.report import DEFAULT, SMALL, Promise, Report, Verdict, check
from model.checker.small_world import Bounds

_INDENT = " " * 11
_UNTESTED = "Nothing to test: nothing that can happen under this policy tests it."


def add_to(commands: Any) -> None:
    """Add the command to those of `python -m data`."""
    command = commands.add_parser("prove", help="check what a policy guarantees, over every history of a small world")
    command.add_argument("files", nargs="*", type=Path, metavar="POLICY.toml", help="a policy; default: the source's")
    command.add_argument("--presets", action="store_true", help="check every preset")
    command.add_argument("--small", action="store_true", help="use small bounds, for an answer in a second or two")
    command.add_argument("--save", type=Path, metavar="FOLDER", help="write the counterexamples to a new folder")
    command.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Run the command.

    The exit status is 1 if a promise is broken without a condition, if nothing tests one, or if a file is wrong.
    """
    policies: list[tuple[str, Policy]] = list(PRESETS.items()) if given.presets else []
    unread = False
    for file in given.files:
        try:
            policies.append((file.stem, read_policy(file)))
        except (OSError, ValueError) as error:
            unread = True
            tell(f"{file} cannot be read\n  {getattr(error, 'strerror', None) or error}", file=sys.stderr)
    if not given.presets and not given.files:
        policies.append(("source", PRESETS["source"]))
    broken = False
    try:
        with new_folder(given.save) if given.save else nullcontext() as folder:
            for n, (name, report) in enumerate(_checked(policies, SMALL if given.small else DEFAULT), start=1):
                tell("\n" * (n > 1) + "\n".join(_lines(name, report)))
                if not report.safe:
                    tell("\n".join(_repair_lines(repairs(report.policy))))
                broken |= not report.safe
                if folder:
                    _save(folder, name, n, report)
    except KeyboardInterrupt:
        tell("stopped: no story was written" if given.save else "stopped", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:
        raise
    except OSError as error:
        tell(f"the stories were not written\n  {error}", file=sys.stderr)
        return 1
    if given.save:
        tell(f"\nThe stories are in {given.save}; `python -m data check` plays them.")
    return int(broken or unread)


def _checked(policies: list[tuple[str, Policy]], bounds: Bounds) -> Iterator[tuple[str, Report]]:
    """Yield each policy's name and report; several policies are checked in parallel."""
    if len(policies) < 2:
        yield from ((name, _check(policy, bounds)) for name, policy in policies)
        return
    workers = min(len(policies), os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        checks = [(name, pool.submit(_check, policy, bounds)) for name, policy in policies]
        yield from ((name, checking.result()) for name, checking in checks)


def _check(policy: Policy, bounds: Bounds) -> Report:
    return check(policy, bounds, clock=time.perf_counter)


def _lines(name: str, report: Report) -> Iterator[str]:
    """Yield the report's lines."""
    yield f"{name}: {report.policy.title}" if report.policy.title else name
    for found in report.promises:
        yield f"  {_state(found):8} {found.name}"
        yield from _folded([found.sentence])
        if found.tested or not found.counterexample:
            yield from _folded([f"Tested by {found.tested_by}." if found.tested else _UNTESTED])
        if found.counterexample:
            yield from _folded([f"{found.counterexample.wrong[:1].upper()}{found.counterexample.wrong[1:]}."])
            for story in stories(report, found.name):
                yield from _folded(
                    [f"{story.title}:"] if found.counterexample.difference else ["The shortest way there:"]
                )
                yield from _folded((step.say for step in story.steps), mark="- ")
    if report.safe:
        conditions = sum(bool(found.condition) for found in report.promises)
        yield f"  Safe{f', under {conditions} condition{_s(conditions)}' if conditions else ''}."
    else:
        broken = sum(bool(found.counterexample) and not found.condition for found in report.promises)
        untested = sum(found.verdict is Verdict.NOTHING_TO_TEST for found in report.promises)
        of, nothing = len(report.promises), f", and nothing tests {untested}" if untested else ""
        yield f"  Not safe: {broken} of {of} promises {'is' if broken == 1 else 'are'} broken{nothing}."
    yield from _folded(_thoroughness(report), indent="  ")


def _repair_lines(repaired: Repairs) -> Iterator[str]:
    """Yield what would repair a policy that is not safe."""
    policy, bounds = repaired.report.policy, "within small bounds; check a repaired policy within the default ones"
    if repaired.fewest is None:
        yield f"  No repair within {MOST_CHANGES} changes of its settings."
    elif repaired.fewest == 0:
        yield "  Within small bounds every promise holds, so no repair was searched for."
    else:
        count = repaired.fewest
        yield from _folded([f"Repaired by {count} change{_s(count)} ({bounds}), any one of these lines:"], indent="  ")
        for repair in repaired.found:
            yield from _folded(
                ["; ".join(to for to, _ in differences(repair.policy, policy))], indent="    ", mark="- "
            )


def _thoroughness(report: Report) -> Iterator[str]:
    """Yield sentences that say how much was tried."""
    yield f"Every history was tried with {report.bounds}."
    together = (
        f", and for at least {report.represented:,} of all tickets together, since what happens to one does not touch "
        "another"
    )
    yield (
        f"{report.explored:,} states of one ticket were explored, by {report.transitions:,} transitions, up to "
        f"{report.depth} steps deep. They stand for at least {report.by_symmetry:,} states, since people who may do "
        f"the same are interchangeable{together if report.bounds.tickets > 1 else ''}."
    )
    took = f" It took {report.seconds:.1f} seconds." if report.seconds is not None else ""
    compared = f"{report.pairs:,} pair{_s(report.pairs)} of states, with a removal and without it, were compared."
    yield f"For the privacy of removals {compared}{took}"


def _state(found: Promise) -> str:
    if found.verdict is Verdict.NOTHING_TO_TEST:
        return "NOTHING"
    return "holds" if found.holds else "FINDING" if found.condition else "BROKEN"


def _folded(texts: Iterable[str], indent: str = _INDENT, mark: str = "") -> Iterator[str]:
    for text in texts:
        yield fill(text, 110, initial_indent=indent + mark, subsequent_indent=indent + " " * len(mark))


def _s(count: int) -> str:
    return "" if count == 1 else "s"


def _save(folder: Path, name: str, n: int, report: Report) -> None:
    """Write the stories of a report, each into a file named for the policy and the promise."""
    for found in report.promises:
        if found.counterexample:
            scenarios = stories(report, found.name)
            for story, side in zip(
                scenarios, ("-removed", "-not-removed") if len(scenarios) > 1 else ("",), strict=True
            ):
                file = folder / f"{n}-{slug(name)}-{slug(found.name)}{side}.toml"
                file.write_text(story.text, encoding="utf-8")
