"""The commands of `python -m data`: check, compare, prove, rooms, import, import-audit-log and fit."""

import argparse
import os
import sys
from collections.abc import Sequence

from data.commands import check, compare, fit, import_audit_log, import_tickets, prove, rooms
from data.commands.screen import STOPPED, on_any_screen


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. The exit status is 1 if something is wrong, and 2 if the arguments are."""
    parser = argparse.ArgumentParser(prog="python -m data", description="Support Access Lab, from the command line.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (check, compare, prove, rooms, import_tickets, import_audit_log, fit):
        command.add_to(commands)
    given = parser.parse_args(arguments)
    status: int = given.run(given)
    return status


if __name__ == "__main__":
    status = on_any_screen(main)
    if status == STOPPED:  # Ctrl+C may have left a lock held, on which a thread would block the exit
        os._exit(status)
    sys.exit(status)
