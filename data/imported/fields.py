"""The fields of an imported row of tickets, and the columns of a file that hold them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from model.nearest import nearest


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a row."""

    says: str
    is_time: bool = False
    also: tuple[str, ...] = ()  # other names in files


FIELDS: Mapping[str, Field] = {
    "ticket": Field(
        "the support request",
        also=("ticket id", "support request", "support request id", "case", "case id", "incident", "number"),
    ),
    "tenant": Field(
        "the tenant that opened it",
        also=("support request tenant", "support tenant", "customer", "home tenant", "customer tenant"),
    ),
    "resource_tenant": Field(
        "the tenant whose data was asked for", also=("target tenant", "requested tenant", "other tenant")
    ),
    "opened": Field(
        "when it was opened", is_time=True, also=("opened at", "created", "created at", "opened on", "created on")
    ),
    "asked": Field(
        "when access was asked for",
        is_time=True,
        also=("asked at", "requested", "requested at", "access requested", "request created"),
    ),
    "decided": Field("when that was decided", is_time=True, also=("decided at", "decision time", "answered at")),
    "decision": Field("approved or rejected", also=("outcome", "status", "result", "answer")),
    "removed": Field(
        "when somebody removed access", is_time=True, also=("removed at", "revoked", "revoked at", "access removed")
    ),
    "closed": Field(
        "when the support request was closed", is_time=True, also=("closed at", "resolved", "resolved at", "closed on")
    ),
    "title": Field("what the support request is about", also=("subject", "summary", "short description")),
    "reason": Field("why access was asked for", also=("justification", "request reason")),
    "engineer": Field("the support engineer", also=("assigned to", "agent", "assignee", "support engineer")),
    "opened_by": Field("who opened it", also=("requester", "created by", "caller", "contact")),
    "decided_by": Field("who decided", also=("approver", "approved by", "decision by")),
    "removed_by": Field("who removed access", also=("revoked by",)),
}
"""The fields by name. Any may be missing, but a row needs a time and enough to make a request."""
TIMES = tuple(name for name, field in FIELDS.items() if field.is_time)
BEGINNINGS = ("opened", "asked", "decided")
"""A file needs one of these: otherwise nothing says when anything happened."""


def guessed_columns(columns: Iterable[str]) -> dict[str, str]:
    """Return, for each field, the file's column with a matching name, if there is one.

    >>> guessed_columns(["Case ID", "Customer", "Requested at", "Colour"])
    {'ticket': 'Case ID', 'tenant': 'Customer', 'asked': 'Requested at'}
    """
    by_name: dict[str, str] = {}
    for column in columns:
        by_name.setdefault(_plain(column), column)
    found = {}
    for name, field in FIELDS.items():
        if named := next((by_name[_plain(it)] for it in (name, *field.also) if _plain(it) in by_name), None):
            found[name] = named
    return found


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def chosen_columns(columns: Iterable[str], given: Mapping[str, str | None] | None) -> dict[str, str]:
    """Return the file's column for each field: the given one (None: no column), or else a guess.

    Raises ValueError for an unknown field or column.
    """
    known = list(columns)
    found: dict[str, str | None] = {}
    found.update(guessed_columns(known))
    for name, column in (given or {}).items():
        if name not in FIELDS:
            raise ValueError(_unknown("field", name, list(FIELDS)))
        if column is not None and column not in known:
            raise ValueError(_unknown("column", column, known))
        found[name] = column
    chosen = {name: column for name, column in found.items() if column is not None}
    if not set(BEGINNINGS) & set(chosen):
        raise ValueError(
            "no column says when anything happened: name one for opened, asked or decided, as in "
            'columns={"opened": "Created on"}; the columns are ' + ", ".join(map(repr, known[:20]))
        )
    return chosen


def _unknown(what: str, name: object, known: list[str]) -> str:
    meant = nearest(name, known) if isinstance(name, str) else None
    hint = f"did you mean {meant!r}?" if meant is not None else f"known: {', '.join(map(repr, known[:20]))}"
    return f"there is no {what} {name!r}; {hint}"
