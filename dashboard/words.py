"""Words on screen: text that others wrote, made harmless, and times, lengths and statuses as they are read."""

import re
from datetime import datetime, timedelta

from model import Policy, Status
from model.policy import PRESETS

COLOURS = {
    Status.PENDING: "orange",
    Status.APPROVED: "green",
    Status.REJECTED: "red",
    Status.REVOKED: "violet",
    Status.COMPLETED: "blue",
    Status.CANCELED: "gray",
    Status.EXPIRED: "gray",
}
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
