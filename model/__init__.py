"""The rules of support access requests, in plain Python: no storage, no screen, no clock, no chance."""

from model.case import Case, Event, Request
from model.commands import (
    CATEGORIES,
    SEVERITIES,
    Approve,
    CloseTicket,
    Command,
    FallDue,
    OpenTicket,
    ReadDiagnostics,
    Reject,
    RequestAccess,
    Revoke,
    WriteDiagnostics,
)
from model.directory import PERMISSION, ROLES, Actor, Directory, Engineer, Member, Role
from model.lifecycle import FINAL, GRANTED, LIFECYCLE, Action, Side, Status, TicketStatus, Transition, Whose
from model.policy import APPROVALS_NEEDED, SETTINGS, SOURCE_VISIBILITY, Approval, HistoryFrom, Justification, Policy
from model.presets import PRESETS
from model.refusal import Code, Refused
from model.rules import carry_out, decide, evolve
from model.visibility import AUDIT, AuditEntry, AuditRow, SeenRequest, SeenTicket

__all__ = [
    "APPROVALS_NEEDED",
    "AUDIT",
    "CATEGORIES",
    "FINAL",
    "GRANTED",
    "LIFECYCLE",
    "PERMISSION",
    "PRESETS",
    "ROLES",
    "SETTINGS",
    "SEVERITIES",
    "SOURCE_VISIBILITY",
    "Action",
    "Actor",
    "Approval",
    "Approve",
    "AuditEntry",
    "AuditRow",
    "Case",
    "CloseTicket",
    "Code",
    "Command",
    "Directory",
    "Engineer",
    "Event",
    "FallDue",
    "HistoryFrom",
    "Justification",
    "Member",
    "OpenTicket",
    "Policy",
    "ReadDiagnostics",
    "Refused",
    "Reject",
    "Request",
    "RequestAccess",
    "Revoke",
    "Role",
    "SeenRequest",
    "SeenTicket",
    "Side",
    "Status",
    "TicketStatus",
    "Transition",
    "Whose",
    "WriteDiagnostics",
    "carry_out",
    "decide",
    "evolve",
]
