"""Invite: links and QR codes for others to enter this room in the role that the trainer chose."""

from urllib.parse import urlencode, urlsplit

import segno
import streamlit as st

from dashboard.background import entrance
from dashboard.background.rooms import RoomNotOpened
from dashboard.parts import cards
from dashboard.parts.rooms.copy_button import copy_button
from dashboard.parts.rooms.who_is_here import as_whom, who_is_here
from dashboard.shell.acting import told_if_unavailable
from dashboard.shell.messages import say
from dashboard.shell.page_list import PAGES, TRAINER, pages_of
from dashboard.shell.session_state import TOKENS, act_begins
from dashboard.shell.visit import Visit, viewer_name, viewers, visit
from dashboard.text.words import plain
from data.room_folder.invitations import Invitation, Invitations, Key, Role
from model import Engineer, Member

_ROLES = {
    Role.PARTICIPANT: "Participant: acts as one person",
    Role.ENGINEER: "Engineer: works at the desk",
    Role.OBSERVER: "Observer: sees what one person sees",
    Role.CO_TRAINER: "Co-trainer: sees and does everything",
}


def page(here: Visit) -> None:
    """Show the invitations to a trainer, and the way to the first one."""
    st.title("Invite")
    if here.viewer is not None:
        st.info("Only a trainer invites people.", icon=":material/group_add:")
        link = here.link() | {"viewer": TRAINER}
        st.page_link("dashboard/pages/invite.py", label="Look as the trainer", query_params=link)
        return
    _own_data(here)
    found = entrance.all_of(here.room_id)
    if found is None:
        _begin(here)
        return
    _only_here()
    _new(here)
    who_is_here(here)
    st.subheader("Links", anchor=False)
    _list(here, found)


def _own_data(here: Visit) -> None:
    """If the room was made from imported data, say how to give it generated names."""
    if here.whole_room.fields_said is not None:
        st.caption(
            ":material/masks: This room was made of your own data. Before you share it, **Copy with generated names** "
            "on the page Scenarios makes one in which no person or tenant has its own name."
        )


def _begin(here: Visit) -> None:
    """Explain what changes with the first invitation."""
    st.markdown(
        "Right now, anyone who has this room's link can look and act as anybody. With invitations, each link opens the "
        "room as one person only: a participant sees that person's pages, and nothing that is hidden from that person."
    )
    st.button(
        "Make this room invitation only",
        key="begin",
        type="primary",
        icon=":material/lock:",
        on_click=_close,
        args=(here,),
        help="You become its trainer. Your own page gets a link with a key in it: keep that link.",
    )


def _close(here: Visit) -> None:
    act_begins()
    with told_if_unavailable():
        here.check_present()
        st.query_params["key"] = entrance.invite(here.room_id, here.key, Role.TRAINER)
        say("success", "You are this room's trainer. The address of this page is now your key to it: keep it.")


def _only_here() -> None:
    """Warn if this page's address does not work on other machines."""
    if (urlsplit(st.context.url or "").hostname or "") in ("localhost", "127.0.0.1"):
        st.caption(
            ":material/wifi_off: The links below work on this machine only, as the dashboard does. Start it with "
            "`make class` to let others in."
        )


def _new(here: Visit) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="bottom"):
        role = st.selectbox("Who", list(_ROLES), format_func=_ROLES.__getitem__, key="role", width=320)
        kind = Engineer if role is Role.ENGINEER else Member
        as_whom = [viewer for viewer in viewers(here.room) if isinstance(viewer, kind)]
        chosen = None
        if role is not Role.CO_TRAINER:
            chosen = st.selectbox(
                "As whom",
                range(len(as_whom)),
                format_func=lambda n: viewer_name(here.room, as_whom[n]),
                key=f"as whom {role}",
                width=320,
            )
        st.button(
            "Make a link",
            key="invite",
            type="primary",
            icon=":material/add_link:",
            on_click=_invite,
            args=(here, role, None if chosen is None else as_whom[chosen]),
        )


def _invite(here: Visit, role: Role, viewer: Member | Engineer | None) -> None:
    act_begins()
    with told_if_unavailable():
        try:
            token = entrance.invite(here.room_id, here.key, role, viewer)
        except RoomNotOpened:
            raise
        except ValueError as error:
            say("error", f"This was not done: {error}.")
            return
        TOKENS.put({**(TOKENS.get() or {}), token: here.room_id})


def _list(here: Visit, found: Invitations) -> None:
    """Show the invitations, newest first, with the links of those made in this tab."""
    tokens = {held.id: token for token in TOKENS.get() or {} if (held := found.of(Key(token)))}
    if here.invitation and here.key.token:
        tokens.setdefault(here.invitation.id, here.key.token)
    for one in reversed(list(found)):
        with st.container(border=True):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{one.role.capitalize()}** · {plain(as_whom(here, one))}", width="stretch")
                cards.confirm(
                    f"end {one.id}",
                    "End",
                    "Everyone who came in by this link is out immediately. This cannot be undone.",
                    "End this invitation",
                    lambda one=one: _end(here, one),  # type: ignore[misc]
                )
            if token := tokens.get(one.id):
                _link(here, one, token)
            else:
                st.caption("Its link was shown when it was made, and is not kept. Make a new one if it is lost.")


def _link(here: Visit, one: Invitation, token: str) -> None:
    url = urlsplit(st.context.url or "http://localhost")
    folder = url.path.rstrip("/").rpartition("/")[0] if url.path.strip("/") else ""
    address = PAGES[pages_of(one)[0]][2]
    viewer = {"viewer": TRAINER} if one.leads else {}
    link = f"{url.scheme}://{url.netloc}{folder}/{address}?{urlencode({'room': here.room_id, **viewer, 'key': token})}"
    st.code(link, language=None, wrap_lines=True)
    with st.container(horizontal=True, vertical_alignment="center"):
        copy_button(link, f"copy {one.id}")
        with st.popover("QR code", icon=":material/qr_code_2:"):
            code = segno.make(link, micro=False).svg_inline(scale=5, light="#ffffff", border=4)
            st.image(code, alt="The link above as a QR code")


def _end(here: Visit, one: Invitation) -> None:
    with told_if_unavailable():
        try:
            entrance.end(here.room_id, here.key, one.id)
        except RoomNotOpened:
            raise
        except ValueError as error:
            say("error", f"This was not done: {error}.")
        else:
            say("success", "The invitation has ended.")


page(visit())
