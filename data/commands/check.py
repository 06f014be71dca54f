"""`python -m data check FILE.toml …`: play scenario files and say, step by step, which expectations failed."""

import argparse
import sys
from pathlib import Path
from textwrap import shorten
from typing import Any

from data.commands.screen import tell
from data.files.durations import duration_text
from data.files.shown import on_one_line
from data.room import Room
from data.scenario.reader import read_scenario
from data.scenario.scenario import Step


def add_to(commands: Any) -> None:
    """Add the command to those of `python -m data`."""
    command = commands.add_parser("check", help="play scenario files and say which expectations failed")
    command.add_argument("files", nargs="+", type=Path, metavar="FILE.toml")
    command.set_defaults(run=_check_all)


def _check_all(given: argparse.Namespace) -> int:
    right = [_check(file) for file in given.files]
    if len(right) > 1:
        tell(f"{sum(right)} of {len(right)} files are as they should be")
    return int(not all(right))


def _check(file: Path) -> bool:
    """Play one file, print the outcome of each step, and return whether all was as expected."""
    try:
        story = read_scenario(file)
    except (OSError, ValueError) as error:
        tell(f"{file} cannot be read\n  {getattr(error, 'strerror', None) or error}", file=sys.stderr)
        return False
    with Room.create(scenario=story) as room:
        played = room.play()
        room.verify()
    failed = sum(bool(step.failures) for step in played)
    outcome = f"{failed} failed" if failed else "all as expected"
    tell(f"{file}: {on_one_line(story.title, 200)}: {_steps(len(played))}, {outcome}")
    for step in played:
        tell(f"  {'FAILED' if step.failures else 'ok':6}  step {step.number:2}  {_in_short(step.step)}")
        for failure in step.failures:
            tell(f"                   {failure}")
    return not failed


def _in_short(step: Step) -> str:
    waits = f"wait {duration_text(step.wait)}" if step.wait else ""
    refused = f"expects the refusal {step.refused}" if step.refused else ""
    return "; ".join(filter(None, (waits, step.act, refused))) or shorten(step.say, 90, placeholder=" …")


def _steps(number: int) -> str:
    return f"{number} step{'' if number == 1 else 's'}"
