"""Faults in the dashboard: in the rooms of links, in what pages send to whom, and in which pages refresh."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.source_util import open_python_file

from dashboard.background.rooms import Rooms
from dashboard.shell import acting, failure, frame, visit, watching
from dashboard.shell.entrance import repair
from dashboard.shell.visit import Visit
from dashboard.text.words import plain
from data.room_folder import expiry, facts
from data.room_folder.folder import RoomFolder
from model import Member
from tests.checker.catchers_of_links import (
    a_link_whose_room_was_removed,
    a_story_that_cannot_be_started,
    an_act_in_one_of_two_new_links,
    rooms_that_nobody_visited_for_two_days,
    who_is_sent_to_look_again_after_a_first_act,
)
from tests.checker.catchers_of_pages import (
    what_a_member_reads_of_a_damaged_room,
    what_is_sent_of_what_is_hidden,
    what_is_sent_with_and_without_a_removal,
    what_is_told_while_the_disk_gives_trouble,
    what_the_next_viewer_reads,
    who_gets_the_snapshot,
)
from tests.checker.faults import Fault

_PAGES = Path(visit.__file__).parents[1] / "pages"


def _in_page(patch: pytest.MonkeyPatch, page: str, old: str, new: str) -> None:
    """Replace text in a page's script, which Streamlit rereads for each browser tab."""
    path = _PAGES / f"{page}.py"
    assert old in path.read_text(encoding="utf-8")

    def changed(file: str) -> Any:
        if Path(file) != path:
            return open_python_file(file)
        return io.StringIO(path.read_text(encoding="utf-8").replace(old, new))

    patch.setattr("streamlit.runtime.scriptrunner.script_cache.open_python_file", changed)


# The rooms of links.


def the_first_act_in_a_link_changes_the_room_of_new_links(patch: pytest.MonkeyPatch) -> None:
    """What one visitor does is shown to all whose link is new, or is lost."""
    patch.setattr(Rooms, "to_act_in", Rooms.get)


def a_removed_rooms_link_opens_a_new_story(patch: pytest.MonkeyPatch) -> None:
    """Who comes back finds everything gone, without a word."""
    patch.setattr(RoomFolder, "was_removed", lambda *_: False)


def a_room_without_a_stamp_is_taken_as_unchanged(patch: pytest.MonkeyPatch) -> None:
    """A class's room is removed after a day: only who looks into its log knows that somebody acted in it."""

    @contextmanager
    def looks(path: Path) -> Iterator[facts.RoomFacts]:
        with facts.look_into(path) as found:
            yield replace(found, changed=False)

    patch.setattr(expiry, "look_into", looks)


def the_room_that_is_replaced_is_removed_first(patch: pytest.MonkeyPatch) -> None:
    """If the new one cannot be written, there is neither."""
    new_file = RoomFolder.new_file

    @contextmanager
    def emptied(self: RoomFolder, room_id: str) -> Iterator[Path]:
        self.remove(room_id)
        with new_file(self, room_id) as path:
            yield path

    patch.setattr(RoomFolder, "new_file", emptied)


# Which pages are drawn again.


def a_page_blinks_when_its_link_gets_a_room(patch: pytest.MonkeyPatch) -> None:
    """That somebody acted in another tenant: the page is drawn again because the link has a room of its own now."""
    patch.setattr(Rooms, "continues", lambda self, before, now: now is before)


def a_page_watches_its_lists_of_requests_alone(patch: pytest.MonkeyPatch) -> None:
    """A new ticket is not there until somebody reloads the page."""

    def lists(here: Visit, _whole: bool, as_of: int | None = None) -> object:
        assert isinstance(here.viewer, Member)
        return here.room.as_seen_by(here.viewer, as_of).statuses()

    patch.setattr(watching, "fingerprint", lists)


# What pages send.


def the_banner_counts_what_is_hidden(patch: pytest.MonkeyPatch) -> None:
    """That access is still on: it is counted as long as it is not removed."""

    def banner(here: Visit) -> None:
        rows = here.room.overview().rows("all_requests")
        st.markdown(f"{sum(row['status'] in ('Pending', 'Approved') for row in rows)} access requests")

    patch.setattr(frame, "_banner", banner)


def what_is_due_next_is_the_trainers(patch: pytest.MonkeyPatch) -> None:
    """That access is still on: the button of the clock says when the hidden grant lapses."""
    patch.setattr(Visit, "next_due", property(lambda self: self.room.overview().next_due()))


def a_download_hides_nothing(patch: pytest.MonkeyPatch) -> None:
    """Everything: the list on the page is the member's, and the file below it has the requests of the whole room."""
    anchor = "    if not rows:\n"
    button = 'st.download_button("CSV", here.room.overview().requests().to_csv(), "requests.csv")'
    _in_page(patch, "approved", anchor, f"    {button}\n{anchor}")


def a_link_leaks(patch: pytest.MonkeyPatch) -> None:
    """The id of another tenant's latest access request: each link carries it on."""
    link = Visit.link

    def leaking(self: Visit, **more: str) -> dict[str, str]:
        latest = self.room.overview().rows("all_requests")[0]
        return link(self, **({"request": latest["request_id"]} | more))

    patch.setattr(Visit, "link", leaking)


def a_members_page_reads_the_trainers_list(patch: pytest.MonkeyPatch) -> None:
    """The tickets of every tenant."""
    _in_page(patch, "tickets", 'here.lens.rows("tickets")', 'here.room.overview().rows("all_tickets")')


def a_member_gets_the_snapshot(patch: pytest.MonkeyPatch) -> None:
    """The whole room: whoever is in a tenant is taken for somebody who may have it."""
    asks = "if here.viewer is not None:"
    _in_page(patch, "scenarios", asks, 'if "@" not in here.link()["viewer"] and here.viewer is not None:')


def what_was_said_stays_for_the_next_viewer(patch: pytest.MonkeyPatch) -> None:
    """That access was removed: who looks next reads what the one before was told."""
    patch.setattr(visit, "page_or_viewer_changed", lambda: None)


def what_is_wrong_is_told_to_members(patch: pytest.MonkeyPatch) -> None:
    """How much was done in a damaged room: at which line its log ends."""

    def offered(wrong: str) -> None:
        st.caption(f"What is wrong: {plain(wrong)}.")
        repair.offer_repair(wrong)

    for place in (visit, failure):
        patch.setattr(place, "offer_repair", offered)


def an_error_is_told_as_it_is(patch: pytest.MonkeyPatch) -> None:
    """Where the server keeps its files."""
    for place in (acting, failure):
        patch.setattr(place, "reason", str)


_REMOVAL = what_is_sent_with_and_without_a_removal
IN_DASHBOARD = (
    Fault(the_first_act_in_a_link_changes_the_room_of_new_links, an_act_in_one_of_two_new_links),
    Fault(a_removed_rooms_link_opens_a_new_story, a_link_whose_room_was_removed),
    Fault(a_room_without_a_stamp_is_taken_as_unchanged, rooms_that_nobody_visited_for_two_days),
    Fault(the_room_that_is_replaced_is_removed_first, a_story_that_cannot_be_started),
    Fault(a_page_blinks_when_its_link_gets_a_room, who_is_sent_to_look_again_after_a_first_act, "refresh of a page"),
    Fault(a_page_watches_its_lists_of_requests_alone, who_is_sent_to_look_again_after_a_first_act),
    Fault(the_banner_counts_what_is_hidden, _REMOVAL, "counts"),
    Fault(what_is_due_next_is_the_trainers, _REMOVAL, "next refresh"),
    Fault(a_download_hides_nothing, _REMOVAL, "a list's rows"),
    Fault(a_link_leaks, what_is_sent_of_what_is_hidden, "ids"),
    Fault(a_members_page_reads_the_trainers_list, what_is_sent_of_what_is_hidden, "a list's rows"),
    Fault(a_member_gets_the_snapshot, who_gets_the_snapshot),
    Fault(what_was_said_stays_for_the_next_viewer, what_the_next_viewer_reads),
    Fault(what_is_wrong_is_told_to_members, what_a_member_reads_of_a_damaged_room, "counts"),
    Fault(an_error_is_told_as_it_is, what_is_told_while_the_disk_gives_trouble),
)
