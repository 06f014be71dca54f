"""What a party sees of an access request, and what it cannot tell, in plain sentences."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from dashboard.text.words import ago, ahead
from data.lens.case_record import CaseRecord
from model import Action, Policy, Side, Status

Row = Mapping[str, Any]
_GRANTED = (Status.APPROVED, Status.REVOKED, Status.COMPLETED)
_NOTES = {
    "First approval": "first_approval_note",
    "Justification": "decision_note",
    "Justification of the removal": "removal_note",
}


def of_a_request(row: Row, now: datetime) -> list[str]:
    """Return what a member's list says of an access request."""
    since = ago(row["changed_at"], now)
    told = {
        Status.PENDING: f"In Pending requests: {row['requested_by']} asked {ago(row['requested_at'], now)}.",
        Status.APPROVED: f"Approved by {row['decided_by']}, {since}.",
        Status.REJECTED: f"Rejected by {row['decided_by']}, {since}.",
        Status.REVOKED: f"Access was removed by {row['changed_by']}, {since}.",
        Status.COMPLETED: f"Access ended by itself, {since}.",
        Status.CANCELED: f"Canceled with the support request, {since}.",
        Status.EXPIRED: f"Nobody decided in time; expired {since}.",
    }[Status(row["status"])]
    sentences = [told]
    if row["first_approval"]:
        sentences.append(f"First approval by {row['first_approval']}.")
    if row["due_at"]:
        ends = "Expires" if row["status"] == Status.PENDING else "Access lapses"
        sentences.append(f"{ends} {ahead(row['due_at'], now)}.")
    if row["leaves_at"]:
        sentences.append(f"Stays in Approved access for {ahead(row['leaves_at'], now).removeprefix('in ')}.")
    elif row["status"] == Status.APPROVED:
        sentences.append("In Approved access until access ends.")
    return sentences + [f"{label}: {row[name]}" for label, name in _NOTES.items() if row[name]]


def of_what_is_hidden(
    record: CaseRecord, request_id: str, side: Side, policy: Policy, *, here: str, engineer: str, resource: str
) -> list[str]:
    """Return what administrators of a side know about an access request that is in none of their lists.

    `here` is their tenant, `resource` the resource tenant, `engineer` the one who asked; all are names.
    """
    last = record.last_seen(request_id, side)
    if last is None:
        return [f"This access request was never visible in {here}."]
    if last["leaves_at"] and last["leaves_at"] <= record.now:
        return [f"It left Approved access {ago(last['leaves_at'], record.now)}."]
    latest = record.latest(request_id)
    if latest["status"] not in _GRANTED or any(policy.sees(status, side) for status in _GRANTED):
        return ["It is in neither Pending requests nor Approved access here."]
    since = f"Nothing has changed here since the approval, {ago(last['until'], record.now)}."
    if policy.ask_again_after_grant:  # a second request reveals that access ended
        return [since]
    if record.is_open():
        return [since, f"From {here}'s pages nobody can tell whether {engineer} can still read {resource}'s data."]
    ended = "The support request is closed, so access has ended."
    return [since, f"{ended} From {here}'s pages nobody can tell whether it was removed before."]


def of_the_record(record: CaseRecord, request_ids: Iterable[str]) -> list[str]:
    """Return the events of the access requests and the reads, in time order."""
    verbs = {
        Action.REQUEST: "requested",
        Action.APPROVE: "approved",
        Action.REJECT: "rejected",
        Action.REVOKE: "removed",
        Action.COMPLETE: "completed with the support request",
        Action.CANCEL: "canceled with the support request",
        Action.EXPIRE: "expired",
        Action.LAPSE: "lapsed",
    }
    wanted = set(request_ids)
    told = []
    for line in record.lines:
        if line["request_id"] in wanted:
            by = f" by {line['who']}" if line["who"] else ""
            note = f": {line['note']}" if line["note"] else ""
            told.append(f"{verbs[line['action']].capitalize()}{by}, {_short(line['occurred_at'])}{note}")
    refused = sum(line["refusal"] is not None for line in record.reads)
    if record.reads:
        granted = len(record.reads) - refused
        told.append(f"{granted} {'read' if granted == 1 else 'reads'}" + (f", {refused} refused" if refused else ""))
    return told


def _short(at: datetime) -> str:
    return at.strftime("%a %d %b, %H:%M")
