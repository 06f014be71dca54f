"""The support request of Side by side: the one of the latest step, unless another was picked since.

While the autopilot runs, it is one on which simulated people work, from the access request until its closing.
"""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard.background import autopilots
from dashboard.shell.session_state import Key, act_begins
from dashboard.shell.visit import Visit
from data.scenario.scenario import Step
from model import OpenTicket

Row = dict[str, Any]
_PICKED = Key[tuple[str, str, int]]("picked")
"""The room, the ticket of the link, and the number of steps when it was picked."""
_MOST = 200  # support requests in the choice


def ticket_of_step(steps: Sequence[Step]) -> str | None:
    """Return the ticket of the last of these steps that has one."""
    found, tickets = None, {}
    for step in steps:
        made_by = getattr(step.command, "ticket_id", None)
        if isinstance(step.command, OpenTicket):
            made_by = step.name
        elif made_by and step.name:
            tickets[step.name] = made_by
        elif step.command:
            made_by = made_by or tickets.get(getattr(step.command, "request_id", ""))
        found = made_by or found
    return found


def follow(here: Visit, tickets: Sequence[Row]) -> Row | None:
    """Return the ticket to show; None before the story's first ticket. `tickets` are all, the newest first."""
    by_id = {row["ticket_id"]: row for row in tickets}
    picked, told = _picked(here), ticket_of_step(here.room.story.steps[: here.room.steps_done])
    if picked in by_id:
        return by_id[picked]
    flight = autopilots.of(here.room_id)
    flown = flight.to_show() if flight and here.past is None else None
    told = flown or here.room.progress.id_of(told or "")
    if told in by_id:
        return by_id[told]
    return next((row for row in tickets if row["opened_at"] >= here.room.story.starts), None)


def pick(here: Visit, tickets: Sequence[Row], shown: Row | None) -> None:
    """Show the choice of another ticket; it holds until the next step."""
    named = {here.room.progress.id_of(step.name or "") for step in here.room.story.steps}
    first = sorted(tickets, key=lambda row: (row is not shown, row["ticket_id"] not in named))[:_MOST]
    by_id = {row["ticket_id"]: row for row in first}
    if shown:
        st.session_state["case"] = shown["ticket_id"]
    else:
        st.session_state.pop("case", None)

    def choose() -> None:
        act_begins()
        ticket = str(st.session_state["case"])
        st.query_params["ticket"] = ticket
        _PICKED.put((here.room_id, ticket, here.room.steps_done))

    names = here.room.directory.tenants
    st.selectbox(
        "Support request",
        list(by_id),
        index=0 if shown else None,
        placeholder="Choose a support request",
        format_func=lambda ticket: (
            f"{by_id[ticket]['title']} · {names[by_id[ticket]['support_request_tenant']]} · {by_id[ticket]['status']}"
        ),
        key="case",
        on_change=choose,
        label_visibility="collapsed",
    )


def _picked(here: Visit) -> str | None:
    """Return the ticket of the link, which a step removes from the link."""
    wanted, done = st.query_params.get("ticket"), here.room.steps_done
    if not wanted:
        return None
    picked = _PICKED.get()
    if picked is None or picked[:2] != (here.room_id, wanted):
        _PICKED.put((here.room_id, wanted, done))
    elif picked[2] != done:
        del st.query_params["ticket"]
        return None
    return wanted
