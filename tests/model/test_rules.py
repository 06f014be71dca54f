"""`carry_out` folds the events of `decide` with `evolve`, or changes nothing."""

from datetime import timedelta
from functools import reduce

import pytest

from model import (
    Action,
    Approve,
    CloseTicket,
    Code,
    Event,
    Policy,
    ReadDiagnostics,
    Refused,
    Status,
    carry_out,
    decide,
    evolve,
)
from model.visibility import statuses_found
from tests.model.world import ADELE, ASK, CARLA, DIRECTORY, FELIX, SAM, START, TICKET, World

CONTEXT = {"directory": DIRECTORY, "policy": Policy(), "at": START}


def pending() -> World:
    """Return a world with one ticket and its pending request."""
    here = World()
    here.do(TICKET, CARLA)
    here.do(ASK, SAM)
    return here


@pytest.mark.parametrize(("command", "actor"), [(Approve("r1"), ADELE), (CloseTicket("t1"), CARLA)])
def test_a_command_is_decided_and_folded(command, actor):
    """All events of a command count, as of a closing that cancels a request."""
    case = pending().cases["t1"]
    events, after = carry_out(case, command, actor=actor, **CONTEXT)
    assert events == decide(case, command, actor=actor, **CONTEXT)
    assert after == reduce(evolve, events, case) != case


def test_the_first_command_of_a_case_makes_it():
    """An opening creates the case."""
    events, case = carry_out(None, TICKET, actor=CARLA, new_id="t1", **CONTEXT)
    assert len(events) == 1 and case is not None and case.ticket_id == "t1"


def test_a_read_is_recorded_with_its_reader_category_and_tenant():
    """The case does not change."""
    case = pending().cases["t1"]
    events, after = carry_out(case, ReadDiagnostics("t1", "contoso", "audit-logs"), actor=SAM, **CONTEXT)
    assert events == (Event(START, Action.READ, "t1", SAM, tenant="contoso", category="audit-logs"),)
    assert after == case


def test_a_refused_command_changes_nothing():
    """The refusal of `decide` is passed on."""
    with pytest.raises(Refused) as refusal:
        carry_out(pending().cases["t1"], Approve("r1"), actor=FELIX, **CONTEXT)
    assert refusal.value.code is Code.NOT_ADMINISTRATOR_OF_BOTH


def test_an_administrator_can_look_up_what_the_lists_show():
    """Both tenants find a pending request, only the resource tenant an approved one, and neither an old one."""
    here = pending()

    def found(tenant: str) -> dict[str, Status | None]:
        return statuses_found(here.cases["t1"], tenant, DIRECTORY, here.policy, here.now)

    assert found("contoso") == found("fabrikam") == {"r1": Status.PENDING} and found("tailspin") == {"r1": None}
    here.do(Approve("r1"), ADELE)
    assert found("contoso") == {"r1": None} and found("fabrikam") == {"r1": Status.APPROVED}
    here.do(CloseTicket("t1"), CARLA)
    assert found("fabrikam") == {"r1": Status.COMPLETED}
    here.wait(timedelta(days=30))
    assert found("contoso") == found("fabrikam") == {"r1": None}
