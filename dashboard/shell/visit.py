"""What all pages share: the room of the link, who is looking, the clock, the banner, and how an act is carried out.

The link is the truth: `room`, `viewer` and, on a page that shows one, `request` or `ticket`. Every link inside the
dashboard carries the first two on.
"""

from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NoReturn

import streamlit as st

from dashboard.background.entrance import all_of, check_acts_as, check_leads, come_in
from dashboard.background.presence import name_of
from dashboard.background.room_opening import RoomDamaged
from dashboard.background.rooms import RoomNotOpened, rooms
from dashboard.shell.entrance.invited import SIMULATION, viewer_of
from dashboard.shell.entrance.repair import offer_repair
from dashboard.shell.entrance.sign_in import ask_to_sign_in, sign_out_button, signed_in
from dashboard.shell.failure import link_to_new_room
from dashboard.shell.messages import said, say
from dashboard.shell.page_list import PAGES, TRAINER
from dashboard.shell.session_state import STARTED, VISIT, page_or_viewer_changed, room_or_viewer_changed
from dashboard.text.words import plain
from data import Desk, Lens, Room
from data.lens.lens import next_due
from data.room.past import PastRoom
from data.room_folder.invitations import Invitation, Invitations, Key, Role
from model import Actor, Engineer, Member


@dataclass(frozen=True)
class Visit:
    """One run of a page: the room of the link, and who is looking at it."""

    page: str  # its title
    room_id: str
    room: Room | PastRoom
    viewer: Member | Engineer | None  # None: the trainer
    state: tuple[int, int]  # of the room before anything was read
    invitation: Invitation | None = None  # None: the room is open to everybody
    key: Key = field(default_factory=Key)  # the token that the link has, and who has signed in
    set_for_all: Invitations = field(default_factory=Invitations, compare=False)  # by the room's trainer
    name: str = ""  # that somebody with an invitation gave, for the trainer
    drawn: list[object] = field(default_factory=list, compare=False)  # what a member was shown: `watching`

    @property
    def current(self) -> Room:
        """The current room of the link, for trainers' acts: moving the clock, playing the story.

        The first act in a link creates its room. It may differ from the one shown. Raises RoomNotOpened, also if the
        page shows an earlier moment or the viewer is no trainer, and RoomUnavailable.
        """
        self.check_present()
        return self.to_change()

    def to_act_as(self, actor: Actor) -> Room:
        """Return the current room of the link, to act in as somebody. Raises as `current` does."""
        self.check_present()
        check_acts_as(self.room_id, self.key, actor)
        return rooms().to_act_in(self.room_id)

    @property
    def leads(self) -> bool:
        """Whether the visitor is a trainer, or the room is open."""
        return self.invitation is None or self.invitation.leads

    @property
    def paused(self) -> bool:
        """Whether the room's trainer lets only trainers act."""
        return self.set_for_all.paused

    @property
    def observes(self) -> bool:
        """Whether the visitor is an observer: no buttons are drawn, and `to_act_as` refuses each act."""
        return self.invitation is not None and self.invitation.role is Role.OBSERVER

    def check_present(self) -> None:
        """Raise RoomNotOpened if the page shows an earlier moment, which is read-only."""
        if self.past is not None:
            raise RoomNotOpened("This page shows the room as it was. Go back to the present to act.")

    def to_change(self) -> Room:
        """Return the room of the link, even from a page that shows an earlier moment. Raises as `current` does."""
        check_leads(self.room_id, self.key)
        return rooms().to_act_in(self.room_id)

    @property
    def past(self) -> int | None:
        """The line of the log after which the page shows the room; None if it shows the present."""
        return self.room.seq if isinstance(self.room, PastRoom) else None

    @property
    def whole_room(self) -> Room:
        """The room that is shown, in the present."""
        room = self.room.room if isinstance(self.room, PastRoom) else self.room
        assert isinstance(room, Room)
        return room

    def is_of(self, room_id: str, room: Room) -> bool:
        """Return whether a link's room is that of this visit or a copy of it, and was not rewound since."""
        return self.room_id == room_id and rooms().continues(self.whole_room, room) and self.state[0] == room.state[0]

    @property
    def lens(self) -> Lens:
        """The viewing member's lens."""
        assert isinstance(self.viewer, Member)
        return self.room.as_seen_by(self.viewer)

    @cached_property
    def all_listed(self) -> list[dict[str, Any]]:
        """The viewer's two lists, read once in each run of the page."""
        return self.lens.rows("listed")

    def listed(self, name: str) -> list[dict[str, Any]]:
        """Return the viewer's list `pending` or `approved_access`."""
        return [row for row in self.all_listed if row["listed_in"] == name]

    @cached_property
    def _deciders(self) -> list[dict[str, Any]]:
        return self.lens.rows("who_can_decide")

    def who_can_decide(self, request_id: str) -> list[dict[str, Any]]:
        """Return who can decide on a request that the member sees: `person`, `name` and the tenant it `decides_in`.

        All requests are read once in each run of the page.
        """
        return [row for row in self._deciders if row["request_id"] == request_id]

    @property
    def next_due(self) -> datetime | None:
        """The time of the next automatic change visible to the viewer: a button's label must not reveal hidden ones."""
        if isinstance(self.viewer, Member):
            return next_due(self.all_listed)
        if isinstance(self.viewer, Engineer):
            return min((row["due_at"] for row in self.desk.rows("desk_requests") if row["due_at"]), default=None)
        return self.room.overview().next_due()

    @property
    def desk(self) -> Desk:
        """The viewing engineer's desk."""
        assert isinstance(self.viewer, Engineer)
        return self.room.as_seen_by(self.viewer)

    @property
    def presenting(self) -> bool:
        """Return whether the link asks for the page in large type, without a menu."""
        return self.page == PAGES["side_by_side"][0] and st.query_params.get("present") == "1"

    def tenant(self, tenant: str) -> str:
        """Return the tenant's name, harmless in Markdown."""
        return plain(self.room.directory.tenants[tenant])

    def link(self, **more: str) -> dict[str, str]:
        """Return the query parameters of a link to any page of this room, for this viewer."""
        at = {"at": str(self.past)} if self.past is not None else {}
        held = {"key": self.key.token, "name": self.name}
        mine = {name: value for name, value in held.items() if value}
        return {"room": self.room_id, "viewer": viewer_id(self.viewer), **mine, **at, **more}


def viewer_id(viewer: Member | Engineer | None) -> str:
    """Return the viewer's id in links."""
    if isinstance(viewer, Member):
        return f"{viewer.person}@{viewer.tenant}"
    return viewer.id if viewer else TRAINER


def viewer_name(room: Room | PastRoom, viewer: Member | Engineer | None) -> str:
    """Return the viewer's name; plain text."""
    if isinstance(viewer, Member):
        return f"{room.directory.people[viewer.person]} · {room.directory.tenants[viewer.tenant]}"
    if isinstance(viewer, Engineer):
        return f"{room.directory.engineers[viewer.id]} · support engineer"
    return "Trainer · sees everything"


def enter(page: str) -> Visit:
    """Return the visit that begins with this run: to the room of the link, or to a new one if it names none.

    Shows an error and stops where the room cannot be opened. What was said and asked on another page, or to another
    viewer, is gone.
    """
    ask_to_sign_in()
    given = st.query_params
    room_id = given.get("room")
    if not room_id:
        room_id = rooms().new_id()
        if rooms().only_in_memory(room_id):
            _offer_memory(room_id)
    key = Key(given.get("key", ""), signed_in())
    before: Visit | None = VISIT.get()
    # Do not mention whether the room is closed: that would reveal whether somebody acted in it.
    comes = before is None or before.room_id != room_id
    try:
        with st.spinner("Opening the room…", show_time=True) if comes else nullcontext():
            invited = come_in(room_id, key)
            set_for_all = all_of(room_id) or Invitations()
            room = rooms().get(room_id)
    except RoomNotOpened as error:
        st.title("This room cannot be opened")
        st.error(plain(error), icon=":material/error:")
        st.caption(SIMULATION)
        said()
        if isinstance(error, RoomDamaged):
            offer_repair(error.wrong)
        link_to_new_room()
        sign_out_button(key.person)
        st.stop()
    if invited is None:
        key = Key(person=key.person)
        given.pop("key", None)
        given.pop("name", None)
    name = name_of(given.get("name", ""))
    viewer = (
        _viewer(room, given.get("viewer"))
        if invited is None or invited.leads
        else viewer_of(invited, room, page, room_id, key, name)
    )
    here = Visit(page, room_id, _at(room, viewer, given.get("at")), viewer, room.state, invited, key, set_for_all, name)
    if given.get("room") != room_id or given.get("viewer") != viewer_id(here.viewer):
        given.update(here.link())
    if before and (before.page, before.viewer) != (page, here.viewer):
        page_or_viewer_changed()
    if started := STARTED.take():
        say("success", started)
    if before and (not before.is_of(room_id, room) or before.viewer != here.viewer):
        room_or_viewer_changed()
    VISIT.put(here)
    if isinstance(here.viewer, Member):
        here.listed("pending")  # before anything is sent: later, queries compete with the browser
    return here


def _offer_memory(room_id: str) -> NoReturn:
    """Say that no room can be saved, and offer one in memory; this run of the page then ends."""
    st.title("Rooms cannot be saved at the moment")
    st.warning(
        "The server cannot write the folder of its rooms, or its disk is full; its log says more. You can go on: your "
        "room, and that of everybody who gets its link, is then kept in memory and ends when the server stops.",
        icon=":material/memory:",
    )
    st.caption(SIMULATION)
    st.page_link(
        "dashboard/pages/welcome.py",
        label="Go on with a room in memory",
        icon=":material/arrow_forward:",
        query_params={"room": room_id},
    )
    st.stop()


def visit() -> Visit:
    """Return the visit of this run."""
    here: Visit | None = VISIT.get()
    assert here, "app.py enters the page before it runs"
    return here


def _at(room: Room, viewer: Member | Engineer | None, line: str | None) -> Room | PastRoom:
    """Return the room at the moment of the trainer's link: now, or after a line of its log.

    A member's link has no line: a missing one would reveal how much others did.
    """
    if line is None or viewer is not None:
        st.query_params.pop("at", None)
        return room
    if line.isascii() and line.isdigit() and len(line) < 19 and room.opening <= int(line) < room.seq:
        return room.at(int(line))
    del st.query_params["at"]
    return room


def _viewer(room: Room | PastRoom, name: str | None) -> Member | Engineer | None:
    """Return the viewer of the link, or the story's first administrator if the room has no such viewer."""
    if name == TRAINER:
        return None
    person, at, tenant = (name or "").partition("@")
    if at and room.directory.knows(person, tenant):
        return Member(person, tenant)
    if not at and person in room.directory.engineers:
        return Engineer(person)
    return next(
        (v for v in viewers(room) if isinstance(v, Member) and room.directory.administers(v.person, v.tenant)), None
    )


def viewers(room: Room | PastRoom) -> list[Member | Engineer | None]:
    """Return the viewers, in the story's order: its people in each of their tenants, its engineers, the trainer."""
    story = room.story.directory
    members = [Member(person, tenant) for person, tenant in story.roles if room.directory.knows(person, tenant)]
    return [*members, *(Engineer(e) for e in story.engineers), None]
