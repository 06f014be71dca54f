"""The autopilot in a room: the rules decide, everything is in the log, and the same seed gives the same acts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from data import Autopilot, Room, autopilot
from data.autopilot.autopilot import TakenBack
from model import Approve, Code, OpenTicket, Refused, RequestAccess, Revoke
from model.simulation import Behaviour, Delay

BUSY = Behaviour(tickets_per_day=30, share_elsewhere=1, ask=Delay(1, 2), decide=Delay(1, 2), remove=Delay(2, 4),
                 work=Delay(4, 8), share_removed=0.5)  # fmt: skip


@pytest.fixture
def room() -> Room:
    return Room.create(scenario="sandbox")


def test_the_acts_of_simulated_people_are_in_the_log_like_all_others(room):
    before = room.seq
    done = autopilot(room, 1, BUSY)
    lines = room.events().iloc[before:]
    acts = lines[lines["person"].notna() | lines["engineer"].notna()]
    assert len(acts) == done > 15
    assert {"open", "request", "approve", "reject", "revoke", "close"} <= set(acts["action"])
    assert room.now == room.story.starts + timedelta(days=1)
    assert room.verify()


def test_the_same_seed_in_the_same_room_gives_the_same_acts(room):
    other, third = Room.create(scenario="sandbox"), Room.create(scenario="sandbox")
    for each, seed in ((room, 5), (other, 5), (third, 6)):
        autopilot(each, 0.25, BUSY, seed=seed)
    assert room.events().equals(other.events())
    assert not room.events().equals(third.events())


def test_after_a_rewind_the_same_happens_again(room):
    start = room.seq
    autopilot(room, 0.25, BUSY)
    first = room.events()
    room.rewind(start)
    autopilot(room, 0.25, BUSY)
    assert room.events().equals(first)


def test_an_act_that_the_rules_refuse_is_dropped_and_the_others_go_on(room, monkeypatch):
    pilot, do, refused = Autopilot(room, BUSY), room.do, []

    def no_approvals(command, actor):
        if isinstance(command, Approve):
            refused.append(command.request_id)
            raise Refused(Code.WRONG_STATUS, "Somebody was faster.")
        return do(command, actor)

    monkeypatch.setattr(room, "do", no_approvals)
    for _ in range(12):
        pilot.move(timedelta(hours=1))
        pilot.act()
    assert len(refused) == len(set(refused)) > 2
    assert "reject" in set(room.events()["action"])


def test_it_reacts_to_the_acts_of_participants(room):
    """A support request that a participant opens is worked on like the others."""
    pilot = Autopilot(room, BUSY, tenants=["fabrikam"])
    mine = room.do(OpenTicket("Guests cannot sign in", engineer="sam"), room.member("ben", "contoso")).ticket_id
    for _ in range(6):
        pilot.move(timedelta(hours=1))
        pilot.act()
    assert mine in set(room.overview().requests()["ticket_id"])
    assert all(room.events()["signed_in_to"].dropna().isin(["contoso", "fabrikam"]))


def test_a_support_request_of_its_own_is_no_step_of_the_story_and_the_storys_own_are_acted_on():
    room = Room.create(scenario="cross-tenant-approval")
    autopilot(room, 0.2, BUSY)
    assert room.steps_done == 0
    room = Room.create(scenario="cross-tenant-approval")
    room.next_step()
    autopilot(room, 0.25, BUSY, seed=3)
    assert room.steps_done >= 2


def test_no_more_acts_are_done_at_once_than_is_allowed_and_removals_are_not_counted(room):
    pilot = Autopilot(room, BUSY)
    pilot.move(timedelta(days=2))
    first = pilot.act(3)
    assert len([act for act in first if not isinstance(act.command, Revoke)]) == 3
    assert pilot.act()  # the rest


def with_a_grant() -> tuple[Room, str, str]:
    """Return a room in which Contoso's ticket has access to Fabrikam's data, and both ids."""
    room = Room.create(scenario="sandbox")
    ticket = room.do(OpenTicket("Guests cannot sign in", engineer="sam"), room.member("ben", "contoso")).ticket_id
    request = room.do(RequestAccess(ticket, "fabrikam"), room.engineer("sam")).request_id
    assert ticket and request
    room.do(Approve(request), room.member("adele", "fabrikam"))
    return room, ticket, request


def seen_by_contoso(room: Room) -> list[object]:
    lenses = [room.as_seen_by(room.member(who, "contoso")) for who in ("ben", "adele", "rosa")]
    return [lens.rows(name) for lens in lenses for name in ("clock", "listed", "tickets", "audit_log")]


def actions(room: Room, ticket: str) -> list[str]:
    return list(room.events().loc[lambda log: log["ticket_id"] == ticket, "action"])


def test_contoso_sees_the_same_whether_its_access_was_removed_by_hand_or_not():
    seen = []
    for removed in (False, True):
        room, ticket, request = with_a_grant()
        if removed:
            room.do(Revoke(request), room.member("farah", "fabrikam"))
        autopilot(room, 0.5, replace(BUSY, tickets_per_day=12, work=Delay(1, 2)))
        assert "close" in actions(room, ticket)
        seen.append(seen_by_contoso(room))
    assert seen[0] == seen[1]


def test_contoso_sees_the_same_whether_simulated_people_remove_access_or_not():
    seen = []
    for share in (0, 1):
        room, ticket, _ = with_a_grant()
        quick = replace(BUSY, tickets_per_day=12, work=Delay(7, 8), remove=Delay(1, 2), share_removed=share)
        autopilot(room, 0.6, replace(quick, share_elsewhere=0))
        assert ("revoke" in actions(room, ticket)) == bool(share)
        assert "close" in actions(room, ticket)
        seen.append(seen_by_contoso(room))
    assert seen[0] == seen[1]


def test_its_plan_is_discarded_after_an_undo(room):
    pilot = Autopilot(room, BUSY)
    pilot.move(timedelta(hours=1))
    room.undo()
    with pytest.raises(TakenBack):
        pilot.move(timedelta(hours=1))
    with pytest.raises(TakenBack):
        pilot.act()


@pytest.mark.parametrize(("given", "told"), [({"days": -1}, "0 to 3,650 days"), ({"tenants": ["mars"]}, "'mars'")])
def test_nonsensical_arguments_are_refused_with_a_reason(room, given, told):
    with pytest.raises(ValueError, match=told):
        autopilot(room, **given)
