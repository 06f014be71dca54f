"""Words on screen: escaped user texts; times, durations, statuses and policies in plain words."""

import re
from datetime import datetime, timedelta
from unicodedata import bidirectional

from dashboard.palette import ENDED, STATUS, status_name
from data.files.durations import in_two_units
from data.scenario.policy_words import clauses_of
from model import PRESETS, Policy
from model.texts import hidden_shown

_JOINER = "\u2060"  # has no width, and keeps an address or a directive from being recognised


def one_line(text: object) -> str:
    """Return a text on one line, with escapes for invisible characters, for a place that shows it verbatim."""
    return hidden_shown(" ".join(str(text).split()))


def plain(text: object) -> str:
    """Escape a text for a place that renders Markdown: it is shown verbatim, on one line.

    Invisible characters are shown as escapes, and right-to-left writing stays within the text.
    """
    shown = one_line(text)
    escaped = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", shown)
    joined = re.sub(r"(\\[:@.\-<>~=]|w(?=ww\\\.))(?=\S)", rf"\1{_JOINER}", escaped, flags=re.IGNORECASE)
    return f"\u2068{joined}\u2069" if any(bidirectional(c) in ("R", "AL") for c in shown) else joined


def moment(at: datetime | None) -> str:
    """Return a time of the room, which is UTC, or a dash for None."""
    return at.strftime("%a %d %b %Y, %H:%M") + (f":{at.second:02}" if at.second else "") if at else "–"


def day_in_file_name(at: datetime) -> str:
    """Return the day of a time for the name of a download: "mon-02-mar-2026"."""
    return at.strftime("%a-%d-%b-%Y").lower()


def ago(at: datetime, now: datetime) -> str:
    """Return how long ago a time was: "3 days 2 hours ago"."""
    return f"{in_two_units(now - at)} ago" if now - at >= timedelta(minutes=1) else "just now"


def ahead(at: datetime, now: datetime) -> str:
    """Return how far ahead a time is: "in 3 days 2 hours"."""
    return f"in {in_two_units(at - now)}"


def roughly(length: timedelta) -> str:
    """Return a duration in its largest unit, rounded down, for tables: "3 days"."""
    return " ".join(in_two_units(length).removeprefix("about ").split()[:2])


OURS_NOTE = "(lab): a status that this lab adds; the source document does not name it."
CLOSING = (
    "Closing the support request **ends the support engineer's access** to identity diagnostic data that was given "
    "for it, in every tenant. A request that is still pending is canceled. A closed support request stays closed."
)
"""Said before a tenant or an engineer closes one."""


def badge(status: str) -> str:
    """Return the status of an access request or of a support request as a coloured badge, in Markdown."""
    return f":{STATUS[status].badge}[{status_name(status)}]"


def ending(label: str) -> str:
    """Return the label of a button that ends something for good, in Markdown: red, like the resulting status."""
    return f":{ENDED}[{label}]"


def policy_name(policy: Policy) -> str:
    """Return the title of the preset that equals the policy, or say that it is the room's own."""
    return next((preset.title for preset in PRESETS.values() if preset == policy), "A policy of this room's own")


def policy_in_words(policy: Policy) -> str:
    """Return the policy's settings in clauses; of the visibility table only the differences from the source."""
    clauses, source = clauses_of(policy), clauses_of(PRESETS["source"])
    return "; ".join(clause for about, clause in clauses.items() if isinstance(about, str) or clause != source[about])


def category_name(category: str) -> str:
    """Return the name of a category of diagnostic data: "sign-in logs"."""
    return category.replace("-", " ").replace("sign in", "sign-in")


def sentence(words: str) -> str:
    """Return the words with a capital letter at the beginning."""
    return words[0].upper() + words[1:]
