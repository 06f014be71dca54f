"""`python -m data check FILE.toml …` plays scenario files and says, step by step, which expectations failed."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from data.room import Room
from data.scenario import Scenario


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; the exit status is 1 where an expectation failed or a file could not be read."""
    parser = argparse.ArgumentParser(prog="python -m data", description="Support Access Lab, from the command line.")
    commands = parser.add_subparsers(required=True)
    check = commands.add_parser("check", help="play scenario files and say which expectations failed")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE.toml")
    given = parser.parse_args(arguments)
    return max(_check(file) for file in given.files)


def _check(file: Path) -> int:
    try:
        story = Scenario.read(file)
    except (OSError, ValueError) as error:
        print(f"{file}: cannot be read\n  {error}", file=sys.stderr)
        return 1
    with Room.create(scenario=story) as room:
        played = room.play()
        room.verify()
    failed = sum(bool(step.failures) for step in played)
    print(f"{file}: {story.title}: {len(played)} steps, {failed} failed")
    for step in played:
        print(f"  {'failed' if step.failures else 'ok    '}  step {step.number}  {step.step.say}".rstrip())
        for failure in step.failures:
            print(f"          {failure}")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
