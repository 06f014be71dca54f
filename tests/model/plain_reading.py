"""A naive reading of DESIGN §2, in words only: the expected answer to each row of the truth table.

It shares no table and no function with `model`. Read it beside the design; it is plain on purpose.
"""

from typing import NamedTuple

SUPPORT, RESOURCE, THIRD = "support request tenant", "resource tenant", "third tenant"


class Row(NamedTuple):
    """One row of the truth table, in words."""

    stands: str  # "no ticket", "no request", a status, or a Pending that one tenant has approved
    asks: str
    who: str
    ticket: str  # "open", "open without advanced diagnostics" or "closed"
    approval: str
    visibility: str
    again: bool  # may the engineer ask again after a grant?
    limits: bool  # does the policy have an expiry and a longest grant?
    justification: str  # "not asked", "asked" or "required"


DECIDED = ("Revoked", "Rejected", "Approved", "approved once")
WHERE = {  # who -> (signed in to, administers)
    "administrator of both, in the support request tenant": (SUPPORT, {SUPPORT, RESOURCE}),
    "administrator of both, in the resource tenant": (RESOURCE, {SUPPORT, RESOURCE}),
    "administrator of both and a third, in the third": (THIRD, {SUPPORT, RESOURCE, THIRD}),
    "administrator of the support request tenant": (SUPPORT, {SUPPORT}),
    "administrator of the resource tenant": (RESOURCE, {RESOURCE}),
    "administrator of a third tenant": (THIRD, {THIRD}),
    "member of the support request tenant": (SUPPORT, set()),
    "member of the resource tenant": (RESOURCE, set()),
    "Security Reader of the support request tenant": (SUPPORT, set()),
    "Security Reader of the resource tenant": (RESOURCE, set()),
    "the assigned engineer": (None, set()),
    "another engineer": (None, set()),
    "nobody": (None, set()),
}


def answer(row: Row) -> str:
    """Return the refusal's code, or a word for the outcome, mostly the request's new status."""
    if row.asks.startswith("fall due"):
        return _fall_due(row)
    if row.asks == "close":
        return _close(row)
    if row.asks.startswith(("approve", "reject", "revoke")):
        decided = _decision(row)
        lacks_note = row.justification == "required" and not row.asks.endswith(" with a note")
        return "justification-missing" if lacks_note and decided in DECIDED else decided
    return _engineers_act(row)


def _status(row: Row) -> str:
    return row.stands.split(",")[0]


def _fall_due(row: Row) -> str:
    if row.who != "nobody":
        return "no-permission"
    if row.stands in ("no ticket", "no request"):
        return "not-found"
    if not row.limits or row.asks == "fall due, before the limit":
        return "wrong-status"
    if _status(row) == "Pending":
        return "Expired"
    if _status(row) == "Approved":
        return "Completed"
    return "wrong-status"


def _close(row: Row) -> str:
    signed_in, administers = WHERE[row.who]
    if row.who == "another engineer":
        return "not-assigned"
    if row.who == "the assigned engineer":
        if row.stands == "no ticket":
            return "not-assigned"
    elif signed_in not in administers:
        return "no-permission"
    elif row.stands == "no ticket" or signed_in != SUPPORT:
        return "not-found"
    return "ticket-closed" if row.ticket == "closed" else "closed"


def _decision(row: Row) -> str:
    signed_in, administers = WHERE[row.who]
    if signed_in not in administers:
        return "no-permission"
    if row.stands in ("no ticket", "no request") or not _sees(row, signed_in):
        return "not-found"
    if row.ticket == "closed":
        return "ticket-closed"
    if row.asks.startswith("revoke"):
        if _status(row) != "Approved":
            return "wrong-status"
        return "Revoked" if RESOURCE in administers else "not-administrator-of-both"
    if _status(row) != "Pending":
        return "wrong-status"
    if row.approval == "both" and not {SUPPORT, RESOURCE} <= administers:
        return "not-administrator-of-both"
    if row.approval == "resource" and RESOURCE not in administers:
        return "not-administrator-of-both"
    if row.asks.startswith("reject"):
        return "Rejected"
    if row.approval == "each":
        if row.stands == "Pending":
            return "approved once"
        if row.stands.startswith(f"Pending, approved in the {signed_in}"):
            return "wrong-status"
        if row.stands.endswith("by an administrator of both") and row.who.startswith("administrator of both"):
            return "same-person"
    return "Approved"


def _sees(row: Row, signed_in: str) -> bool:
    if signed_in == RESOURCE:
        return True
    if signed_in == THIRD or row.visibility == "hidden from the support request tenant":
        return False
    if row.visibility == "all":
        return True
    return _status(row) not in ("Approved", "Revoked", "Completed")


def _engineers_act(row: Row) -> str:
    if row.who != "the assigned engineer" or row.stands == "no ticket":
        return "not-assigned"
    if row.asks.endswith("unknown tenant"):
        return "not-found"
    if row.ticket == "closed":
        return "ticket-closed"
    if row.asks.startswith("request"):
        if row.asks == "request the support request tenant":
            return "same-tenant"
        if _status(row) in ("Pending", "Approved"):
            return "already-requested"
        if _status(row) in ("Revoked", "Completed"):
            return "asked" if row.again else "already-requested"
        return "asked"
    if row.asks.endswith("support request tenant") and row.ticket == "open without advanced diagnostics":
        return "no-access"
    if row.asks.endswith("resource tenant") and _status(row) != "Approved":
        return "no-access"
    return "read-only" if row.asks.startswith("write") else "read"
