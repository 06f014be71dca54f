"""Undo, back, rewind, start over and another scenario on the pages; earlier moments; and privacy."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.testing.v1.element_tree import SelectSlider

from dashboard.background.rooms import rooms
from dashboard.palette import ENDED, LIVE, OVER, WAITS
from dashboard.parts.story import take_back
from dashboard.shell.visit import Visit
from dashboard.shell.watching import is_out_of_date, remember
from data import Room
from model import Approve, Member, OpenTicket, RequestAccess, Revoke
from tests.dashboard.conftest import ROOM, Enter, Look
from tests.dashboard.screen import OF_TENANTS, OVER_TIME, Screen

OUTSIDE = ("ben@contoso", "adele@contoso", "rosa@contoso")


def test_undo_takes_back_the_last_act_and_redo_restores_it(enter: Enter, look: Look):
    """With one click each; the page says what it was."""
    room = enter("removal-stays-private", steps=3)
    room.do(Revoke("r1"), Member("adele", "fabrikam"))
    screen = look("trainer", "side_by_side")
    seq = room.seq
    screen.click("undo")
    assert screen.said == ["Taken back: Adele Vance (Fabrikam) removes access."] and room.seq == seq - 1
    screen.click("redo")
    assert room.seq == seq and "redo" not in screen.keys
    assert room.overview().requests()["status"].tolist() == ["Revoked"]


def test_undo_takes_back_what_its_page_names_and_nothing_that_was_done_since(enter: Enter, look: Look):
    """Two trainers press at once, or a participant acts while the trainer presses."""
    room = enter("removal-stays-private", steps=3)
    screen = look("trainer", "side_by_side")
    room.do(Revoke("r1"), Member("adele", "fabrikam"))
    screen.click("undo")
    assert screen.said == ["Nothing was taken back: something else was done in the meantime. Undo now takes that back."]
    assert room.overview().requests()["status"].tolist() == ["Revoked"]
    screen.click("undo")
    assert screen.said == ["Taken back: Adele Vance (Fabrikam) removes access."]
    assert room.overview().requests()["status"].tolist() == ["Approved"]


def test_back_shows_the_story_before_its_latest_step(enter: Enter, look: Look):
    """Without a question if nothing was done by hand since; at the beginning it rests."""
    room = enter("both-tenants-one-person", steps=2)
    screen = look("trainer", "side_by_side").click("step back")
    assert room.steps_done == 1 and room.story.steps[0].say in screen.text
    screen.click("step back")
    assert room.steps_done == 0 and not {"step back", "undo"} & screen.keys
    assert screen.click("redo").click("redo").text and room.steps_done == 2


@pytest.mark.parametrize(("button", "steps"), [("step back", 2), ("start over", 0)])
def test_acts_by_hand_are_not_taken_back_without_a_question(enter: Enter, look: Look, button: str, steps: int):
    """One click restores them."""
    room = enter("removal-stays-private", steps=3)
    room.do(Revoke("r1"), Member("adele", "fabrikam"))
    whole = room.events()
    screen = look("trainer", "side_by_side").click(button)
    assert "without one thing that was done by hand since" in screen.text and room.seq == len(whole)
    screen.click("take back no")
    assert room.seq == len(whole)
    screen.click(button).click("take back yes")
    assert room.steps_done == steps
    screen.click("redo")
    assert room.events().equals(whole)


def test_starting_another_scenario_is_undone_by_one_click(enter: Enter, look: Look):
    """The room comes back as it was left, and the other one is kept in turn."""
    room = enter("removal-stays-private", steps=3)
    title, whole = room.story.title, room.events()
    screen = look("trainer", "scenarios").click("start rejection")
    assert "step 0" in screen.text
    screen.click("next step").click("earlier")
    room = rooms().get(ROOM)
    assert (room.story.title, room.steps_done) == (title, 3) and room.events().equals(whole)
    assert room.verify()
    screen.click("earlier")
    room = rooms().get(ROOM)
    assert (room.story.title, room.steps_done) == ("Rejection", 1)


def slider(screen: Screen) -> SelectSlider:
    """The slider over the room's history."""
    return next(one for one in screen.app.select_slider if one.label == "Look back")


def moments(screen: Screen) -> list[str]:
    """The marks of the slider."""
    return list(slider(screen).options)


def test_a_trainer_can_view_any_moment_read_only(enter: Enter, look: Look):
    """The banner says when it was, the buttons rest, and an act is refused where it is done, not where it is drawn."""
    room = enter("removal-stays-private", steps=4)
    screen = look("trainer", "side_by_side")
    assert len(moments(screen)) == 5 and moments(screen)[0] == "the beginning"
    seq, acts = room.seq, room.acts()
    screen.open("side_by_side", at=str(acts[1].last))
    assert f"As it was at {acts[1].at:%a %d %b %Y, %H:%M}" in screen.text
    assert "step 2 of" in screen.text and room.story.steps[1].say in screen.text
    assert not {"next step", "step back", "undo", "redo", "start over", "clock +1 day"} & screen.keys
    assert not [key for key in screen.keys if key.split()[0] in ("approve", "reject", "remove", "close", "request")]
    here = Visit("Side by side", ROOM, room.at(acts[1].last), None, room.state)
    with pytest.raises(ValueError, match="Go back to the present to act"):
        here.current  # noqa: B018
    screen.click("present time")
    assert "at" not in screen.app.query_params and "step 4 of" in screen.text and room.seq == seq


def also_send(state: WidgetState, screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the browser also sends where a slider of before stood."""
    known = screen.app._tree.get_widget_states

    def as_sent() -> WidgetStates:
        states = known()
        if state.id not in [each.id for each in states.widgets]:
            states.widgets.append(state)
        else:
            next(each for each in states.widgets if each.id == state.id).CopyFrom(state)
        return states

    monkeypatch.setattr(screen.app._tree, "get_widget_states", as_sent)


def test_two_quick_clicks_do_two_steps_and_stay_in_the_present(enter: Enter, look: Look, monkeypatch):
    """Though the browser, at the second one, still sends where the slider stood before the first."""
    room = enter("removal-stays-private", steps=2)
    screen = look("trainer", "side_by_side")
    before = slider(screen)._widget_state
    screen.click("next step")
    also_send(before, screen, monkeypatch)
    screen.click("next step")
    assert room.steps_done == 4 and "at" not in screen.app.query_params and "step 4 of" in screen.text


@pytest.mark.parametrize("way_back", ["present time", "rewind"])
def test_a_quick_click_after_a_look_at_the_past_stays_in_the_present(
    enter: Enter, look: Look, monkeypatch: pytest.MonkeyPatch, way_back: str
):
    """Though the browser still sends the moment that it showed."""
    room = enter("removal-stays-private", steps=4)
    screen = look("trainer", "side_by_side")
    slider(screen).set_value(room.acts()[1].last)
    before = slider(screen.run())._widget_state
    assert "Nothing can be done here." in screen.text
    screen.click(way_back)
    also_send(before, screen, monkeypatch)
    screen.click("step back" if way_back == "present time" else "next step")
    assert "at" not in screen.app.query_params and "step 3 of" in screen.text


@pytest.mark.parametrize("page", ["scenarios", "overview", "timeline", "pending", "approved", "tickets", "audit"])
def test_every_page_of_the_trainer_can_show_an_earlier_moment(enter: Enter, look: Look, page: str):
    """With the banner."""
    room = enter("removal-stays-private", steps=4)
    screen = look("trainer", page, at=str(room.acts()[2].last))
    assert "Nothing can be done here" in screen.text


def test_rewinding_to_a_moment_is_for_real_and_is_undone(enter: Enter, look: Look):
    room = enter("removal-stays-private", steps=4)
    whole, line = room.events(), room.acts()[1].last
    screen = look("trainer", "side_by_side", at=str(line)).click("rewind")
    assert room.seq == line and "at" not in screen.app.query_params and "Nothing can be done" not in screen.text
    screen.click("redo")
    assert room.events().equals(whole)


def test_a_new_room_begins_at_a_moment_and_the_old_one_stays(enter: Enter, look: Look):
    room = enter("removal-stays-private", steps=4)
    seq, line = room.seq, room.acts()[1].last
    screen = look("trainer", "side_by_side", at=str(line)).click("fork")
    other = rooms().get(screen.app.query_params["room"])
    assert other is not room and (other.seq, other.steps_done) == (line, 2) and room.seq == seq
    assert "step 2 of" in screen.text and other.verify()
    screen.click("next step")
    assert other.steps_done == 3 and room.seq == seq


@pytest.mark.parametrize("line", ["0", "-1", "999999", "x", "9" * 30, ""])
def test_an_unknown_moment_is_the_present(enter: Enter, look: Look, line: str):
    room = enter("removal-stays-private", steps=2)
    screen = look("trainer", "side_by_side", at=line)
    assert "Nothing can be done" not in screen.text and "at" not in screen.app.query_params
    assert screen.click("next step").text and room.steps_done == 3


# What the support request tenant does not learn.

Sent = dict[str, list[bytes]]


def told(enter: Enter, then: Callable[[Room], object]) -> Room:
    """The story up to the approval, and then what the other tenant or the trainer does."""
    room = enter("sandbox")
    ticket = room.do(OpenTicket("Guests cannot sign in"), room.member("ben", "contoso")).ticket_id or ""
    request = room.do(RequestAccess(ticket, "fabrikam", "Logs"), room.engineer("sam")).request_id or ""
    room.do(Approve(request), room.member("adele", "fabrikam"))
    then(room)
    return room


def revoke(room: Room) -> None:
    request = room.overview().rows("all_requests")[0]["request_id"]
    room.do(Revoke(request), room.member("farah", "fabrikam"))


def revoke_and_undo(room: Room) -> None:
    revoke(room)
    room.undo()


def revoke_undo_and_redo(room: Room) -> None:
    revoke_and_undo(room)
    room.redo()


HIDDEN = [lambda room: None, revoke, revoke_and_undo, revoke_undo_and_redo]


def sent(look: Look, **link: str) -> Sent:
    """All that Contoso's people are sent on their pages, then after time has passed and after a ticket of their own."""
    found: Sent = {}
    for viewer in OUTSIDE:
        screen = look(viewer)
        for page in (*OF_TENANTS, *OVER_TIME):
            found[f"{viewer} {page}"] = screen.open(page, viewer=viewer, **link).sent()
    screen = look("ben@contoso", "tickets")
    screen.app.text_input(key="new title").input("Another one")
    found["opened"] = screen.click("open ticket").sent()
    found["waited"] = screen.click("clock +1 day").sent()
    return found


def test_messages_to_contoso_do_not_reveal_what_was_taken_back(enter: Enter, look: Look):
    """A removal, one that was undone, one that was brought back: all the same bytes on every page, and afterwards."""
    pages: list[Sent] = []
    for then in HIDDEN:
        told(enter, then)
        pages.append(sent(look))
    first, *others = pages
    assert all(len(page) > 20 for page in first.values())
    for other in others:
        assert [page for page in first if first[page] != other[page]] == []


def test_a_moment_in_a_members_link_is_answered_alike_whatever_was_done(enter: Enter, look: Look):
    """No line of the log can be asked for: which ones there are would tell how much the others did."""
    last = told(enter, lambda room: None).seq
    links = [{}, {"at": str(last - 1)}, {"at": str(last)}, {"at": str(last + 1)}]
    seen = []
    for then in (HIDDEN[0], revoke):
        told(enter, then)
        seen.append([look("ben@contoso", "pending", **link).sent() for link in links])
    assert seen[0] == seen[1]
    assert seen[0][1] == seen[0][2] == seen[0][3]


@pytest.mark.parametrize("viewer", [*OUTSIDE, "uma@tailspin", "farah@fabrikam"])
def test_a_page_refreshes_only_if_the_undone_act_was_visible_on_it(enter: Enter, viewer: str):
    """Fabrikam's page at each of revoke, undo and redo; nobody else's at any."""
    room = told(enter, lambda room: None)
    who = Member(*viewer.split("@"))

    def moves(then: Callable[[], object]) -> bool:
        here = Visit("Pending requests", ROOM, room, who, room.state)
        remember(here, False)
        then()
        return is_out_of_date(here, room, False)

    inside = viewer == "farah@fabrikam"
    assert [moves(then) for then in (lambda: revoke(room), room.undo, room.redo)] == [inside] * 3
    assert moves(room.start_over) == (viewer != "uma@tailspin")


def test_another_room_with_the_same_content_refreshes_no_page(enter: Enter):
    """A hidden removal is left behind by starting over in another room and coming back: Ben's page stays as it is."""
    room = told(enter, lambda room: None)
    pages = {name: Visit("Audit log", ROOM, room, Member(*name.split("@")), room.state) for name in OUTSIDE}
    for here in pages.values():
        remember(here, False)
    revoke(room)
    rooms().start(ROOM, "rejection")
    assert all(is_out_of_date(here, rooms().get(ROOM), False) for here in pages.values())
    rooms().bring_back_earlier(ROOM)
    assert not any(is_out_of_date(here, rooms().get(ROOM), False) for here in pages.values())


def test_each_act_has_a_mark_at_the_slider_in_the_colour_of_its_outcome(enter: Enter, look: Look):
    """Where the slider stops; those after the moment that is shown are pale, and what is done by hand is broad."""
    room = enter("removal-stays-private", steps=3)
    room.do(Revoke("r1"), Member("adele", "fabrikam"))
    screen = look("trainer", "side_by_side", at=str(room.seq - 1))
    (drawn,) = re.findall("<div role.*?</div>", screen.text)
    mark = r'title=".*? · (.*?)" .*?left: calc\((.*?)%.*?width: (\d)px.*?background: (.*?); opacity: (.*?)"'
    found = re.findall(mark, drawn)
    assert found == [
        ("Ben King (Contoso) opens a support request", "25.000", "4", OVER.mark, "1"),
        ("Sam Rivera requests access", "50.000", "4", WAITS.mark, "1"),
        ("Adele Vance (Fabrikam) approves", "75.000", "4", LIVE.mark, "1"),
        ("Adele Vance (Fabrikam) removes access", "100.000", "6", ENDED.mark, "0.35"),
    ]
    assert 'aria-label="4 acts, 1 of them by hand"' in drawn


def test_in_a_long_history_the_slider_skips_moments_in_which_only_time_passed(enter: Enter, look: Look, monkeypatch):
    """But for the latest, which is the present."""
    room = enter("sandbox")
    for number in range(3):
        room.do(OpenTicket(f"Number {number}"), room.member("ben", "contoso"))
        room.advance(timedelta(hours=1))
    screen = look("trainer", "side_by_side")
    whole = len(moments(screen))
    monkeypatch.setattr(take_back, "_MOST", 5)
    assert whole == 7
    assert len(moments(screen.run())) == 5
    assert slider(screen).value == room.seq
