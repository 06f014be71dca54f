"""Rerun a page when its content changes."""

import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from weakref import WeakKeyDictionary

from streamlit.runtime.scriptrunner import RerunException

from dashboard.background import autopilots, entrance, presence, quizzes
from dashboard.background.rooms import RoomNotOpened, rooms
from dashboard.shell.classroom.spotlight import pointed_at
from dashboard.shell.listening import listen, open_page
from dashboard.shell.session_state import OPEN_PAGE
from dashboard.shell.visit import Visit
from data import DamagedRoom, Room, RoomUnavailable
from data.room_folder.invitations import Invitations
from model import Member

_LOOK_EVERY = 4  # seconds, if the link's room is not open
_MOST_KEPT = 64  # of what viewers see, in each room


def watch(here: Visit, shows_everything: bool) -> None:
    """Rerun the page when its content changes. Changes that this viewer cannot see have no effect."""
    page = open_page()
    page.shown = ShownVisit(here, shows_everything, page.token)
    page.shown.seen()
    listen(page, presenting=here.presenting)


def remember(here: Visit, shows_everything: bool) -> None:
    """Remember what a member's page has shown: after a rewind the log no longer has it.

    Acts since the page's run started have no effect unless the member sees them.
    """
    if isinstance(here.viewer, Member) and not shows_everything and not here.drawn:
        seen = _seen(here, shows_everything)
        acted = here.room.state != here.state
        if acted and (not _goes_on(here) or seen != _read(here, shows_everything, here.state[1])):
            return
        if _goes_on(here):
            here.drawn.append(seen)


def _goes_on(here: Visit) -> bool:
    """Return whether the room was not rewound since the page's run started."""
    return here.room.state[0] == here.state[0]


@contextmanager
def running() -> Iterator[None]:
    """Note that this tab's page runs in the block, and afterwards if another run follows by itself."""
    if page := OPEN_PAGE.get():
        page.run_begins()
    try:
        yield
    except RerunException:
        raise
    except BaseException:
        _run_ended()
        raise
    _run_ended()


def _run_ended() -> None:
    if page := OPEN_PAGE.get():
        page.run_ended()


@dataclass(eq=False)
class ShownVisit:
    """The content that a page's run has shown to its viewer."""

    here: Visit
    shows_everything: bool
    tab: str
    _looked_through: tuple[Room, tuple[int, int]] = field(init=False)  # a room that looks the same to the viewer
    _entrance: int = field(init=False, default=-1)  # how often access had been changed; unknown at first
    _looked_at: float = field(init=False, default_factory=time.monotonic)
    _asked: quizzes.Asked | None = field(init=False)  # the question to the class that was open
    _autopilot: int = field(init=False)  # the autopilot's number of starts and ends

    def __post_init__(self) -> None:
        self._looked_through = self.here.whole_room, self.here.state
        self._asked = quizzes.open_question(self.here.room_id)
        self._autopilot = autopilots.changes(self.here.room_id)

    def seen(self) -> None:
        """Note that the page is open, and for the room's trainer whose it is."""
        presence.look(self.here.room_id, self.tab)
        if self.here.invitation:
            presence.seen(self.here.room_id, self.tab, self.here.invitation, self.here.name)

    def may_be_out_of_date(self) -> bool:
        """Return, without waiting, whether anything has changed in the link's room since the last check."""
        self.seen()
        if self._other_question() or self._other_autopilot():
            return True
        if entrance.changes(self.here.room_id) != self._entrance:
            return True
        room = rooms().if_open(self.here.room_id)
        if room is None:  # nobody has acted in the link yet, or it was closed
            return time.monotonic() - self._looked_at > _LOOK_EVERY
        return (room, room.state) != self._looked_through

    def is_out_of_date(self) -> bool:
        """Return whether the viewer would see something else now."""
        if self._other_question() or self._other_autopilot():
            return True
        self._looked_at, self._entrance = time.monotonic(), entrance.changes(self.here.room_id)
        try:
            if entrance.invitation(self.here.room_id, self.here.key) != self.here.invitation:
                return True  # it has ended, or the room is no longer open
            set_for_all = entrance.all_of(self.here.room_id) or Invitations()
            room = rooms().get(self.here.room_id)
            if self._shows_otherwise(set_for_all, room):
                return True
        except (RoomNotOpened, RoomUnavailable):  # which the page then says
            return True
        state = room.state
        try:
            found = is_out_of_date(self.here, room, self.shows_everything)
        except (RoomUnavailable, DamagedRoom):  # the page stays as it is; the viewer's next act shows the error
            return False
        self._looked_through = room, state
        return found

    def _other_question(self) -> bool:
        return quizzes.open_question(self.here.room_id) is not self._asked

    def _other_autopilot(self) -> bool:
        return self.here.leads and autopilots.changes(self.here.room_id) != self._autopilot

    def _shows_otherwise(self, now: Invitations, room: Room) -> bool:
        """Return whether the trainer's settings for everybody look different to this viewer."""
        before, here = self.here.set_for_all, self.here
        if here.leads:
            return (now.paused, now.blanked, now.spotlight) != (before.paused, before.blanked, before.spotlight)
        return now.paused != before.paused or (
            now.spotlight != before.spotlight
            and pointed_at(here.viewer, room, now.spotlight) != pointed_at(here.viewer, room, before.spotlight)
        )


def is_out_of_date(here: Visit, room: Room, shows_everything: bool) -> bool:
    """Return whether the viewer sees something else in the link's current room than on the page.

    A member's page that remembers its content does not refresh after a rewind or a replacement of the room if the
    content is the same: the undone act may be hidden from the member.
    """
    same_history = here.is_of(here.room_id, room)
    if same_history and here.state == room.state:
        return False
    now = replace(here, room=room)  # the link may have got its own room since the page was drawn
    if here.drawn:
        return here.drawn[0] != _seen(now, shows_everything)
    if not same_history:
        return True
    return fingerprint(now, shows_everything, here.state[1]) != fingerprint(now, shows_everything)


def fingerprint(here: Visit, shows_everything: bool, as_of: int | None = None) -> object:
    """Return all that can change on this viewer's pages, now or after a line of the log."""
    if shows_everything or not isinstance(here.viewer, Member):
        return as_of or here.room.seq
    lens = here.room.as_seen_by(here.viewer, as_of)
    unchanged = as_of is None and isinstance(here.room, Room) and here.room.state == here.state
    listed = here.all_listed if unchanged else lens.rows("listed")  # the page has read it already
    shown = [listed, *(lens.rows(name) for name in ("clock", "tickets", "audit_log"))]
    turn = here.room.turn_of(here.viewer, as_of) if isinstance(here.room, Room) else None
    return [*shown, turn and turn.act]


_kept: "WeakKeyDictionary[Room, OrderedDict[tuple[Member, tuple[int, int]], object]]" = WeakKeyDictionary()


def _seen(here: Visit, shows_everything: bool) -> object:
    """Return all that the viewer sees now, and the story; it is cached for all tabs of the same member."""
    room = here.room
    if shows_everything or not isinstance(here.viewer, Member) or not isinstance(room, Room):
        return _read(here, shows_everything)
    kept = _kept.setdefault(room, OrderedDict())
    key = here.viewer, room.state
    if (found := kept.get(key)) is None:
        found = _read(here, shows_everything)
        if room.state == key[1]:  # unchanged during the read
            kept[key] = found
            while len(kept) > _MOST_KEPT:
                kept.pop(next(iter(kept)), None)
    return found


def _read(here: Visit, shows_everything: bool, as_of: int | None = None) -> object:
    return here.room.story.text, here.room.policy, here.room.directory, fingerprint(here, shows_everything, as_of)
