"""The side bar: the viewer, and the room's clock."""

from datetime import datetime, timedelta

import streamlit as st

from dashboard.background import autopilots
from dashboard.background.presence import LONGEST_NAME, name_of
from dashboard.shell.acting import told_if_unavailable
from dashboard.shell.messages import say
from dashboard.shell.visit import Visit, viewer_id, viewer_name, viewers
from dashboard.text.words import ahead, moment, plain
from data import DamagedRoom
from model import Engineer, Member

_JUMPS = {
    "+1 hour": timedelta(hours=1),
    "+1 day": timedelta(days=1),
    "+1 week": timedelta(weeks=1),
    "+30 days": timedelta(days=30),
}


def choose_viewer(here: Visit) -> None:
    """Show the choice of viewer, except to people with an invitation."""
    if not here.leads:
        st.markdown(f"{'You see what this person sees' if here.observes else 'You are'}  \n**{plain(_who(here))}**")
        _give_name(here)
        return
    choices = {viewer_id(viewer): viewer for viewer in viewers(here.room)} | {viewer_id(here.viewer): here.viewer}
    st.session_state["who"] = viewer_id(here.viewer)  # the link decides, even if it was changed by hand or by Back

    def look() -> None:
        st.query_params["viewer"] = st.session_state["who"]

    st.selectbox(
        "Who is looking",
        list(choices),
        format_func=lambda name: viewer_name(here.room, choices[name]),
        key="who",
        on_change=look,
    )


def _give_name(here: Visit) -> None:
    """Show invited people a field for their name, which only trainers see."""
    st.session_state["name"] = here.name

    def give() -> None:
        if name := name_of(st.session_state["name"]):
            st.query_params["name"] = name
        else:
            st.query_params.pop("name", None)

    st.text_input(
        "Your name, for the trainer",
        key="name",
        max_chars=LONGEST_NAME,
        on_change=give,
        help="So that the trainer knows who is here. Nobody else sees it.",
    )


def clock(here: Visit) -> None:
    """Show the room's clock, with the buttons that move it."""
    with st.container(border=True, gap="small"):
        moves = _what_moves_it(here) if here.leads else "The trainer moves it."
        st.markdown(f":material/schedule: **{moment(here.room.now)}**  \n:small[Simulated time (UTC). {moves}]")
        if not here.leads:
            return
        if here.past is not None:
            st.caption("As it was: return to the present to move it.")
            return
        with st.container(horizontal=True, gap="xsmall"):
            for label, jump in _JUMPS.items():
                st.button(label, key=f"clock {label}", on_click=_advance, args=(here, jump), width="content")
        due = here.next_due
        label = f"To what is due {ahead(due, here.room.now)}" if due else "Nothing falls due"
        st.button(
            label,
            key="clock due",
            icon=":material/fast_forward:",
            disabled=due is None,
            on_click=_advance_to,
            args=(here, due),
            help="Of what the viewer can see: a request that expires, access that lapses or an entry that leaves the "
            "history.",
            width="stretch",
        )
        st.caption(f"Room: {plain(here.whole_room.title)}")


def _what_moves_it(here: Visit) -> str:
    flight = autopilots.of(here.room_id)
    return "The autopilot moves it." if flight and flight.flies else "It moves only when you move it."


def _who(here: Visit) -> str:
    return viewer_name(here.room, here.viewer)


def _advance_to(here: Visit, due: datetime) -> None:
    """Advance to a time, which another visitor may have passed since the button was shown."""
    with told_if_unavailable():
        _advance(here, max(due - here.current.now, timedelta(0)))


def _advance(here: Visit, jump: timedelta) -> None:
    with told_if_unavailable():
        room = here.current
        try:
            now = room.advance(jump)
        except DamagedRoom:  # a ValueError too, and its text is not for a visitor
            raise
        except ValueError as error:
            say("error", str(error))
        else:
            say("info", f"It is now {moment(now)} in this room.")


def who_is_looking(here: Visit) -> None:
    """Show on the page itself the viewer, the time and that it is a simulation: a narrow window hides the side bar."""
    name = plain(viewer_name(here.room, here.viewer))
    if isinstance(here.viewer, Member):
        roles = sorted(here.room.directory.roles.get((here.viewer.person, here.viewer.tenant), ()))
        who = f":material/person: **{name}** · {', '.join(roles) or 'no role in this tenant'}"
    elif isinstance(here.viewer, Engineer):
        who = f":material/support_agent: **{name}** · works for the vendor, in no tenant"
    else:
        who = ":violet-badge[:material/visibility: Trainer: everything is shown, even what no tenant sees]"
    # The time comes first: behind a long name it would be torn from its icon in a narrow window.
    st.markdown(f":small[:gray-badge[Simulation] :material/schedule: {moment(here.room.now)} · {who}]")
