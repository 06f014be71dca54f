"""The autopilot of a room, second by second; the test takes the role of its thread and clock."""

from collections import OrderedDict
from collections.abc import Callable

import pytest

from dashboard.background import autopilots, entrance, presence
from dashboard.background.autopilots import TooMany
from dashboard.background.entrance import NotInvited
from dashboard.background.flight import ALONE, MOST_ACTS, SPEEDS, Flight, Orders, counts, seconds_at_once
from dashboard.background.rooms import rooms
from data.room_folder.invitations import Key, Role
from model import OpenTicket, Revoke, Status
from tests.dashboard.conftest import ROOM, Enter, Look

BUSY = Orders("1 hour", tickets_per_day=100)
Start = Callable[..., Flight]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds since the epoch."""
    now = [1000.0]
    monkeypatch.setattr(presence, "_now", lambda: now[0])
    monkeypatch.setattr(presence, "_looked", OrderedDict())
    return now


@pytest.fixture
def start(clock: list[float], flights: None) -> Start:
    return lambda orders=BUSY, key=None: autopilots.start(ROOM, key or Key(), orders)


def test_the_clock_moves_and_people_act_second_by_second(enter: Enter, start: Start):
    room = enter("sandbox")
    flight, began = start(), room.now
    for _ in range(3):
        flight.second()
    assert room.now - began == 3 * SPEEDS["1 hour"]
    assert flight.acts == len([act for act in room.acts() if act.action != "clock"]) > 3
    assert autopilots.of(ROOM) is flight and flight.flies


def test_the_clock_moves_by_the_same_whatever_is_done(enter: Enter, start: Start):
    room = enter("sandbox")
    start(Orders("1 day", tickets_per_day=0.1)).second()
    quiet = room.events().query("action == 'clock'")["occurred_at"][1:]
    room = enter("sandbox")
    start(Orders("1 day", tickets_per_day=9)).second()
    busy = room.events().query("action == 'clock'")["occurred_at"][1:]
    assert list(busy) == list(quiet)
    assert len(busy) == 8


def test_it_waits_while_the_room_is_paused_for_everyone(enter: Enter, start: Start):
    room = enter("sandbox")
    token = entrance.invite(ROOM, Key(), Role.TRAINER)
    flight, began = start(key=Key(token)), room.now
    entrance.pause(ROOM, Key(token), True)
    flight.second()
    assert room.now == began and flight.flies
    entrance.pause(ROOM, Key(token), False)
    flight.second()
    assert room.now > began


def test_in_a_large_class_pages_are_updated_less_often(enter: Enter, start: Start, clock: list[float], monkeypatch):
    """Each update covers more of the room's time, so the speed is the same."""
    room = enter("sandbox")
    flight, began, waits = start(Orders(tickets_per_day=1)), room.now, []
    for tab in range(29):  # and that of the trainer
        presence.look(ROOM, f"tab {tab}")

    def wait(seconds: float) -> bool:
        waits.append(room.now - began)
        return len(waits) > 2

    monkeypatch.setattr(flight.wake, "wait", wait)
    flight.run()
    assert waits == [hours * SPEEDS["1 hour"] for hours in (0, 4, 8)]
    assert [seconds_at_once(tabs) for tabs in (1, 9, 10, 1000)] == [1, 1, 2, 5]


@pytest.mark.slow
def test_one_case_is_followed_from_its_request_until_a_little_after_its_end(
    enter: Enter, start: Start, clock: list[float]
):
    room = enter("rejection")
    flight = start(Orders("1 day", tickets_per_day=3))
    assert flight.to_show() is None
    seen = []
    for _ in range(14):
        flight.second()
        clock[0] += 1
        if ticket := flight.to_show():
            seen.append(ticket)
    first, shown = seen[0], seen
    assert shown.count(first) > 4
    assert first not in shown[shown.count(first) :]
    assert len(set(shown)) > 1
    cases = flight.pilot.cases
    assert all(cases[ticket].requests for ticket in shown)
    assert cases[first].closed_at or cases[first].requests[-1].status is Status.REJECTED
    autopilots.pause(ROOM, Key())
    assert flight.to_show() == shown[-1]
    room.next_step()
    assert flight.to_show() is None  # the story goes on


def test_only_a_trainer_starts_and_pauses_it(enter: Enter, start: Start):
    room = enter("sandbox")
    token = entrance.invite(ROOM, Key(), Role.TRAINER)
    adele = entrance.invite(ROOM, Key(token), Role.PARTICIPANT, room.member("adele", "contoso"))
    with pytest.raises(NotInvited):
        start(key=Key(adele))
    flight = start(key=Key(token))
    with pytest.raises(NotInvited):
        autopilots.pause(ROOM, Key(adele))
    assert flight.flies
    autopilots.pause(ROOM, Key(token))
    assert not flight.flies


def test_it_resumes_with_the_same_people_after_a_pause_even_at_another_speed(enter: Enter, start: Start):
    enter("sandbox")
    first = start()
    autopilots.pause(ROOM, Key())
    second = start(BUSY.at("1 minute"))
    assert second.pilot is first.pilot and second.flies and not first.flies
    third = start(Orders(engineers=False))
    assert third.pilot is not first.pilot


def test_it_ends_when_nobody_has_had_the_room_open_for_a_minute(enter: Enter, start: Start, clock: list[float]):
    room = enter("sandbox")
    flight = start()
    clock[0] += ALONE
    flight.second()
    assert flight.flies
    clock[0] += 1
    before = room.now
    flight.second()
    assert (flight.ended, room.now) == ("nobody had the room open", before)


def test_it_ends_after_an_undo(enter: Enter, start: Start):
    room = enter("sandbox")
    flight = start()
    flight.second()
    room.undo()
    line = room.seq
    flight.second()
    assert flight.ended == "something in the room was taken back"
    assert room.seq == line
    assert start().pilot is not flight.pilot  # its plan no longer fits


@pytest.mark.parametrize("change", ["replaced", "deleted"])
def test_it_ends_when_the_room_is_gone(enter: Enter, start: Start, change: str, monkeypatch: pytest.MonkeyPatch):
    enter("sandbox")
    flight = start()
    monkeypatch.setattr(flight.wake, "wait", lambda _: flight.wake.is_set())  # no time passes
    if change == "replaced":
        rooms().start(ROOM, "rejection")
    else:
        entrance.delete(ROOM, Key())
    flight.run()
    told = {"replaced": "another room took the place of this one", "deleted": "the room is not there any more"}
    assert flight.ended == told[change]
    if change == "replaced":
        assert rooms().get(ROOM).acts() == []


def test_it_ends_with_an_explanation_at_the_end_of_the_clock(enter: Enter, start: Start, monkeypatch):
    enter("sandbox")
    flight = start()
    monkeypatch.setitem(SPEEDS, "1 hour", SPEEDS["1 day"] * 365 * 90)
    flight.second()
    assert "the clock" in flight.ended


def test_acts_per_second_are_limited_and_the_trainer_sees_so(enter: Enter, start: Start):
    room = enter("sandbox")
    flight = start(Orders("1 day", tickets_per_day=1000))
    flight.second()
    done = room.events().query("person.notna() or engineer.notna()")
    assert len(done) == MOST_ACTS
    assert flight.is_slow
    assert room.now - room.story.starts < SPEEDS["1 day"]


def test_removals_do_not_count_toward_the_limit(enter: Enter):
    assert not counts(Revoke("r1"))
    assert counts(OpenTicket("A problem"))


def test_the_number_of_autopilots_is_limited(enter: Enter, start: Start, monkeypatch):
    enter("sandbox")
    start()
    monkeypatch.setattr(autopilots, "MOST_FLYING", 1)
    start()  # of the same room: it replaces the other
    with pytest.raises(TooMany, match="runs 1 autopilots already"):
        autopilots.start(rooms().new_id(), Key(), BUSY)


def test_all_end_with_the_server(enter: Enter, start: Start):
    enter("sandbox")
    flight = start()
    autopilots.end_all()
    assert not flight.flies and flight.wake.is_set()


# On the page.


def test_the_trainer_starts_watches_and_pauses_it(enter: Enter, look: Look, flights: None):
    room = enter("sandbox")
    screen = look("trainer", "desk")
    screen.app.selectbox(key="autopilot speed").select("6 hours")
    screen.app.number_input(key="autopilot tickets").set_value(40.0)
    screen.click("autopilot start")
    flight = autopilots.of(ROOM)
    assert (flight.orders.speed, flight.orders.tickets_per_day, flight.orders.tenants) == ("6 hours", 40.0, None)
    flight.second()
    screen.run()
    assert f"{flight.acts} things done" in screen.text
    assert "The autopilot moves it." in screen.text
    screen.app.selectbox(key="autopilot speed").select("1 minute")
    screen.run()
    assert autopilots.of(ROOM).orders.speed == "1 minute"
    assert autopilots.of(ROOM).pilot is flight.pilot
    screen.click("autopilot pause")
    assert not autopilots.of(ROOM).flies
    assert "It moves only when you move it." in screen.text
    assert room.verify()


def test_all_its_acts_are_undone_by_one_click(enter: Enter, look: Look, flights: None):
    room = enter("sandbox")
    whole = room.events()
    screen = look("trainer", "side_by_side").click("autopilot start")
    autopilots.of(ROOM).second()
    screen.run().click("autopilot pause").click("autopilot back")
    assert "by hand or by the autopilot since" in screen.text
    screen.click("take back yes")
    assert room.events().equals(whole)
    assert "autopilot back" not in screen.keys


def test_on_a_presented_page_it_can_be_started_before_the_story_and_paused_at_any_time(
    enter: Enter, look: Look, flights: None
):
    room = enter("rejection")
    screen = look("trainer", "side_by_side", present="1")
    assert "step back" not in screen.keys  # nothing to undo
    screen.click("autopilot start")
    assert autopilots.of(ROOM).flies
    screen.click("next step")
    assert room.steps_done == 1
    screen.click("autopilot pause")
    assert not autopilots.of(ROOM).flies
    assert "autopilot start" not in screen.keys and "step back" in screen.keys


def test_people_played_by_the_class_are_not_simulated_unless_the_trainer_chooses_so(
    enter: Enter, look: Look, flights: None
):
    room = enter("sandbox")
    token = entrance.invite(ROOM, Key(), Role.TRAINER)
    for role, who in ((Role.PARTICIPANT, room.member("farah", "fabrikam")), (Role.ENGINEER, room.engineer("sam"))):
        entrance.invite(ROOM, Key(token), role, who)
    entrance.invite(ROOM, Key(token), Role.OBSERVER, room.member("adele", "contoso"))
    look("trainer", "desk", key=token).click("autopilot start")
    orders = autopilots.of(ROOM).orders
    assert orders.tenants == set(room.directory.tenants) - {"fabrikam"}
    assert not orders.engineers
    assert orders.played == {"farah"}


def test_participants_are_offered_no_autopilot(enter: Enter, look: Look, flights: None):
    room = enter("sandbox")
    token = entrance.invite(ROOM, Key(), Role.TRAINER)
    adele = entrance.invite(ROOM, Key(token), Role.PARTICIPANT, room.member("adele", "contoso"))
    autopilots.start(ROOM, Key(token), BUSY).second()
    screen = look("adele@contoso", "pending", key=adele)
    assert "utopilot" not in screen.text
    assert not [button for button in screen.app.button if "autopilot" in (button.key or "")]


def test_with_nobody_chosen_nothing_starts_and_the_page_says_so(enter: Enter, look: Look, flights: None):
    enter("sandbox")
    screen = look("trainer", "desk")
    screen.app.get("button_group")
    screen.app.session_state["autopilot who"] = []
    screen.click("autopilot start")
    assert "choose who is simulated" in screen.text
    assert autopilots.of(ROOM) is None


def test_only_the_trainer_sees_why_it_stopped(enter: Enter, look: Look, flights: None):
    room = enter("sandbox")
    autopilots.start(ROOM, Key(), BUSY).second()
    room.undo()
    autopilots.of(ROOM).second()
    assert "The autopilot has stopped: something in the room was taken back." in look("trainer", "desk").text
    assert "has stopped" not in look("ben@contoso", "pending").text
