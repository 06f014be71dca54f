"""Basic components: an access request's details, facts, notes, confirmations."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.palette import OURS, status_name
from dashboard.shell.session_state import ASKING, act_begins, request_changed
from dashboard.shell.visit import Visit
from dashboard.text.words import OURS_NOTE, ago, ahead, ending, moment, plain
from model import Status

_ENDED = (Status.REVOKED, Status.COMPLETED, Status.CANCELED, Status.EXPIRED)  # after a decision, or without one

Row = Mapping[str, Any]


def ours(rows: Sequence[Row]) -> None:
    """Explain the mark of a status, if one of the rows has it."""
    if any(row["status"] in OURS for row in rows):
        st.caption(OURS_NOTE)


def back(label: str, opened: str = "request") -> None:
    """Show a button back to the list; `opened` is the link's parameter for the details."""

    def leave() -> None:
        request_changed()
        st.query_params.pop(opened, None)

    st.button(label, icon=":material/arrow_back:", type="tertiary", on_click=leave, key="back")


def heading(text: str) -> None:
    """Show the heading of a framed part. It stands in a row: by itself it would keep away from the frame."""
    with st.container(horizontal=True):
        st.header(text, anchor=False)


def facts(pairs: Mapping[str, str]) -> None:
    """Show labels and values side by side; the values are Markdown."""
    pairs = {label: value for label, value in pairs.items() if value}
    columns = st.columns(2, gap="medium")
    half = -(-len(pairs) // 2)
    items = list(pairs.items())
    for column, part in zip(columns, (items[:half], items[half:]), strict=True):
        column.markdown("\n\n".join(f":small[:gray[{label}]]  \n{value}" for label, value in part))


def request_facts(here: Visit, row: Row) -> dict[str, str]:
    """Show all that the viewer sees of an access request."""
    now = here.room.now
    found = {
        "Support request ID": f"{plain(row['ticket_id'])} :small[:gray[(invented)]]",
        "Title": plain(row["title"]),
        "Severity": plain(row["severity"]),
        "Support request": row["ticket_status"],
        "Support request tenant": here.tenant(row["support_request_tenant"]),
        "Resource tenant": here.tenant(row["resource_tenant"]),
        "Why access is needed": plain(row["reason"]),
        "Requested": f"{moment(row['requested_at'])}, by {plain(row['requested_by'])} (support engineer)",
        "First approval": plain(row["first_approval"] or ""),
        **notes(row),
    }
    if row["decided_by"]:
        word = "Rejected" if row["status"] == Status.REJECTED else "Approved"
        found[word] = f"{moment(row['decided_at'])}, by {plain(row['decided_by'])}"
    if row["status"] in _ENDED:
        by = "" if row["changed_by"] == "automated" else f", by {plain(row['changed_by'])}"
        found[status_name(row["status"])] = f"{moment(row['changed_at'])}{by or ', automatically'}"
    if row["due_at"]:
        what = "Expires" if row["status"] == Status.PENDING else "Access lapses"
        found[what] = f"{moment(row['due_at'])} ({ahead(row['due_at'], now)})"
    if (leaves := row.get("leaves_at")) and leaves > now:
        found["Stays in Approved access"] = f"until {moment(leaves)} ({ahead(leaves, now)})"
    elif leaves:
        found["Left Approved access"] = f"{moment(leaves)} ({ago(leaves, now)})"
    return found


def notes(row: Row) -> dict[str, str]:
    """Return an access request's notes that the viewer sees, by what they justify."""
    labels = {
        "Justification of the first approval": "first_approval_note",
        "Justification": "decision_note",
        "Justification of the removal": "removal_note",
    }
    return {label: plain(row[name]) for label, name in labels.items() if row[name]}


def confirm(
    key: str, label: str, warning: str, yes: str, on_yes: Callable[[], None], *, about: str = "", **look: Any
) -> None:
    """Show a destructive button, which asks for confirmation with `warning`; only `yes` calls `on_yes`.

    `about` is the question's subject, so that it does not stay open for another one.
    """

    def ask(name: tuple[str, str] | None) -> None:
        act_begins()
        ASKING.put(name)

    def act() -> None:
        ask(None)
        on_yes()

    if ASKING.get() != (key, about):
        st.button(ending(label), key=key, on_click=ask, args=((key, about),), **look)
        return
    with st.container(border=True, key=f"confirm {key}".replace(" ", "-")):
        st.markdown(warning)
        with st.container(horizontal=True):
            st.button(ending(yes), key=f"{key} yes", on_click=act)
            st.space("medium")
            st.button("Cancel", key=f"{key} no", type="tertiary", on_click=ask, args=(None,))


def nothing(title: str, text: str) -> None:
    """Show that a list is empty."""
    with st.container(border=True):
        st.markdown(f":gray[:material/inbox:] **{title}**  \n:gray[{text}]")


def no_permission(sentence: str) -> None:
    """Show that the permission is missing."""
    st.warning(plain(sentence), icon=":material/lock:")
