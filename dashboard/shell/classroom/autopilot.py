"""The trainer's autopilot: simulated people act while the room's clock runs."""

import streamlit as st

from dashboard.background import autopilots
from dashboard.background.autopilots import TooMany
from dashboard.background.flight import MOST_ACTS, SPEEDS, Flight, Orders
from dashboard.shell.acting import told_if_unavailable
from dashboard.shell.messages import say
from dashboard.shell.session_state import act_begins
from dashboard.shell.visit import Visit
from dashboard.text.words import plain
from data.room_folder.invitations import Role
from model import Engineer, Member

_ENGINEERS, _OTHERS = " engineers", " others"  # no tenant's id begins with a space
_MOST_NAMED = 6  # tenants


def autopilot(here: Visit) -> None:
    """Show the trainer the panel that starts the autopilot, and why it stopped by itself."""
    flight = autopilots.of(here.room_id)
    if not here.leads or here.past is not None or (flight and flight.flies):
        return
    with st.popover("Autopilot", icon=":material/smart_toy:", width="stretch"):
        _panel(here, flight)
    if flight and flight.ended and here.viewer is None:
        st.caption(f"The autopilot has stopped: {plain(flight.ended)}.")


def autopilot_banner(here: Visit) -> None:
    """Show the trainer that the autopilot runs, with its speed and a pause button.

    Its number of acts is shown only to a trainer who sees everything: some acts are hidden from each tenant.
    """
    flight = autopilots.of(here.room_id)
    if not here.leads or here.past is not None or flight is None or not flight.flies:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="autopilot"):
        told = "It waits while you have paused for everyone." if here.paused else ""
        if here.viewer is None:
            told = f"{_done(flight)} {told}"
        st.markdown(f":material/smart_toy: **Autopilot** · :small[{told or 'Simulated people act.'}]", width="stretch")
        st.session_state["autopilot speed"] = flight.orders.speed
        st.selectbox(
            "Speed",
            list(SPEEDS),
            key="autopilot speed",
            format_func=lambda speed: f"{speed} each second",
            on_change=_change_speed,
            args=(here, flight),
            label_visibility="collapsed",
            width=200,
        )
        st.button("Pause autopilot", key="autopilot pause", icon=":material/pause:", on_click=_pause, args=(here,))


def autopilot_button(here: Visit, *, opens: bool) -> None:
    """Show the button that pauses the autopilot on a page that is presented; before the story, one that starts it.

    It starts as it was last.
    """
    if not here.leads or here.past is not None:
        return
    flight = autopilots.of(here.room_id)
    if flight and flight.flies:
        st.button("Autopilot", key="autopilot pause", icon=":material/pause:", shortcut="A", on_click=_pause,
                  args=(here,))  # fmt: skip
    elif opens:
        orders = flight.orders if flight else _usual(here)
        st.button("Autopilot", key="autopilot start", icon=":material/smart_toy:", shortcut="A", on_click=_start,
                  args=(here, orders), help=f"Simulated people act, {orders.speed} each second.")  # fmt: skip


def _done(flight: Flight) -> str:
    if not flight.pilot.opens:
        return "Nobody who is simulated may open a support request."
    done = f"{flight.acts:,} things done" if flight.acts != 1 else "1 thing done"
    return f"{done}, at most {MOST_ACTS} a second." if flight.is_slow else f"{done}."


def _panel(here: Visit, flight: Flight | None) -> None:
    """Show the settings before the start, initially the last ones."""
    usual = flight.orders if flight else _usual(here)
    st.markdown("**Simulated people act while the clock runs**")
    st.caption(
        "They open support requests, ask, approve, reject, remove and close, as in the simulation of *What if*. What "
        "they do is in the log, and can be taken back. You can act with them, and so can the class."
    )
    st.session_state.setdefault("autopilot speed", usual.speed)
    st.selectbox("The clock moves each second by", list(SPEEDS), key="autopilot speed")
    names = _parties(here)
    st.pills(
        "Who is simulated",
        list(names),
        selection_mode="multi",
        default=_chosen(here, usual),
        format_func=names.__getitem__,
        key="autopilot who",
        help="Leave out the tenants that the class plays. A person whom somebody plays decides nothing without them.",
    )
    st.number_input(
        "Support requests a day",
        min_value=0.1,
        max_value=1000.0,
        value=float(usual.tickets_per_day),
        step=1.0,
        format="%g",
        key="autopilot tickets",
    )
    st.button("Start autopilot", key="autopilot start", type="primary", icon=":material/play_arrow:",
              on_click=_start_chosen, args=(here,), width="stretch")  # fmt: skip


def _parties(here: Visit) -> dict[str, str]:
    """Return the trainer's choices by key, with names escaped for Markdown."""
    named = _named(here)
    others = {_OTHERS: "All other tenants"} if len(named) < len(here.room.directory.tenants) else {}
    return {**{tenant: here.tenant(tenant) for tenant in named}, **others, _ENGINEERS: "Support engineers"}


def _named(here: Visit) -> list[str]:
    story = [tenant for tenant in here.room.directory.tenants if tenant in here.room.story.directory.tenants]
    return (story or list(here.room.directory.tenants))[:_MOST_NAMED]


def _chosen(here: Visit, orders: Orders) -> list[str]:
    """Return the keys of the people simulated by the settings."""
    tenants, named = orders.tenants, _named(here)
    if tenants is None:
        found = [key for key in _parties(here) if key != _ENGINEERS]
    else:
        others = [_OTHERS] if tenants - set(named) else []
        found = [tenant for tenant in named if tenant in tenants] + others
    return [*found, _ENGINEERS] if orders.engineers else found


def _usual(here: Visit) -> Orders:
    """Return the default settings: everybody is simulated whom nobody has been invited to play."""
    played = _played(here)
    tenants = {one.tenant for one in played if isinstance(one, Member)}
    everybody = frozenset(here.room.directory.tenants)
    return Orders(
        tenants=everybody - tenants if tenants else None,
        engineers=not any(isinstance(one, Engineer) for one in played),
        played=_people(played),
    )


def _played(here: Visit) -> list[Member | Engineer]:
    """Return the people whom somebody is invited to play."""
    roles = (Role.PARTICIPANT, Role.ENGINEER)
    return [one.viewer for one in here.set_for_all if one.viewer and not one.ended and one.role in roles]


def _people(played: list[Member | Engineer]) -> frozenset[str]:
    return frozenset(one.person for one in played if isinstance(one, Member))


def _orders(here: Visit) -> Orders:
    """Return the panel's settings."""
    chosen = set(st.session_state["autopilot who"])
    named, everybody = _named(here), list(here.room.directory.tenants)
    tenants = [one for one in everybody if one in chosen or (_OTHERS in chosen and one not in named)]
    return Orders(
        st.session_state["autopilot speed"],
        float(st.session_state["autopilot tickets"]),
        frozenset(tenants) if len(tenants) < len(everybody) else None,
        _ENGINEERS in chosen,
        _people(_played(here)),
    )


def _start_chosen(here: Visit) -> None:
    _start(here, _orders(here))


def _change_speed(here: Visit, flight: Flight) -> None:
    _start(here, flight.orders.at(st.session_state["autopilot speed"]))


def _start(here: Visit, orders: Orders) -> None:
    act_begins()
    with told_if_unavailable():
        here.check_present()
        if orders.tenants == frozenset() and not orders.engineers:
            say("error", "This was not done: choose who is simulated.")
            return
        try:
            autopilots.start(here.room_id, here.key, orders)
        except TooMany as error:
            say("error", f"This was not done: {error}.")


def _pause(here: Visit) -> None:
    act_begins()
    with told_if_unavailable():
        autopilots.pause(here.room_id, here.key)
