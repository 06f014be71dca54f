"""Convert tenants' audit logs to rows of tickets: one log, or those of both sides combined.

What a log cannot show stays unknown: the support request tenant's log never shows how access ended, and the resource
tenant's shows neither when access was requested nor what was rejected.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from data.imported.audit_entries import Entry, Places, Unread, read_entries
from data.imported.fields import FIELDS

_SAID = {"support": "asked", "resource": "removed"}  # the fields that only this side's log shows
_OF_SUPPORT_SIDE = ("Request created", "Request approved", "Request rejected", "Request canceled")


@dataclass(frozen=True, slots=True)
class AuditLogRows:
    """The content of audit logs, as rows for an import."""

    rows: pd.DataFrame = field(repr=False)  # a row for each access request, with the fields of an import as columns
    entries: int  # about support access that were used
    left_out: pd.DataFrame = field(repr=False)  # log, line, reason: the entries that cannot be used
    unknown: tuple[str, ...] = ()  # what these logs cannot show
    said: tuple[str, ...] = ()  # the fields of an import that they always show


def rows_of_audit_logs(logs: Mapping[str, str | Path], places: Places | None = None) -> AuditLogRows:
    """Return what audit logs say about access requests; `logs`: the files, by the names of their tenants.

    Raises ValueError if a file is in no known form, and FileNotFoundError.
    """
    places = places or Places()
    found: dict[str, dict[str, Any]] = {}
    unread: list[tuple[str, int, str]] = []
    seen: set[str] = set()
    used = 0
    for tenant, file in logs.items():
        for entry in sorted_entries(Path(file), places):
            if isinstance(entry, Unread):
                unread.append((tenant, entry.line, entry.reason))
            elif entry.activity == "Request expired":
                unread.append((tenant, entry.line, "an expiry: under the source's policy nothing expires"))
            else:
                used += 1
                seen.add("support" if entry.activity in _OF_SUPPORT_SIDE else "resource")
                _take(found.setdefault(entry.request, {}), entry, tenant)
    rows = [_whole(request, said) for request, said in found.items()]
    return AuditLogRows(
        pd.DataFrame(rows, columns=list(FIELDS), dtype=object),
        used,
        pd.DataFrame(unread, columns=["log", "line", "reason"]),
        tuple(_unknown(seen)),
        (*("ticket", "tenant", "resource_tenant", "decided"), *(_SAID[side] for side in sorted(seen))),
    )


def sorted_entries(file: Path, places: Places) -> list[Entry | Unread]:
    """Return the entries of a file, the earliest first (exports have the latest first)."""
    return sorted(
        read_entries(file, places),
        key=lambda one: (isinstance(one, Entry), one.at if isinstance(one, Entry) else 0, -one.line),
    )


def _take(said: dict[str, Any], entry: Entry, tenant: str) -> None:
    """Add what an entry says about its request. A person's entry takes precedence over an automated one."""
    on_support_side = entry.activity in _OF_SUPPORT_SIDE
    said.setdefault("ticket", entry.ticket)
    said["tenant"] = said.get("tenant") or (tenant if on_support_side else entry.support_request_tenant)
    said["resource_tenant"] = said.get("resource_tenant") or (entry.resource_tenant if on_support_side else tenant)
    match entry.activity:
        case "Request created":
            said["asked"] = entry.at
        case "Request approved" | "Request rejected":
            decision = "Approved" if entry.activity == "Request approved" else "Rejected"
            said |= {"decided": entry.at, "decision": decision, "decided_by": entry.person}
        case "Approval approved":
            said["decided"], said["decision"] = said.get("decided", entry.at), "Approved"
        case "Approval removed" if entry.person:
            said |= {"removed": entry.at, "removed_by": entry.person}
        case "Request canceled" | "Approval removed":
            said["closed"] = entry.at


def _whole(request: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row; a request without a ticket gets a ticket of its own."""
    return {name: said.get(name) for name in FIELDS} | {"ticket": said.get("ticket") or request}


def _unknown(seen: set[str]) -> list[str]:
    never = ["when support requests were opened", "when they were closed, unless that ended a request or an access"]
    if "resource" not in seen:
        never.append("how an access ended: a support request tenant's log never says that, so it counts as live")
    if "support" not in seen:
        never.append(
            "when access was asked for, and what was rejected: only the support request tenant's log says that"
        )
    return never
