"""The trainer sees who is in the room; nobody else does, and nobody's page depends on it."""

import pytest

from dashboard.background import entrance, presence
from data.room_folder.invitations import Invitation, Key, Role
from tests.dashboard.conftest import ROOM, Enter, Look
from tests.dashboard.screen import Screen
from tests.dashboard.test_invitations import invited, told

HELD = Invitation("one", Role.PARTICIPANT, "hash", "ben", "contoso")


@pytest.fixture(autouse=True)
def nobody_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is here when a test begins."""
    monkeypatch.setattr(presence, "_rooms", type(presence._rooms)())


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, which stands still."""
    now = [1_000_000.0]
    monkeypatch.setattr(presence, "_now", lambda: now[0])
    return now


def listed(screen: Screen) -> list[list[str]]:
    """The rows of the list of those who are here."""
    (table,) = (frame.value for frame in screen.app.dataframe)
    return [list(map(str, row)) for row in table.to_numpy()]


def names() -> list[str]:
    return [seat.name for seat in presence.seats(ROOM, [HELD])]


def test_present_people_come_first_and_a_named_person_is_listed_once(clock: list[float]):
    for tab, name in (("a", "Mia"), ("b", "Jo"), ("c", "Mia"), ("d", ""), ("e", "")):
        presence.seen(ROOM, tab, HELD, name)
        clock[0] += 1
    assert names() == ["", "", "Jo", "Mia"]
    clock[0] += presence.HERE_NOW
    presence.seen(ROOM, "a", HELD, "Mia")
    assert names() == ["Mia", "", "", "Jo"]
    assert [seat.name for seat in presence.seats(ROOM, [HELD], but="b")] == ["Mia", "", ""]


def test_people_who_left_stay_listed_and_nameless_ones_are_soon_forgotten(clock: list[float]):
    presence.seen(ROOM, "a", HELD, "Mia")
    presence.seen(ROOM, "b", HELD, "")
    clock[0] += presence.HERE_NOW
    assert not any(seat.is_here(clock[0]) for seat in presence.seats(ROOM, [HELD]))
    clock[0] += 60
    assert names() == ["Mia"]
    clock[0] += 86_400
    assert names() == []


def test_the_list_is_limited_and_ends_with_the_link(clock: list[float]):
    for number in range(1_000):
        presence.seen(ROOM, str(number), HELD, f"Person {number}")
        presence.seen(f"room {number}", "a", HELD, "Mia")
    assert len(presence._rooms) <= 200
    presence.seen(ROOM, "a", HELD, "Mia")
    for number in range(1_000):
        presence.seen(ROOM, str(number), HELD, f"Person {number}")
    assert len(names()) == 200
    assert presence.seats(ROOM, []) == [] and names() == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [("  Mia \n Berg", "Mia Berg"), ("Mia\u202e", ""), ("x" * 10_000, "x" * 40), ("\0", ""), ("", "")],
)
def test_a_name_is_short_on_one_line_and_visible(given: str, kept: str):
    assert presence.name_of(given) == kept


def test_the_trainer_sees_names_roles_and_when_they_were_last_seen(enter: Enter, look: Look):
    """And is not in the list; a name is shown as written."""
    told(enter)
    keys = invited()
    trainer = look("trainer", "invite", key=keys[Role.TRAINER])
    assert "Nobody else is here yet" in trainer.text
    ben = look("", "tickets", key=keys[Role.PARTICIPANT])
    ben.app.text_input(key="name").input("**Mia** <b>")
    ben.run().open("audit")
    assert ben.app.query_params["name"] == "**Mia** <b>"
    look("", "desk", key=keys[Role.ENGINEER])
    trainer.run()
    assert listed(trainer) == [
        ["–", "Engineer", "Sam Rivera", "here now"],
        ["**Mia** <b>", "Participant", "Ben King · Contoso", "here now"],
    ]
    held = entrance.invitation(ROOM, Key(keys[Role.PARTICIPANT]))
    trainer.click(f"end {held.id}").click(f"end {held.id} yes")
    assert [row[1] for row in listed(trainer)] == ["Engineer"]


@pytest.mark.parametrize("role", [Role.PARTICIPANT, Role.ENGINEER, Role.OBSERVER])
def test_others_messages_do_not_depend_on_who_is_here(enter: Enter, look: Look, role: Role):
    """Byte for byte; no list, no number, no name but their own."""
    told(enter)
    keys = invited()
    pages = ("desk",) if role is Role.ENGINEER else ("pending", "approved", "tickets", "audit", "overview")
    screen = look("", pages[0], key=keys[role])
    alone = [screen.open(page).sent() for page in pages]
    for number in range(20):
        presence.seen(ROOM, f"tab {number}", entrance.invitation(ROOM, Key(keys[Role.PARTICIPANT])), f"Mia {number}")
    assert [screen.open(page).sent() for page in pages] == alone
    assert "Mia" not in screen.text and "Who is here" not in screen.text


def test_in_a_room_without_invitations_nobody_is_listed(enter: Enter, look: Look):
    told(enter)
    screen = look("ben@contoso", "pending", name="Mia")
    assert not presence._rooms and "name" not in screen.app.query_params
    assert not [box for box in screen.app.text_input if box.key == "name"]


def test_an_open_page_keeps_reporting_its_presence(enter: Enter, look: Look, clock: list[float]):
    told(enter)
    key = invited()[Role.PARTICIPANT]
    screen = look("", "pending", key=key, name="Mia")
    clock[0] += 3_600
    screen.app.session_state["open page"].shown.may_be_out_of_date()
    (seat,) = presence.seats(ROOM, entrance.all_of(ROOM))
    assert seat.is_here(clock[0]) and seat.name == "Mia"
