"""Side by side: each party's view of a case, and each party's buttons."""

import pytest

from data.lens.lens import View
from model import PERMISSION, Approve, Revoke
from tests.dashboard.conftest import Enter, Look
from tests.dashboard.party_cards import badges, party_cards, words
from tests.dashboard.screen import Screen, read
from tests.dashboard.truth import status
from tests.story_ids import T1, T2


def reason(screen: Screen, key: str) -> str:
    """Return why a button is disabled, or ""."""
    button = screen.app.button(key=key)
    assert button.disabled == bool(button.help)
    return read(button.help)


def test_before_the_first_step_there_is_no_case(enter: Enter, look: Look):
    """The page says how to get one."""
    enter("cross-tenant-approval")
    screen = look("trainer", "side_by_side")
    assert "No case yet" in screen.text and badges(screen) == [""] * 4
    assert [card["name"] for card in party_cards(screen)] == ["Contoso", "Fabrikam", "Sam Rivera", "The full record"]
    assert "until an administrator of both tenants approves" in words(screen)[2]
    screen.click("next step")
    assert "none yet" in screen.text and "request access" in screen.keys


@pytest.mark.parametrize("steps", [3, 4])
def test_the_parties_lists_are_read_once(enter: Enter, look: Look, monkeypatch: pytest.MonkeyPatch, steps: int):
    """However many access requests a case has: one query for all parties, and one for each tenant's own column."""
    enter("removal-stays-private", steps=steps)
    screen = look("trainer", "side_by_side")
    read, names = View.rows, []
    monkeypatch.setattr(View, "rows", lambda self, name, **more: names.append(name) or read(self, name, **more))
    screen.run()
    assert names == ["first_due", "all_tickets", "case_log", "listed", "listed"]


def test_the_parties_see_the_same_until_approval_and_then_not(enter: Enter, look: Look):
    """What a step changed is marked for each party: before and after."""
    room = enter("removal-stays-private", steps=1)
    screen, told = look("trainer", "side_by_side"), {}
    for _ in range(5):
        screen.click("next step")
        told[room.steps_done] = badges(screen), "they differ" in screen.text
    asked, approved, removed = "no request > Pending", "Pending > Approved", "Approved > Revoked"
    can, cannot = "Contoso can read; Fabrikam can read", "Contoso can read; Fabrikam cannot read"
    assert told[2] == ([asked, asked, cannot, asked], False)
    assert told[3] == (["Pending > not visible", approved, f"{cannot} > can read", approved], True)
    assert told[4] == (["not visible", "Approved", can, "Approved"], True)
    assert told[6] == (["not visible", removed, f"{can} > cannot read", removed], True)
    assert "From Contoso's pages nobody can tell whether Sam Rivera can still read" in words(screen)[0]


def test_the_page_shows_the_ticket_of_each_step(enter: Enter, look: Look):
    """Also of a step that is refused, of one that only waits, and after another ticket was picked by hand."""
    room = enter("busy-week")
    screen = look("trainer", "side_by_side")
    shown = []
    for number in range(1, 18):
        screen.click("next step")
        shown.append(screen.app.selectbox(key="case").value)
        if number in (8, 12):
            screen.choose("case", shown[0])
            assert screen.app.query_params["ticket"] == shown[0]
            assert screen.run().app.selectbox(key="case").value == shown[0]
    t1, t2, t3 = map(room.progress.id_of, ("t1", "t2", "t3"))
    assert shown == [t1] * 6 + [t2] * 3 + [t1] * 2 + [t3] * 3 + [t1] + [t2] * 2
    assert "ticket" not in screen.app.query_params and room.steps_done == 17


def test_another_visitors_step_ends_the_choice_of_a_ticket(enter: Enter, look: Look):
    """The page follows the room's story, whoever tells it; so does a link to a ticket."""
    room = enter("busy-week", steps=7)
    t1, t2 = map(room.progress.id_of, ("t1", "t2"))
    screen = look("trainer", "side_by_side", ticket=t1)
    assert screen.app.selectbox(key="case").value == t1
    room.next_step()
    assert screen.run().app.selectbox(key="case").value == t2


def test_a_ticket_of_the_background_can_be_picked_before_the_story_begins(enter: Enter, look: Look):
    """Until then no case is shown, and nothing that can be closed by a slip."""
    room = enter("busy-week")
    screen = look("trainer", "side_by_side")
    assert badges(screen) == [""] * 4 and not any(key.startswith("close") for key in screen.keys)
    ticket = room.overview().rows("all_tickets")[-1]["ticket_id"]
    screen.app.query_params["ticket"] = ticket
    assert len(party_cards(screen.run())) >= 4
    assert ">" not in "".join(badges(screen)), "nothing of it has just changed"


def test_a_tenant_is_seen_as_the_actor_of_the_latest_step(enter: Enter, look: Look):
    """Until another is chosen, which holds until the next step."""
    enter("busy-week", steps=9)
    screen = look("trainer", "side_by_side").click("next step")
    assert screen.app.selectbox(key="as fabrikam").value == "farah@fabrikam"
    assert screen.app.selectbox(key="as contoso").value == "ben@contoso", "who administers Contoso only"
    screen.choose("as contoso", "rosa@contoso").run()
    assert screen.app.selectbox(key="as contoso").value == "rosa@contoso"
    assert screen.click("next step").app.selectbox(key="as contoso").value == "ben@contoso"


def test_a_presented_page_has_no_menu_and_keys_for_the_next_step(enter: Enter, look: Look):
    """It is a link; the key P leads there and back, the right arrow goes on, and what changes moves once."""
    enter("removal-stays-private", steps=2)
    screen = look("trainer", "side_by_side")
    assert screen.app.button(key="present").proto.shortcut == "p"
    assert not screen.app.button(key="next step").proto.shortcut
    screen.click("present")
    assert screen.app.query_params["present"] == "1"
    assert not screen.app.sidebar.selectbox and "Simulation" in screen.text
    assert screen.app.button(key="next step").proto.shortcut == "right"
    screen.click("next step")
    assert {card["large"] for card in party_cards(screen)} == {True}
    plays = [card["plays"] for card in party_cards(screen)]
    assert all(plays) and [card["plays"] for card in party_cards(screen.run())] == plays
    assert [card["plays"] for card in party_cards(screen.click("next step"))] != plays
    screen.click("present")
    assert "present" not in screen.app.query_params and screen.app.sidebar.selectbox
    assert {(card["large"], card["plays"]) for card in party_cards(screen)} == {(False, "")}


def test_acts_that_a_party_may_not_do_are_disabled_with_the_reason(enter: Enter, look: Look):
    """The same words that the refusal would have; another person of the tenant may be allowed to."""
    enter("removal-stays-private", steps=2)
    screen = look("trainer", "side_by_side")
    screen.choose("as fabrikam", "farah@fabrikam").choose("as contoso", "ben@contoso")
    for key in ("approve fabrikam r1", "reject fabrikam r1", "approve contoso r1", "reject contoso r1"):
        assert "administrator of both" in reason(screen, key)
    screen.choose("as fabrikam", "adele@fabrikam")
    assert not reason(screen, "approve fabrikam r1") and reason(screen, "approve contoso r1")
    assert reason(screen, "request access") and not reason(screen, "close engineer")


def test_the_acts_of_a_whole_case_by_their_buttons(enter: Enter, look: Look):
    """The engineer asks, Adele approves, Farah removes, Ben closes: each in their own column."""
    room = enter("removal-stays-private", steps=1)
    screen = look("trainer", "side_by_side").click("request access")
    request = room.overview().rows("all_requests")[0]["request_id"]
    assert screen.said == ["Sam Rivera · support engineer: Request access. Done."]
    screen.choose("as fabrikam", "adele@fabrikam").click(f"approve fabrikam {request}")
    assert screen.said == ["Adele Vance · Fabrikam: Approve. Done."] and status(room, request) == "Approved"
    screen.choose("as fabrikam", "farah@fabrikam").click(f"remove fabrikam {request}")
    assert status(room, request) == "Revoked"
    screen.choose("as contoso", "ben@contoso").click("close contoso")
    assert room.overview().rows("all_tickets")[0]["status"] == "Closed" and status(room, request) == "Revoked"
    assert "The support request is closed: all access has ended." in screen.text and "request access" not in screen.keys


def test_reject_and_the_engineers_closing_by_their_buttons(enter: Enter, look: Look):
    """The other two acts."""
    room = enter("cross-tenant-approval", steps=2)
    screen = look("trainer", "side_by_side").click("reject contoso r1")
    assert status(room) == "Rejected"
    screen.click("close engineer")
    assert room.overview().rows("all_tickets")[0]["status"] == "Closed"


def test_a_party_without_the_permission_sees_that_it_is_missing(enter: Enter, look: Look):
    """In that person's column, and no button."""
    enter("role-trap", steps=4)
    screen = look("trainer", "side_by_side").choose("as contoso", "rosa@contoso")
    assert PERMISSION in " ".join(screen.said)
    assert "approve contoso r1" not in screen.keys and "approve fabrikam r1" in screen.keys


def test_another_case_is_chosen_in_the_link(enter: Enter, look: Look):
    """So it can be sent to a class."""
    enter("both-tenants-two-keys", steps=9)
    screen = look("trainer", "side_by_side")
    for ticket in (T1, T2):
        screen.choose("case", ticket)
        assert screen.app.query_params["ticket"] == ticket
        assert screen.app.selectbox(key="case").value == ticket
    assert "Federation fails again" in screen.text


NOTED = {"justification": "required"}
AGREED, SENT, LESS = "Agreed by telephone", "The logs were sent by mail", "Ask for less"


def test_the_notes_of_a_grant_and_its_removal_are_read_by_those_who_see_them(enter: Enter, look: Look):
    """The note of the approval where the approval is seen, that of the removal in the resource tenant; the trainer
    reads both.
    """
    room = enter("removal-stays-private", steps=2, policy=NOTED)
    screen = look("trainer", "side_by_side").choose("as fabrikam", "adele@fabrikam")
    screen.app.text_area(key="note trainer fabrikam r1 Pending").set_value(AGREED)
    screen.click("approve fabrikam r1")
    assert [AGREED in column for column in words(screen)] == [False, True, False, True]
    draft = screen.app.text_area(key="note trainer fabrikam r1 Approved")
    assert draft.value == "", "what was written for the approval is not the draft for the removal"
    draft.set_value(SENT)
    screen.click("remove fabrikam r1")
    assert status(room) == "Revoked"
    for note in (AGREED, SENT):
        assert [note in column for column in words(screen)] == [False, True, False, True], note
    assert not screen.app.text_area


def test_the_note_of_a_rejection_is_read_by_both(enter: Enter, look: Look):
    """Both tenants see the decision, and the trainer does; to the engineer it is not shown."""
    room = enter("cross-tenant-approval", steps=2, policy=NOTED)
    screen = look("trainer", "side_by_side")
    screen.app.text_area(key="note trainer contoso r1 Pending").set_value(LESS)
    screen.click("reject contoso r1")
    assert status(room) == "Rejected"
    assert [LESS in column for column in words(screen)] == [True, True, False, True]


def test_the_note_of_a_removal_is_not_read_in_the_column_of_who_sees_the_removal_alone(enter: Enter, look: Look):
    """Under a policy that shows removals to both tenants."""
    both = ["support request tenant", "resource tenant"]
    room = enter("removal-stays-private", steps=2, policy=NOTED | {"visibility": {"Revoked": both}})
    for decision in (Approve("r1", AGREED), Revoke("r1", SENT)):
        room.do(decision, room.member("adele", "fabrikam"))
    screen = look("trainer", "side_by_side")
    found = words(screen)
    assert ["Revoked" in shown for shown in badges(screen)] == [True, True, False, True]
    assert [AGREED in column for column in found] == [True, True, False, True]
    assert [SENT in column for column in found] == [False, True, False, True]


def test_a_decision_without_its_note_is_refused(enter: Enter, look: Look):
    """The button can be pressed, and what is missing is said; under a policy that asks for none there is no field."""
    room = enter("cross-tenant-approval", steps=2, policy=NOTED)
    screen = look("trainer", "side_by_side").click("approve contoso r1")
    assert screen.said == ["Refused: A justification is required: say why."]
    assert status(room) == "Pending"
    enter("cross-tenant-approval", steps=2)
    assert not look("trainer", "side_by_side").app.text_area
