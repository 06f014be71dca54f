"""The sentences of Side by side about a party are true: what was done, and what the party cannot know."""

from datetime import timedelta

from dashboard.parts.case.followed_ticket import ticket_of_step
from dashboard.text.party_sentences import of_a_request, of_the_record, of_what_is_hidden
from data import Room, scenarios
from model import CloseTicket, Side
from tests.story_ids import T1

NAMES = {"here": "Contoso", "engineer": "Sam", "resource": "Fabrikam"}


def hidden(room: Room) -> str:
    record = room.overview().case_record(T1)
    return " ".join(of_what_is_hidden(record, "r1", Side.SUPPORT, room.policy, **NAMES))


def test_the_support_request_tenant_cannot_tell_whether_access_was_removed():
    """The sentence is the same after a removal; when the ticket is closed it says that access has ended."""
    told = []
    for steps in (4, 6):  # approved, and then removed; no time passes in between but what is said of it
        with Room.create(scenario="removal-stays-private") as room:
            for _ in range(steps):
                room.next_step()
            if steps == 4:
                room.advance(timedelta(hours=3))
            told.append(hidden(room))
            room.do(CloseTicket(T1), room.engineer("sam"))
            assert "access has ended. From Contoso's pages nobody can tell whether it was removed" in hidden(room)
    assert (
        told[0]
        == told[1]
        == (
            "Nothing has changed here since the approval, 3 hours ago. "
            "From Contoso's pages nobody can tell whether Sam can still read Fabrikam's data."
        )
    )


def test_no_privacy_is_claimed_under_a_policy_that_reveals_a_removal():
    """Either the removal is visible, or a second request reveals it."""
    shows = {"visibility": {"Revoked": ["support request tenant", "resource tenant"]}}
    for policy in (shows, {"ask_again_after_grant": True}):
        with Room.create(scenario="cross-tenant-approval", policy=policy) as room:
            for _ in range(3):
                room.next_step()
            assert "tell" not in hidden(room)


def test_list_entries_and_the_record_have_actors_acts_and_times():
    """Entries say how long they stay; the record counts the reads."""
    with Room.create(scenario="removal-stays-private") as room:
        for _ in range(6):
            room.next_step()
        (row,) = room.as_seen_by(room.member("farah", "fabrikam")).rows("listed")
        assert of_a_request(row, room.now) == [
            "Access was removed by Farah Osei, just now.",
            "Stays in Approved access for 30 days.",
        ]
        assert of_the_record(room.overview().case_record(T1), ["r1"]) == [
            "Requested by Sam Rivera, Mon 02 Mar, 09:00",
            "Approved by Adele Vance, Mon 02 Mar, 10:00",
            "Removed by Farah Osei, Mon 02 Mar, 13:00",
        ]


def test_a_step_concerns_the_ticket_of_its_act_or_of_the_previous_one():
    """Its act may name only a request, or it may only wait."""
    steps = scenarios()["busy-week"].steps
    found = [ticket_of_step(steps[:number]) for number in range(18)]
    assert found == [None] + ["t1"] * 6 + ["t2"] * 3 + ["t1"] * 2 + ["t3"] * 3 + ["t1"] + ["t2"] * 2
