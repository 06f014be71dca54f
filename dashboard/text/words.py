"""Words on screen: text that others wrote, made harmless, and times, lengths and statuses as they are read."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from data.files.toml_reader import duration_text
from model import PRESETS, Approval, HistoryFrom, Policy, Side, Status

COLOURS = {
    Status.PENDING: "orange",
    Status.APPROVED: "green",
    Status.REJECTED: "red",
    Status.REVOKED: "violet",
    Status.COMPLETED: "blue",
    Status.CANCELED: "gray",
    Status.EXPIRED: "gray",
}
APPROVAL: Mapping[Approval, str] = {
    Approval.BOTH: "an administrator of both tenants decides",
    Approval.EACH: "an administrator of each tenant has to approve",
    Approval.RESOURCE: "an administrator of the resource tenant decides",
}
HISTORY_FROM: Mapping[HistoryFrom, str] = {
    HistoryFrom.LAST_CHANGE: "last change",
    HistoryFrom.CREATED: "day of the request",
}
_SOURCE = Policy()
_JOINER = "\u2060"  # takes no room, and keeps an address or a directive from being recognised


def plain(text: object) -> str:
    """Text that somebody wrote, for a place that reads Markdown: shown as it is, on one line; nothing in it acts."""
    escaped = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(str(text).split()))
    return re.sub(r"(\\[:@.\-<>~=]|w(?=ww\\\.))(?=\S)", rf"\1{_JOINER}", escaped, flags=re.IGNORECASE)


def moment(at: datetime | None) -> str:
    """A time of the room, in UTC."""
    return at.strftime("%a %d %b %Y, %H:%M") + (f":{at.second:02}" if at.second else "") if at else "–"


def length(span: timedelta) -> str:
    """A length in its largest unit, rounded down: "3 days"."""
    seconds = int(abs(span.total_seconds()))
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "less than a minute"


def ago(at: datetime, now: datetime) -> str:
    """How long ago: "3 days ago"."""
    return f"{length(now - at)} ago" if now - at >= timedelta(minutes=1) else "just now"


def ahead(at: datetime, now: datetime) -> str:
    """In how long: "in 3 days"."""
    return f"in {length(at - now)}"


def badge(status: str) -> str:
    """The status as a coloured badge, in Markdown."""
    return f":{COLOURS[Status(status)]}-badge[{status}]"


def policy_name(policy: Policy) -> str:
    """The preset that the policy is, or that it is none."""
    return next((preset.title for preset in PRESETS.values() if preset == policy), "A policy of this room's own")


def policy_in_words(policy: Policy) -> str:
    """What the policy says, in clauses; who sees what is told where it is not as in the source."""
    clauses, source = _clauses(policy), _clauses(_SOURCE)
    return "; ".join(told for about, told in clauses.items() if isinstance(about, str) or told != source[about])


def differences(policy: Policy, base: Policy = _SOURCE) -> list[tuple[str, str]]:
    """Each clause that is not the base's, which is the source, with what the base says; none where all are."""
    clauses, theirs = _clauses(policy), _clauses(base)
    return [(told, theirs[about]) for about, told in clauses.items() if told != theirs[about]]


def _clauses(policy: Policy) -> dict[object, str]:
    """A clause about each knob, by name, and one about each cell of the visibility table, by status and side."""
    expires, lasts = policy.pending_expires_after, policy.grant_lasts
    again = "the engineer may ask again once access was removed or lapsed"
    return {
        "approval": APPROVAL[policy.approval],
        "expires": f"a pending request {f'expires after {duration_text(expires)}' if expires else 'never expires'}",
        "lasts": f"access lasts {duration_text(lasts) if lasts else 'until the support request closes'}",
        "history": f"the history goes back {policy.history_days} days from the {HISTORY_FROM[policy.history_from]}",
        "again": again if policy.ask_again_after_grant else "nobody asks again once access was granted",
        **{
            (status, side): f"the {side} {'sees' if policy.sees(status, side) else 'does not see'} what is {status}"
            for status in Status
            for side in Side
        },
    }
