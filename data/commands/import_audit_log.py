"""`python -m data import-audit-log ROOM.duckdb TENANT=FILE …`: create a room from tenants' own audit logs."""

import argparse
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

from data.commands.import_tickets import tell_report
from data.commands.screen import tell
from data.imported.audit_entries import Places
from data.room import Room

_SHOWN = 10  # entries that cannot be used


def add_to(commands: Any) -> None:
    """Add the command to those of `python -m data`."""
    command = commands.add_parser(
        "import-audit-log",
        help="create a room from the audit logs of one or more tenants",
        description="Create a room from tenants' audit logs: Graph's directoryAudit (JSON), Log Analytics' AuditLogs "
        "(JSON or CSV), or the portal's CSV. No documentation says which field carries the access request: the "
        "defaults below are guesses.",
    )
    command.add_argument("room", type=Path, metavar="ROOM.duckdb", help="the new room, for Room.open")
    command.add_argument("logs", nargs="+", metavar="TENANT=FILE", help="a file, and the tenant whose log it is")
    for place in fields(Places):
        option = f"--{place.name.replace('_', '-')}-at"
        command.add_argument(
            option, default=place.default, metavar="PLACE", dest=place.name, help=f"or {place.default}"
        )
    command.add_argument("--generated-names", action="store_true", help="use generated names for people and tenants")
    command.set_defaults(run=_import, parser=command)


def _import(given: argparse.Namespace) -> int:
    logs = dict(each.split("=", 1) for each in given.logs if "=" in each)
    if len(logs) < len(given.logs):
        given.parser.error("give each log as TENANT=FILE, each tenant once, for example Contoso=contoso.json")
    places = Places(**{place.name: getattr(given, place.name) for place in fields(Places)})
    try:
        with Room.from_audit_logs(logs, places, path=given.room, generated_names=given.generated_names) as room:
            report, found = room.imported, room.logs
    except (OSError, ValueError) as error:
        tell(str(error), file=sys.stderr)
        return 1
    assert report and found
    tell(f"{found.entries:,} entries about support access are used")
    for log, line, reason in found.left_out.head(_SHOWN).itertuples(index=False):
        tell(f"  left out: {log}, entry {line:,}: {reason}")
    if len(found.left_out) > _SHOWN:
        tell(f"  … and {len(found.left_out) - _SHOWN:,} more")
    for says in found.unknown:
        tell(f"  not known: {says}")
    tell_report(report, given.room)
    return 0
