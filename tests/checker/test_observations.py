"""What can be observed in the small world, and how differences are worded."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from model import Action, Approval, Case, Engineer, Event, Member, Policy, Request, Status
from model.checker.consent import Consent, may_approve
from model.checker.observations import Observer, describe_difference
from model.checker.promise_names import CONSENT
from model.checker.promises import PromiseChecker, name_of, potential_actors
from model.checker.removal_privacy import RemovalPairs, _Pair, _second_ticket
from model.checker.small_world import DIRECTORY, ENGINEER, NOW, TENANTS, Bounds, in_both, is_uninvolved
from model.checker.state import State, Step, aged
from model.checker.world import World
from model.commands import Approve, CloseTicket, OpenTicket, RequestAccess, Revoke
from model.visibility import AuditEntry, tickets

CARLA, ADELE, FELIX = Member("carla", "contoso"), Member("adele", "contoso"), Member("felix", "fabrikam")
HOUR = timedelta(hours=1)


def asked(bounds: Bounds, policy: Policy | None = None) -> tuple[Observer, State]:
    """Return the observers of a world, and its state with one pending request."""
    world = World(policy or Policy(), bounds)
    opened = world.do(world.start, CARLA, OpenTicket("Guests cannot sign in", engineer="sam")).to
    return Observer(world), world.do(opened, ENGINEER, RequestAccess("t1", "fabrikam")).to


TWO = Bounds(tickets=1, requests=2, ticks=0, everybody=False, around=False)


def test_every_page_of_the_support_request_tenant_is_observed():
    """With one and with two tickets, by an administrator of that tenant alone and by one of both."""
    observer, state = asked(TWO)
    found = [*observer.pages(state, _second_ticket(state))]
    assert [it.viewer for it in found] == [CARLA] * 8 + [ADELE] * 8
    assert [it.what for it in found[:8]] == [
        "Pending requests",
        "Pending requests, beside another ticket",
        "Approved access",
        "Approved access, beside another ticket",
        "Support requests",
        "Support requests, beside another ticket",
        "the details of r1",
        "the details of r2",
    ]
    rows = [[row.ticket_id for row in it.found] for it in found[:6] if isinstance(it.found, list)]
    assert rows == [["t1"], ["t1", "t2"], [], [], ["t1"], ["t1", "t2"]]
    assert found[6].found == observer.details(state, "r1", CARLA) is not None
    assert found[7].found is None and {it.asked for it in found} == {None}


def test_a_second_ticket_is_like_the_first_but_for_its_ids():
    """Otherwise its own differences would be found."""
    _, state = asked(TWO)
    second = _second_ticket(state)
    assert (second.ticket_id, [request.id for request in second.requests]) == ("t2", ["s1"])
    assert state.case
    assert replace(second, ticket_id="t1", requests=state.case.requests) == state.case


def test_every_answer_to_a_member_and_to_the_engineer_is_observed():
    """Every command on every possible request is asked; the observation names the place and the command."""
    observer, state = asked(TWO)
    found = observer.answers(state)
    assert [(name_of(it.viewer), it.what) for it in found] == [
        *((who, "CloseTicket") for who in ("carla@contoso", "adele@contoso", "astrid@contoso")),
        *(
            (who, f"{command} {request}")
            for request in ("r1", "r2")
            for command in ("Approve", "Reject", "Revoke")
            for who in ("carla@contoso", "adele@contoso", "astrid@contoso")
        ),
        ("sam", "CloseTicket"),
        ("sam", "RequestAccess fabrikam"),
        ("sam", "RequestAccess northwind"),
    ]
    answers = {(name_of(it.viewer), it.what): it.found for it in found}
    assert answers["adele@contoso", "Approve r1"] == "carried out: approve r1"
    assert answers["carla@contoso", "CloseTicket"] == "carried out: close t1"
    assert answers["carla@contoso", "Approve r2"] == "not-found: There is no such access request here."
    assert answers["sam", "RequestAccess northwind"] == "carried out: request r2"
    assert {type(it.asked).__name__ for it in found} == {"CloseTicket", "Approve", "Reject", "Revoke", "RequestAccess"}


def test_answers_are_computed_once_for_all_states_that_answer_alike():
    """An hour changes no answer."""
    observer, state = asked(TWO)
    later = observer.world.wait(state, HOUR).to
    assert observer.answers(later) is observer.answers(state)


def test_two_lists_differ_by_their_rows_or_by_the_first_column_that_differs():
    """The two descriptions differ."""
    observer, state = asked(TWO)
    assert state.case
    row = observer.details(state, "r1", CARLA)
    assert row
    second = replace(row, request_id="r2")
    assert describe_difference([row, second], []) == ("r1 Pending, r2 Pending", "nothing")
    assert describe_difference(None, row) == ("nothing", "r1 Pending")
    assert describe_difference([row], [replace(row, changed_by="Carla Diaz")]) == (
        "r1 Pending, changed by Sam Rivera",
        "r1 Pending, changed by Carla Diaz",
    )
    other = replace(second, reason="Another", due_at=NOW)
    assert describe_difference([row, second], [row, other]) == (
        f"r2 Pending, reason {row.reason}",
        "r2 Pending, reason Another",
    )
    (ticket,) = tickets([state.case], CARLA, DIRECTORY)
    assert describe_difference([ticket], []) == ("t1 Open", "nothing")
    entry = AuditEntry(NOW, "Request created", "automated", "t1", "r1", "contoso", "fabrikam", None)
    assert describe_difference([], [entry]) == ("nothing", "Request created (r1, automated)")
    assert describe_difference("yes", "no") == ("yes", "no")
    assert describe_difference([], None) == ("[]", "None"), "what differs in no row is told as it is"


@pytest.mark.parametrize(
    ("actor", "name"), [(CARLA, "carla@contoso"), (ENGINEER, "sam"), (Engineer("kim"), "kim"), (None, "nobody")]
)
def test_every_actor_has_a_short_name(actor: Member | Engineer | None, name: str):
    """A member's includes the tenant."""
    assert name_of(actor) == name


def test_administrators_of_both_tenants_and_outsiders_are_known():
    """Outsiders are the outsider's members, and members without the permission."""
    people = ("nils", "carla", "felix", "rosa", "cato", "adele", "astrid", "amal")
    assert [who for who in people if in_both(Member(who, "contoso"))] == ["adele", "astrid", "amal"]
    assert not in_both(ENGINEER) and not in_both(None)
    assert is_uninvolved(Member("tess", "tailspin")) and is_uninvolved(Member("nils", "contoso"))
    assert is_uninvolved(Member("felix", "contoso"))
    assert not any(map(is_uninvolved, (CARLA, FELIX, ENGINEER, None)))


def test_a_removal_is_a_step_of_one_history_only():
    """All other steps are in both, even if refused."""
    observer, state = asked(TWO)
    world, pairs = observer.world, RemovalPairs(observer.world)
    approved = world.do(state, ADELE, Approve("r1"))
    both = _Pair(approved.to, approved.to, (), (), (), ())
    removal = Step(Revoke("r1"), FELIX)
    moved = world.do(approved.to, FELIX, Revoke("r1"))
    for one, other, steps in ((moved, None, ((removal,), ())), (None, moved, ((), (removal,)))):
        after = pairs._after(both, removal, one, other)
        assert isinstance(after, _Pair) and (after.removed_so_far, after.stays_so_far) == steps
    closing = Step(CloseTicket("t1"), ENGINEER)
    after = pairs._after(both, closing, None, world.do(approved.to, ENGINEER, CloseTicket("t1")))
    assert isinstance(after, _Pair) and (after.removed_so_far, after.stays_so_far) == ((closing,), (closing,))


def test_new_audit_log_entries_distinguish_two_histories():
    """They do so even if the whole log does not."""
    observer, state = asked(TWO)
    approved = observer.world.do(state, ADELE, Approve("r1"))
    found = RemovalPairs(observer.world)._logged_difference(approved, None, (), ())
    assert found and (found.what, found.viewer) == ("the audit log's new lines", Member("sol", "contoso"))
    assert (found.with_removal, found.without) == ("Request approved (r1, Adele Vance)", "nothing")


def test_potential_actors_are_one_member_of_each_kind():
    """They are an administrator of each tenant, and one of both, signed in to each."""
    assert [name_of(member) for member in potential_actors("fabrikam")] == [
        *("carla@contoso", "felix@fabrikam", "adele@contoso", "adele@fabrikam")
    ]
    assert [name_of(member) for member in potential_actors("northwind")] == [
        *("carla@contoso", "nora@northwind", "astrid@contoso", "astrid@northwind")
    ]


@pytest.mark.parametrize(
    ("approval", "may"),
    [
        (Approval.BOTH, {"adele@contoso", "adele@fabrikam"}),
        (Approval.EACH, {"carla@contoso", "felix@fabrikam", "adele@contoso", "adele@fabrikam", "astrid@contoso"}),
        (Approval.RESOURCE, {"felix@fabrikam", "adele@contoso", "adele@fabrikam"}),
    ],
)
def test_the_policy_alone_decides_who_may_approve(approval: Approval, may: set[str]):
    """Approvers are signed in to a tenant that they administer, and are no engineers."""
    members = [Member(who, tenant) for who in ("nils", "carla", "felix", "adele", "astrid") for tenant in TENANTS[:2]]
    assert {name_of(member) for member in members if may_approve(member, "fabrikam", Policy(approval))} == may
    assert not may_approve(ENGINEER, "fabrikam", Policy(approval)) and not may_approve(
        None, "fabrikam", Policy(approval)
    )


def test_the_shortest_history_that_breaks_a_promise_is_kept_and_one_without_a_condition():
    """The first of equal length is kept."""
    observer, _ = asked(TWO)
    checker = PromiseChecker(observer.world, observer)
    step = Step(HOUR)
    told = []
    for length, wrong, condition in (
        *((2, "longer", "where it rains"), (1, "shorter", "where it rains"), (3, "always", "")),
        *((1, "sometimes", "where it snows"), (2, "sooner", ""), (2, "as soon", "")),
    ):
        checker.fails(CONSENT, (step,) * length, wrong, condition)
        told.append((checker.broken[CONSENT].wrong, checker.conditions[CONSENT]))
    assert told == [
        *(("longer", "where it rains"), ("shorter", "where it rains"), ("always", "")),
        *(("always", ""), ("sooner", ""), ("sooner", "")),
    ]


def test_ageing_a_case_changes_only_its_times():
    """All times move back by that much."""
    times = [datetime(2026, 1, 1, hour) for hour in range(7)]
    request = Request(
        id="r1",
        resource_tenant="fabrikam",
        reason="Logs",
        status=Status.REVOKED,
        requested_at=times[1],
        changed_at=times[4],
        due_at=times[5],
        first_approval=CARLA,
        decided_by=ADELE,
        decided_at=times[3],
        changed_by=FELIX,
        first_approval_note="One",
        decision_note="Two",
        removal_note="Three",
    )
    case = Case("t1", "contoso", "Fails", "A", False, "sam", times[0], CARLA, times[6], ADELE, (request,))
    older = replace(
        request,
        requested_at=times[1] - HOUR,
        changed_at=times[4] - HOUR,
        due_at=times[5] - HOUR,
        decided_at=times[3] - HOUR,
    )
    assert aged(case, HOUR) == replace(case, opened_at=times[0] - HOUR, closed_at=times[6] - HOUR, requests=(older,))
    waits = replace(request, due_at=None, decided_at=None)
    assert aged(replace(case, requests=(waits,), closed_at=None), HOUR).requests[0].due_at is None


def consent(policy: Policy, *events: tuple[Action, str, Member]) -> Consent:
    """Return the record of consent after valid events on requests for the first resource tenant."""
    record = Consent()
    for action, request, actor in events:
        event = Event(NOW, action, "t1", actor, request)
        record = record.after(event, "fabrikam", policy, authorised=True)
    return record


def test_consent_is_given_by_one_approval_or_by_two_people_of_both_tenants():
    """A rejection ends it, and a removal withdraws it."""
    approve, reject, revoke = Action.APPROVE, Action.REJECT, Action.REVOKE
    one, two = Policy(), Policy(Approval.EACH)
    given = consent(one, (approve, "r1", ADELE))
    assert given.valid == (("r1", NOW),) and given.approvals == {("r1", ADELE)}
    assert consent(one, (reject, "r1", ADELE), (approve, "r1", ADELE)).valid == ()
    removed = consent(one, (approve, "r1", ADELE), (approve, "r2", ADELE), (revoke, "r1", FELIX))
    assert removed.valid == (("r2", NOW),) and removed.removed == {"fabrikam"}
    assert consent(one, (approve, "r1", ADELE), (revoke, "r1", FELIX), (approve, "r2", ADELE)).removed == frozenset()
    adele_there = Member("adele", "fabrikam")
    for second, valid in ((FELIX, True), (adele_there, True), (ADELE, False), (Member("astrid", "northwind"), False)):
        assert bool(consent(two, (approve, "r1", CARLA), (approve, "r1", second)).valid) is valid, second
    assert consent(two, (approve, "r1", ADELE), (approve, "r1", adele_there)).valid == ()
    assert consent(two, (approve, "r1", CARLA), (approve, "r2", FELIX)).valid == ()
    closed = Event(NOW, Action.CLOSE, "t1", CARLA)
    assert consent(one, (approve, "r1", ADELE)).after(closed, "", one, authorised=True).valid == ()
    unauthorised = Event(NOW, approve, "t1", CARLA, "r1")
    assert Consent().after(unauthorised, "fabrikam", one, authorised=False) == Consent()
