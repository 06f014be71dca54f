"""Who acts next on a case, how and when: a pure function of the case and the time."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

import pytest

from data.autopilot.chance import Chance
from data.autopilot.next_acts import Habits, PlannedAct, next_acts, openings
from data.autopilot.people import People
from data.generated.problems import AT_HOME, ELSEWHERE
from model import (
    Approve,
    Case,
    CloseTicket,
    Engineer,
    Member,
    OpenTicket,
    Policy,
    Reject,
    Request,
    RequestAccess,
    Revoke,
    Status,
)
from model.simulation import Behaviour, Delay, WorkingHours
from tests.model.world import DIRECTORY

NOON = datetime(2026, 3, 2, 12)  # a Monday
HOUR = timedelta(hours=1)
PEOPLE = Behaviour(
    ask=Delay(1, 1), decide=Delay(2, 2), remove=Delay(5, 5), ask_again=Delay(3, 3), work=Delay(10, 10),
    share_rejected=0, share_removed=1, share_asked_again=1, slower_without_access=2,
)  # fmt: skip
CASE = Case("t1", "contoso", ELSEWHERE[0][0], "B", True, "sam", NOON, Member("ben", "contoso"))


def habits(behaviour: Behaviour = PEOPLE, *, policy: Policy | None = None, since: datetime = NOON, **who) -> Habits:
    chosen = {"tenants": list(DIRECTORY.tenants), "engineers": True} | who
    return Habits(People(DIRECTORY, DIRECTORY, policy or Policy(), **chosen), behaviour, Chance(1), since)


def asked(status: Status = Status.PENDING, after: timedelta = HOUR, **more) -> Case:
    decided = {} if status in (Status.PENDING, Status.EXPIRED) else {"decided_at": NOON + 3 * HOUR}
    made = Request("r1", "fabrikam", "Logs", status, NOON + after, **{"changed_at": NOON + 3 * HOUR} | decided | more)
    return replace(CASE, requests=(made,))


def planned(acts: list[PlannedAct], kind: type) -> PlannedAct | None:
    return next((act for act in acts if isinstance(act.command, kind)), None)


def test_the_engineer_asks_for_another_tenants_data_and_closes_when_the_work_is_done():
    acts = next_acts(habits(), CASE)
    ask, close = planned(acts, RequestAccess), planned(acts, CloseTicket)
    assert ask.actor == Engineer("sam")
    assert ask.at == NOON + HOUR + timedelta(seconds=1)
    assert ask.command.resource_tenant != "contoso"
    assert ask.command.reason == ELSEWHERE[0][2]
    assert close.at == ask.at + 2 * (10 * HOUR + timedelta(seconds=1))  # without access the work takes twice as long


def test_nothing_is_requested_if_the_problem_lies_in_the_tickets_own_tenant():
    acts = next_acts(habits(), replace(CASE, title=AT_HOME[0][0]))
    assert [type(act.command) for act in acts] == [CloseTicket]


def test_an_administrator_of_both_tenants_decides_after_hours_of_work():
    (decides, _) = next_acts(habits(), asked())
    assert isinstance(decides.command, Approve)
    assert decides.actor.person == "adele"
    assert decides.at == NOON + 3 * HOUR + timedelta(seconds=1)
    (decides, _) = next_acts(habits(replace(PEOPLE, approvers_work=WorkingHours(last_hour=14))), asked())
    assert decides.at == NOON.replace(day=3, hour=9) + timedelta(seconds=1)  # one hour is left of Monday
    (decides, _) = next_acts(habits(replace(PEOPLE, share_rejected=1)), asked())
    assert isinstance(decides.command, Reject)


def test_requests_from_before_the_start_are_taken_up_from_then_on():
    later = NOON + timedelta(days=3)
    (decides, _) = next_acts(habits(since=later), asked())
    assert decides.at == later + 2 * HOUR + timedelta(seconds=1)


def test_only_simulated_people_act():
    assert planned(next_acts(habits(tenants=["tailspin"]), asked()), Approve) is None
    assert planned(next_acts(habits(tenants=["fabrikam"]), asked()), Approve).actor == Member("adele", "fabrikam")
    assert planned(next_acts(habits(tenants=["fabrikam"], engineers=False), CASE), RequestAccess) is None
    assert planned(next_acts(habits(played=["adele"]), asked()), Approve) is None  # nobody else is in both tenants
    with pytest.raises(ValueError, match="nobody is simulated"):
        habits(tenants=[], engineers=False)
    with pytest.raises(ValueError, match="unknown tenant 'nowhere'"):
        habits(tenants=["nowhere"])


def test_two_people_decide_if_each_tenant_has_to_approve():
    acts = next_acts(habits(policy=Policy(approval="each")), asked())
    approvers = [act.actor for act in acts if isinstance(act.command, Approve)]
    assert [one.tenant for one in approvers] == ["contoso", "fabrikam"]
    assert len({one.person for one in approvers}) == 2


def test_access_is_removed_by_an_administrator_of_the_resource_tenant():
    removes = planned(next_acts(habits(), asked(Status.APPROVED)), Revoke)
    assert removes.actor.tenant == "fabrikam"
    assert removes.at == NOON + 8 * HOUR + timedelta(seconds=1)
    assert planned(next_acts(habits(replace(PEOPLE, share_removed=0)), asked(Status.APPROVED)), Revoke) is None


@pytest.mark.parametrize("ended", [Status.REVOKED, Status.COMPLETED])
def test_acts_after_a_removal_are_the_same_as_without_it(ended):
    """Otherwise the time of the closing would reveal the removal to the support request tenant."""
    live = planned(next_acts(habits(), asked(Status.APPROVED)), CloseTicket)
    assert next_acts(habits(), asked(ended, changed_at=NOON + 6 * HOUR)) == [live]


def test_the_engineer_asks_once_more_after_a_rejection_and_never_a_third_time():
    again = planned(next_acts(habits(), asked(Status.REJECTED)), RequestAccess)
    assert again.at == NOON + 6 * HOUR + timedelta(seconds=1)
    (first,) = asked(Status.REJECTED).requests
    twice = replace(CASE, requests=(first, replace(first, id="r2")))
    assert planned(next_acts(habits(), twice), RequestAccess) is None
    assert planned(next_acts(habits(), asked(Status.REVOKED)), RequestAccess) is None
    may = habits(policy=Policy(ask_again_after_grant=True))
    assert planned(next_acts(may, asked(Status.REVOKED)), RequestAccess)


def test_nobody_acts_on_a_closed_ticket():
    assert next_acts(habits(), replace(asked(Status.COMPLETED), closed_at=NOON)) == []


def test_as_many_support_requests_are_opened_as_the_behaviour_says_and_most_in_working_hours():
    opened = list(islice(openings(habits(replace(PEOPLE, tickets_per_day=20))), 140 * 4))
    assert [act.at for act in opened] == sorted(act.at for act in opened)
    assert (opened[-1].at - NOON) / timedelta(weeks=4) == pytest.approx(1, abs=0.15)
    assert sum(7 <= act.at.hour < 18 for act in opened) > 0.7 * len(opened)
    elsewhere = {title for title, _, _ in ELSEWHERE}
    assert sum(act.command.title in elsewhere for act in opened) / len(opened) == pytest.approx(0.35, abs=0.07)
    assert {act.actor.tenant for act in opened} == set(DIRECTORY.tenants)


def test_only_simulated_tenants_open_support_requests():
    opened = islice(openings(habits(tenants=["fabrikam"])), 20)
    assert {act.actor.tenant for act in opened} == {"fabrikam"}
    assert all(isinstance(act.command, OpenTicket) for act in opened)
    assert next(openings(habits(tenants=[])), None) is None
