"""The view of an invitation's holder who is no trainer: one person, and that person's pages."""

from dataclasses import dataclass, field

import streamlit as st

from dashboard.background import entrance, presence
from dashboard.background.room_opening import RoomNotOpened
from dashboard.background.rooms import rooms
from dashboard.shell.listening import listen, open_page
from dashboard.shell.page_list import PAGES, pages_of
from data import Room, RoomUnavailable
from data.room_folder.invitations import Invitation, Key
from model import Engineer, Member

SIMULATION = ":gray-badge[Simulation] No real tenant is touched."


def viewer_of(invited: Invitation, room: Room, page: str, room_id: str, key: Key, name: str) -> Member | Engineer:
    """Return the viewer of an invitation that is no trainer's; `name` is its holder's, for the trainer.

    Ends the run of the page with a sentence if the room's story has no such person, or the page is not for them.
    """
    viewer = invited.viewer
    assert viewer, "a trainer chooses"
    if not _occurs(viewer, room):
        st.title("You have no part in this story")
        st.info(
            "The trainer has started another scenario, in which your person does not occur. This page goes on by "
            "itself when the trainer comes back to a story with you; for a part in this one, ask for a new link.",
            icon=":material/hourglass_empty:",
        )
        st.caption(SIMULATION)
        shown = open_page()
        shown.shown = NoPart(room_id, key, invited, name, shown.token)
        listen(shown)
        st.stop()
    files = pages_of(invited)
    if page not in [PAGES[file][0] for file in files]:
        st.title("This page is not part of your invitation")
        st.caption(SIMULATION)
        for file in files:
            title, icon, _ = PAGES[file]
            link = {"room": room_id, "key": key.token}
            st.page_link(f"dashboard/pages/{file}.py", label=title, icon=icon, query_params=link)
        st.stop()
    return viewer


def _occurs(viewer: Member | Engineer, room: Room) -> bool:
    if isinstance(viewer, Member):
        return room.directory.knows(viewer.person, viewer.tenant)
    return viewer.id in room.directory.engineers


@dataclass(eq=False)
class NoPart:
    """The page of somebody without a part in the story: it refreshes when they get one, or their link ends."""

    room_id: str
    key: Key
    invited: Invitation
    name: str
    tab: str
    _looked_at: object = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.seen()
        self._looked_at = self._now()

    def seen(self) -> None:
        """Note that the page is open, for the trainer."""
        presence.look(self.room_id, self.tab)
        presence.seen(self.room_id, self.tab, self.invited, self.name)

    def may_be_out_of_date(self) -> bool:
        """Return, without waiting, whether anything has changed in the room since the last look."""
        self.seen()
        return self._now() != self._looked_at

    def is_out_of_date(self) -> bool:
        """Return whether the person has a part now, or the invitation has changed."""
        self._looked_at = self._now()
        viewer = self.invited.viewer
        assert viewer
        try:
            if entrance.invitation(self.room_id, self.key) != self.invited:
                return True
            return _occurs(viewer, rooms().get(self.room_id))
        except (RoomNotOpened, RoomUnavailable):  # which the page then says
            return True

    def _now(self) -> object:
        room = rooms().if_open(self.room_id)
        return entrance.changes(self.room_id), room, room and room.state
