"""What all pages share: the room of the link, who is looking, the clock, the banner, and how an act is carried out.

The link is the truth: `room`, `viewer` and, on a page that shows one, `request` or `ticket`. Every link inside the
dashboard carries the first two on.
"""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import streamlit as st

from dashboard.rooms import Rooms, rooms
from dashboard.words import ahead, moment, plain
from data import Desk, Lens, Room
from data.lens import next_due
from model import Code, Command, Engineer, Member, Refused

TRAINER = "trainer"
PAGES = {  # file -> title, icon, address
    "side_by_side": ("Side by side", ":material/view_column:", "side-by-side"),
    "pending": ("Pending requests", ":material/pending_actions:", "pending-requests"),
    "approved": ("Approved access", ":material/verified_user:", "approved-access"),
    "tickets": ("Support requests", ":material/confirmation_number:", "support-requests"),
    "audit": ("Audit log", ":material/receipt_long:", "audit-log"),
    "desk": ("Support engineer's desk", ":material/support_agent:", "desk"),
    "scenarios": ("Scenarios", ":material/auto_stories:", "scenarios"),
    "what_if": ("What if", ":material/science:", "what-if"),
    "policy": ("Policy", ":material/policy:", "policy"),
    "peers": ("Other systems", ":material/balance:", "other-systems"),
}
_JUMPS = {
    "+1 hour": timedelta(hours=1),
    "+1 day": timedelta(days=1),
    "+1 week": timedelta(weeks=1),
    "+30 days": timedelta(days=30),
}
WHOLE = ("side_by_side", "scenarios")  # the pages of the simulation itself, which show what no party sees alone
_DRAFTS = ("new title", "ask reason")  # what one viewer was writing is not for the next
_MEANWHILE = (Code.NOT_FOUND, Code.WRONG_STATUS, Code.TICKET_CLOSED, Code.CHANGED_MEANWHILE)


@dataclass(frozen=True)
class Visit:
    """One run of a page: the room of the link, and who is looking at it."""

    page: str  # its title
    room_id: str
    room: Room
    viewer: Member | Engineer | None  # None: the trainer
    state: tuple[int, int]  # of the room before anything was read

    @property
    def current(self) -> Room:
        """The room of the link at this moment: to act in, since another may have taken the place of the one shown."""
        return rooms().get(self.room_id)

    @property
    def lens(self) -> Lens:
        """What the member who is looking sees."""
        assert isinstance(self.viewer, Member)
        return self.room.as_seen_by(self.viewer)

    @cached_property
    def _listed(self) -> list[dict[str, Any]]:
        return self.lens.rows("listed")

    def listed(self, name: str) -> list[dict[str, Any]]:
        """A list of the member who is looking, `pending` or `approved_access`; both are read once a run."""
        return [row for row in self._listed if row["listed_in"] == name]

    @property
    def next_due(self) -> datetime | None:
        """When something changes by itself that the viewer sees; what is hidden must not show in a button's label."""
        if isinstance(self.viewer, Member):
            return next_due(self._listed)
        if isinstance(self.viewer, Engineer):
            return min((row["due_at"] for row in self.desk.rows("desk_requests") if row["due_at"]), default=None)
        return self.room.next_due()

    @property
    def desk(self) -> Desk:
        """What the engineer who is looking sees."""
        assert isinstance(self.viewer, Engineer)
        return self.room.as_seen_by(self.viewer)

    def tenant(self, tenant: str) -> str:
        """The tenant's name, harmless in Markdown."""
        return plain(self.room.directory.tenants[tenant])

    def link(self, **more: str) -> dict[str, str]:
        """The query parameters of a link to any page of this room, for this viewer."""
        return {"room": self.room_id, "viewer": viewer_id(self.viewer), **more}


def viewer_id(viewer: Member | Engineer | None) -> str:
    """The viewer as a link names it."""
    if isinstance(viewer, Member):
        return f"{viewer.person}@{viewer.tenant}"
    return viewer.id if viewer else TRAINER


def viewer_name(room: Room, viewer: Member | Engineer | None) -> str:
    """The viewer as a person reads it; plain text."""
    if isinstance(viewer, Member):
        return f"{room.directory.people[viewer.person]} · {room.directory.tenants[viewer.tenant]}"
    if isinstance(viewer, Engineer):
        return f"{room.directory.engineers[viewer.id]} · support engineer"
    return "Trainer · sees everything"


def enter(page: str) -> Visit:
    """The visit that begins with this run: to the room of the link, a new one where it names none.

    Shows an error and stops where the room cannot be opened. What was said and asked on another page, or to another
    viewer, is gone.
    """
    given = st.query_params
    room_id = given.get("room") or Rooms.new_id()
    try:
        with nullcontext() if rooms().is_open(room_id) else st.spinner("Opening the room…", show_time=True):
            room = rooms().get(room_id)
    except ValueError as error:
        st.title("This room cannot be opened")
        st.error(plain(error), icon=":material/error:")
        st.link_button("Open a new room", "/")
        st.stop()
    here = Visit(page, room_id, room, _viewer(room, given.get("viewer")), room.state)
    if given.get("room") != room_id or given.get("viewer") != viewer_id(here.viewer):
        given.update(here.link())
    before: Visit | None = st.session_state.get("visit")
    if before and (before.page, before.viewer) != (page, here.viewer):
        for left in ("said", "asking", *_DRAFTS):
            st.session_state.pop(left, None)
    if begun := st.session_state.pop("begun", None):  # a scenario, with a cast of its own
        say("success", f"“{begun}” has begun.")
    if before and (before.room is not room or before.state[0] != room.state[0] or before.viewer != here.viewer):
        st.session_state.pop("read", None)
    st.session_state["visit"] = here
    if isinstance(here.viewer, Member):
        here.listed("pending")  # before anything is sent: afterwards the query shares the machine with a browser
    return here


def visit() -> Visit:
    """The visit of this run."""
    here: Visit = st.session_state["visit"]
    return here


def _viewer(room: Room, name: str | None) -> Member | Engineer | None:
    """The viewer of the link; the cast's first administrator where it names none that this room has."""
    if name == TRAINER:
        return None
    person, at, tenant = (name or "").partition("@")
    if at and room.directory.knows(person, tenant):
        return Member(person, tenant)
    if not at and person in room.directory.engineers:
        return Engineer(person)
    return next(
        (v for v in cast(room) if isinstance(v, Member) and room.directory.administers(v.person, v.tenant)), None
    )


def cast(room: Room) -> list[Member | Engineer | None]:
    """Who can look, in the story's order: its people in each of their tenants, its engineers, the trainer."""
    story = room.story.directory
    members = [Member(person, tenant) for person, tenant in story.roles if room.directory.knows(person, tenant)]
    return [*members, *(Engineer(e) for e in story.engineers), None]


def frame(here: Visit, *, whole: bool) -> None:
    """The side bar, who is looking, and the banner. `whole`: the page shows more than what the viewer sees."""
    with st.sidebar:
        st.markdown("### :material/handshake: Support Access Lab")
        st.caption(
            "A simulation of Microsoft Support access requests. Choosing a person is not signing in, "
            "and no real tenant is touched."
        )
        _choose_viewer(here)
        with st.container(gap="xsmall"):
            for file, (title, icon, _) in PAGES.items():
                st.page_link(f"dashboard/{file}.py", label=title, icon=icon, query_params=here.link())
        _clock(here)
    _who_is_looking(here)
    _banner(here)
    _said()
    _watch(here, whole)


def _choose_viewer(here: Visit) -> None:
    choices = {viewer_id(viewer): viewer for viewer in cast(here.room)} | {viewer_id(here.viewer): here.viewer}
    st.session_state["who"] = viewer_id(here.viewer)  # the link decides, also where it was changed by hand or by Back

    def look() -> None:
        st.query_params["viewer"] = st.session_state["who"]

    st.selectbox(
        "Who is looking",
        list(choices),
        format_func=lambda name: viewer_name(here.room, choices[name]),
        key="who",
        on_change=look,
    )


def _clock(here: Visit) -> None:
    with st.container(border=True, gap="small"):
        st.markdown(
            f":material/schedule: **{moment(here.room.now)}**  \n:small[The room's clock, UTC. It stands still.]"
        )
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
        st.caption(f"Room: {plain(here.room.story.title)}")


def _advance_to(here: Visit, due: datetime) -> None:
    """Another visitor may have moved the clock since the button was shown."""
    _advance(here, max(due - here.current.now, timedelta(0)))


def _advance(here: Visit, jump: timedelta) -> None:
    try:
        now = here.current.advance(jump)
    except ValueError as error:
        say("error", str(error))
    else:
        say("info", f"It is now {moment(now)} in this room.")


def _who_is_looking(here: Visit) -> None:
    """That it is a simulation, who is looking, and when: a narrow window hides the side bar."""
    name, now = plain(viewer_name(here.room, here.viewer)), f":material/schedule: {moment(here.room.now)}"
    if isinstance(here.viewer, Member):
        roles = sorted(here.room.directory.roles.get((here.viewer.person, here.viewer.tenant), ()))
        who = f":material/person: **{name}** · {', '.join(roles) or 'no role in this tenant'}"
    elif isinstance(here.viewer, Engineer):
        who = f":material/support_agent: **{name}** · of the vendor, in no tenant"
    else:
        who = ":violet-badge[:material/visibility: Trainer: everything is shown, also what no tenant may see]"
    st.caption(f":gray-badge[Simulation] {who} · {now}")


def _banner(here: Visit) -> None:
    if isinstance(here.viewer, Member) and (waiting := len(here.listed("pending"))):
        with st.container(border=True, horizontal=True, vertical_alignment="center", key="banner"):
            many = f"{waiting} access requests wait" if waiting > 1 else "1 access request waits"
            st.markdown(f":orange-badge[:material/notifications: {many} for a decision]")
            st.page_link("dashboard/pending.py", label="View and approve", query_params=here.link())


# What just changed.


def say(kind: str, text: str) -> None:
    """Keeps a message (success, info, warning, error) on the page until the next act; `text` is plain."""
    st.session_state["said"] = (kind, text)


def _said() -> None:
    if said := st.session_state.get("said"):
        kind, text = said
        icons = {"success": "check_circle", "info": "info", "warning": "sync_problem", "error": "block"}
        getattr(st, kind)(plain(text), icon=f":material/{icons[kind]}:")


def act(
    here: Visit,
    command: Command,
    done: str,
    *,
    actor: Member | Engineer | None = None,
    seen: Mapping[str, Any] | None = None,
    leave: bool = False,
) -> None:
    """Carries out a command of the viewer (or of `actor`), in a callback, and says what came of it.

    `seen` is the access request as the page showed it; `leave` goes back from its details when all went well.
    """
    who = actor or here.viewer
    assert who is not None
    try:
        here.current.do(command, who, seen=seen, seen_at=here.state if here.current is here.room else None)
    except Refused as refusal:
        if seen is not None and refusal.code in _MEANWHILE and isinstance(who, Member):
            stands = _stands(here.current, who, seen["request_id"])
            say("warning", f"This changed meanwhile: {refusal.sentence} {stands}")
        else:
            say("error", f"Refused ({refusal.code}): {refusal.sentence}")
    else:
        say("success", done)
        if leave:
            st.query_params.pop("request", None)


def _stands(room: Room, member: Member, request_id: str) -> str:
    try:
        now = room.as_seen_by(member).request(request_id)
    except Refused:
        return "Here is how it stands: it is not among the requests that you can see."
    decided = f", decided by {now['decided_by']}" if now["decided_by"] else ""
    return f"Here is how it stands: {now['status']}{decided}."


# What others do.


@st.fragment(run_every=4)
def _watch(here: Visit, whole: bool) -> None:
    """Runs the page again when something changes that it shows; at what this viewer does not see, nothing moves."""
    room = rooms().get(here.room_id)
    same = room is here.room and room.state[0] == here.state[0]  # else another took its place, or it was wound back
    if same and (here.state == room.state or st.session_state.get("looked through") == (here.state, room.state)):
        return
    if not same or fingerprint(here, whole, here.state[1]) != fingerprint(here, whole):
        st.rerun(scope="app")
    st.session_state["looked through"] = (here.state, room.state)


def fingerprint(here: Visit, whole: bool, as_of: int | None = None) -> object:
    """All that can change on this viewer's pages, now or as it was after a line of the log."""
    if whole or not isinstance(here.viewer, Member):
        return as_of or here.room.seq
    lens = here.room.as_seen_by(here.viewer, as_of)
    return [lens.rows(name) for name in ("clock", "pending", "approved_access", "tickets", "audit_log")]


# What several pages tell.


def find_request(here: Visit, request_id: str) -> Mapping[str, Any] | None:
    """The access request as the viewer sees it; says so and gives None where the viewer sees none of this id."""
    if isinstance(here.viewer, Member):
        try:
            return here.lens.request(request_id)
        except Refused as refusal:
            if not st.session_state.get("said"):
                st.warning(plain(refusal.sentence), icon=":material/search_off:")
            return None
    if here.viewer is None:
        rows = here.room.overview().rows("all_requests")
        found = next((row for row in rows if row["request_id"] == request_id), None)
        if found is None:
            st.warning("There is no such access request in this room.", icon=":material/search_off:")
        return found
    elsewhere(here, "An engineer's requests are on the desk.", "desk")
    return None


def elsewhere(here: Visit, text: str, file: str) -> None:
    """Sends a viewer, for whom the page is not meant, to the page that is."""
    st.info(text, icon=":material/arrow_forward:")
    st.page_link(f"dashboard/{file}.py", label=PAGES[file][0], query_params=here.link())
