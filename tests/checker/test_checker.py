"""The policy checker's verdicts on the source, the presets and odd policies, and how promises break."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from model import PRESETS, SOURCE_VISIBILITY, Approval, HistoryFrom, Member, Policy, Side, Status, rules
from model.checker.promise_names import (
    CAN_APPROVE,
    CAN_EXPIRE,
    CAN_LAPSE,
    CAN_REJECT,
    CAN_REMOVE,
    CONSENT,
    DECIDABLE,
    ENDS_WITH_REMOVAL,
    ENDS_WITH_TICKET,
    FINALITY,
    JUMP,
    NO_STRANGERS,
    PRIVACY,
    REMOVABLE,
    SENTENCES,
)
from model.checker.report import DEFAULT, SMALL, Report, Verdict, check
from model.checker.small_world import Bounds
from model.checker.state import Move, State, Step
from model.checker.world import World
from tests.checker import faults_in_rules, faults_in_visibility
from tests.checker.faults import LIMITS, SOURCE, Switch
from tests.data.test_shown_in_notebooks import Page

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVERYTHING = frozenset((status, side) for status in Status for side in Side)
NOBODY_IN_BOTH = "where nobody administers both tenants"
NOTHING = "nothing to test"
NOTHING_REMOVED = dict.fromkeys((ENDS_WITH_REMOVAL, PRIVACY, CAN_REMOVE), NOTHING)
NOTHING_DECIDED = (
    dict.fromkeys((CONSENT, ENDS_WITH_TICKET, REMOVABLE), NOTHING)
    | NOTHING_REMOVED
    | dict.fromkeys((CAN_APPROVE, CAN_REJECT), "broken")
)


DEAD = Policy(Approval.EACH, visibility=SOURCE_VISIBILITY - {(Status.PENDING, Side.SUPPORT)})
"""A policy in which one of the two approvers cannot see the request."""


def without(status: Status, *sides: Side) -> Policy:
    return Policy(visibility=SOURCE_VISIBILITY - {(status, side) for side in sides})


def verdict(report: Report) -> dict[str, str]:
    """Return the broken promises with their conditions."""
    return {found.name: found.condition or found.verdict.value for found in report.promises if not found.holds}


def told(history: tuple[Step, ...]) -> list[str]:
    """Return a short form of a history: commands and waits."""
    return [str(it.command) if isinstance(it.command, timedelta) else type(it.command).__name__ for it in history]


# The verdicts.


def test_every_promise_has_a_name_and_a_sentence():
    """They are in the order in which they were requested."""
    assert [found.name for found in check(Policy(), SMALL).promises] == [
        "Only with consent",
        "Ends with the support request",
        "Ends with removal",
        "Final is final",
        "Removal is private",
        "Strangers see nothing",
        "Every live grant can be seen and removed by somebody",
        "Every pending request can be decided by somebody, or ends by itself",
        "A jump equals its steps",
        "A request can be approved by somebody",
        "A request can be rejected by somebody",
        "Access can be removed by somebody",
    ]
    limited = [found.name for found in check(LIMITS, SMALL).promises]
    assert limited == [*SENTENCES] and limited[-2:] == ["A request can expire", "Access can lapse"]
    assert all(sentence.endswith(".") and len(sentence) < 100 for sentence in SENTENCES.values())


def test_the_source_is_safe_with_one_known_finding():
    """By its own rule a request waits for ever if nobody administers both tenants."""
    report = check(Policy(), SMALL)
    assert verdict(report) == {DECIDABLE: NOBODY_IN_BOTH}
    assert report.safe
    found = report[DECIDABLE]
    assert found.counterexample and told(found.counterexample.history) == ["OpenTicket", "RequestAccess"]
    asked = {step.actor for step in found.counterexample.shows}
    assert asked == {Member("carla", "contoso"), Member("felix", "fabrikam")}


@pytest.mark.parametrize("name", [name for name in PRESETS if name != "source"])
def test_the_other_presets_hold_every_promise(name: str):
    """Approval by one tenant, or by one person of each, needs nobody who administers both."""
    assert verdict(check(PRESETS[name], SMALL)) == {}


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (Policy(visibility=EVERYTHING), {PRIVACY: "broken", DECIDABLE: NOBODY_IN_BOTH}),
        (Policy(ask_again_after_grant=True), {PRIVACY: "broken", DECIDABLE: NOBODY_IN_BOTH}),
        (Policy(Approval.EACH, ask_again_after_grant=True, grant_lasts=8 * HOUR), {PRIVACY: "broken"}),
        (Policy(pending_expires_after=timedelta(seconds=1)), {}),
        (Policy(Approval.RESOURCE, history_days=1, history_from=HistoryFrom.CREATED), {}),
        (Policy(Approval.RESOURCE, 40 * DAY, 40 * DAY, 1, HistoryFrom.CREATED), {}),
        (
            without(Status.APPROVED, Side.RESOURCE),
            {REMOVABLE: "broken", DECIDABLE: NOBODY_IN_BOTH, **NOTHING_REMOVED, CAN_REMOVE: "broken"},
        ),
        (without(Status.PENDING, *Side), {DECIDABLE: "broken", **NOTHING_DECIDED}),
        (without(Status.PENDING, Side.SUPPORT), {DECIDABLE: NOBODY_IN_BOTH}),
        (
            Policy(Approval.RESOURCE, visibility=without(Status.PENDING, Side.RESOURCE).visibility),
            {DECIDABLE: NOBODY_IN_BOTH},
        ),
        (
            Policy(
                Approval.RESOURCE,
                visibility=without(Status.APPROVED, Side.RESOURCE).visibility | {(Status.APPROVED, Side.SUPPORT)},
            ),
            {PRIVACY: "broken", REMOVABLE: NOBODY_IN_BOTH},
        ),
        (Policy(visibility=frozenset()), {DECIDABLE: "broken", **NOTHING_DECIDED}),
        (Policy(pending_expires_after=DAY, visibility=frozenset()), NOTHING_DECIDED),
        (
            Policy(grant_lasts=DAY, visibility=frozenset()),
            {DECIDABLE: "broken", **NOTHING_DECIDED, CAN_LAPSE: NOTHING},
        ),
    ],
    ids=count(1),
)
def test_a_policy_breaks_exactly_the_expected_promises(policy: Policy, expected: dict[str, str]):
    """Odd visibility tables, asking again, tiny and conflicting limits, and a history from the creation."""
    report = check(policy, SMALL)
    assert verdict(report) == expected
    assert report.safe == (not {"broken", NOTHING} & set(expected.values()))


def test_a_policy_under_which_nobody_can_approve_is_not_safe():
    """A promise that nothing tests is not reported as held."""
    report = check(DEAD, SMALL)
    assert report[CAN_APPROVE].verdict is Verdict.BROKEN and report[PRIVACY].verdict is Verdict.NOTHING_TO_TEST
    assert not report[PRIVACY].holds and not report.safe
    found = report[CAN_APPROVE].counterexample
    assert found and found.wrong == "nobody who sees r1 can ever approve it"
    assert {step.actor for step in found.shows} > {Member("carla", "contoso"), Member("felix", "fabrikam")}


def test_an_approval_by_somebody_who_does_not_see_the_request_does_not_count(monkeypatch: pytest.MonkeyPatch):
    """The rules allow it, but the approver would never find the request."""
    monkeypatch.setattr(rules, "sees", lambda *_: True)
    report = check(without(Status.PENDING, *Side), SMALL)
    assert report[CAN_APPROVE].verdict is Verdict.BROKEN and report[CAN_APPROVE].tested == 0
    assert report[CAN_REMOVE].verdict is Verdict.HOLDS


def test_what_tested_each_promise_is_counted():
    """The count has a unit, also for a promise that is broken under a condition."""
    report = check("okta", SMALL)
    assert all(found.tested > 0 for found in report.promises)
    assert report[PRIVACY].tested == report.pairs
    assert report[PRIVACY].tested_by == f"{report.pairs:,} pairs of histories, with a removal and without"
    assert replace(report[CAN_LAPSE], tested=1).tested_by == "1 history that ends in a lapse"
    assert replace(report[CAN_LAPSE], tested=0).verdict is Verdict.NOTHING_TO_TEST


ONE_REQUEST = Bounds(tickets=1, requests=1, ticks=0, everybody=False, around=False, resource_tenants=1)


def test_a_report_sums_up_the_broken_promises_in_a_line():
    """Otherwise it says that all hold; it names the policy."""
    how_to_go_on = "Go on with .safe, .promises, [name]; help(Report) tells more."
    safe = check("source", ONE_REQUEST)
    assert repr(safe).splitlines() == [f"<Report on {PRESETS['source'].title!r}: all 12 promises hold>", how_to_go_on]
    hidden = check(replace(without(Status.APPROVED, Side.RESOURCE), title=""), ONE_REQUEST)
    assert repr(hidden).splitlines() == [
        f"<Report on 'a policy of its own': not kept: {ENDS_WITH_REMOVAL}, {PRIVACY}, {REMOVABLE}, {CAN_REMOVE}>",
        how_to_go_on,
    ]


def test_a_report_in_a_notebook_shows_broken_promises_first():
    """Each promise has a row: verdict, test count, and how it breaks."""
    live, pending = (
        "nobody sees the live grant r1 and can remove it",
        "nobody can decide on r1, and it never ends by itself",
    )
    hidden = without(Status.APPROVED, Side.RESOURCE)
    page = Page(check(hidden, ONE_REQUEST)._repr_html_()).text.splitlines()
    assert page == [
        *("Not safe", "promise", "verdict", "tested by", "how it breaks"),
        *(ENDS_WITH_REMOVAL, NOTHING, "0 removals"),
        *(PRIVACY, NOTHING, "0 pairs of histories, with a removal and without"),
        *(REMOVABLE, "broken", "1 history with a live grant", live),
        *(CAN_REMOVE, "broken", "0 histories that end in a removal", "nobody who sees r1 can ever remove it"),
        *(CONSENT, "holds", "1 history in which a resource tenant is read"),
        *(ENDS_WITH_TICKET, "holds", "2 closings that ended access"),
        *(FINALITY, "holds", "7 histories with an ended request"),
        *(NO_STRANGERS, "holds", "9 situations with an access request"),
        *(DECIDABLE, "under a condition", "1 history with a pending request", f"{pending}, {NOBODY_IN_BOTH}"),
        *(JUMP, "holds", "11 jumps"),
        *(CAN_APPROVE, "holds", "1 history that ends in an approval"),
        *(CAN_REJECT, "holds", "1 history that ends in a rejection"),
    ]
    assert Page(check("source", ONE_REQUEST)._repr_html_()).text.startswith("Safe: every promise holds\n")


# How each promise breaks.


def a_long_wait_misses_what_falls_due_on_the_way(patch: pytest.MonkeyPatch) -> None:
    """Requests end only where the clock stops."""
    wait = World.wait

    def waits(self: World, state: State, length: timedelta) -> Move:
        ahead = self.next_moment(state)
        return wait(self, state, length) if ahead is None or length <= ahead else Move(self._later(state, length), ())

    patch.setattr(World, "wait", waits)


def nothing_is_ever_due(patch: pytest.MonkeyPatch) -> None:
    """Break a limit of the policy."""
    patch.setattr(rules, "_limit", lambda *_: None)


def nothing(patch: pytest.MonkeyPatch) -> None:
    """Inject nothing: the policy itself breaks the promise."""


ASKED = ["OpenTicket", "RequestAccess"]
LOGGED_TWICE = faults_in_visibility.what_a_closing_ended_is_logged_on_both_sides


@pytest.mark.parametrize(
    ("name", "switch", "policy", "history"),
    [
        (CONSENT, faults_in_rules.a_pending_request_can_be_read, SOURCE, ASKED),
        (CONSENT, faults_in_rules.diagnostics_at_home_are_always_allowed, SOURCE, ["OpenTicket"]),
        (CONSENT, faults_in_rules.a_grant_lasts_an_hour_longer, LIMITS, [*ASKED, "Approve", "2 days, 0:00:00"]),
        (ENDS_WITH_TICKET, faults_in_rules.a_closed_ticket_can_be_read, SOURCE, [*ASKED, "Approve", "CloseTicket"]),
        (ENDS_WITH_REMOVAL, faults_in_rules.a_removed_grant_can_be_read, SOURCE, [*ASKED, "Approve", "Revoke"]),
        (FINALITY, faults_in_rules.a_rejected_request_can_be_approved, SOURCE, [*ASKED, "Reject", "Approve"]),
        (PRIVACY, nothing, Policy(visibility=EVERYTHING), [*ASKED, "Approve", "Revoke"]),
        (PRIVACY, nothing, Policy(ask_again_after_grant=True), [*ASKED, "Approve", "Revoke", "RequestAccess"]),
        (PRIVACY, LOGGED_TWICE, SOURCE, [*ASKED, "Approve", "Revoke", "CloseTicket"]),
        (NO_STRANGERS, faults_in_visibility.tickets_are_listed_to_every_administrator, SOURCE, ["OpenTicket"]),
        (REMOVABLE, nothing, without(Status.APPROVED, Side.RESOURCE), [*ASKED, "Approve"]),
        (DECIDABLE, nothing, without(Status.PENDING, *Side), ASKED),
        (CAN_APPROVE, nothing, DEAD, ASKED),
        (CAN_REJECT, nothing, without(Status.PENDING, *Side), ASKED),
        (CAN_REMOVE, nothing, without(Status.APPROVED, Side.RESOURCE), [*ASKED, "Approve"]),
        (CAN_EXPIRE, nothing_is_ever_due, LIMITS, ASKED),
        (CAN_LAPSE, nothing_is_ever_due, LIMITS, [*ASKED, "Approve"]),
        (JUMP, a_long_wait_misses_what_falls_due_on_the_way, LIMITS, [*ASKED, "5 days, 0:00:00"]),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)  # fmt: skip
def test_a_broken_promise_comes_with_the_shortest_history(
    name: str, switch: Switch, policy: Policy, history: list[str], monkeypatch: pytest.MonkeyPatch
):
    """No shorter history breaks it."""
    switch(monkeypatch)
    found = check(policy, SMALL)[name]
    assert not found.holds and found.counterexample
    assert told(found.counterexample.history) == history


def test_a_visible_removal_comes_with_both_histories_and_the_first_difference():
    """Only one of them has the removal and the steps that it makes possible."""
    found = check(Policy(ask_again_after_grant=True), SMALL)[PRIVACY].counterexample
    assert found and found.difference
    difference = found.difference
    assert found.history == difference.removed
    assert told(difference.stays) == [*ASKED, "Approve", "RequestAccess"]
    assert (difference.viewer, difference.what) == (Member("carla", "contoso"), "Pending requests")
    assert (difference.with_removal, difference.without) == ("r2 Pending", "nothing")
    assert found.wrong == "Pending requests: r2 Pending with the removal, nothing without it"


def test_rows_that_differ_in_one_column_are_described_by_it(monkeypatch: pytest.MonkeyPatch):
    """Otherwise both would read the same."""
    faults_in_visibility.a_ticket_says_that_access_was_removed(monkeypatch)
    found = check(Policy(), SMALL)[PRIVACY].counterexample
    assert found and found.wrong == (
        "Support requests: t1 Open, severity A with the removal, t1 Open, severity B without it"
    )


# How thoroughly.


def test_the_checker_is_deterministic():
    """There is no randomness, and time is only reported."""
    clock = map(float, count()).__next__
    reports = [check(Policy(Approval.EACH, visibility=EVERYTHING), SMALL, clock=clock) for _ in range(2)]
    assert reports[0] == reports[1]
    assert reports[0].seconds == 1.0
    assert check(Policy(), SMALL).seconds is None


def test_a_report_takes_its_seconds_from_the_clock_it_is_given():
    """Without a clock it has none."""
    assert check("source", ONE_REQUEST, clock=iter([5.0, 7.5]).__next__).seconds == 2.5
    assert check("source", ONE_REQUEST).seconds is None


@pytest.mark.slow
def test_the_default_bounds_stand_for_a_million_states(announce: Callable[[str], None]):
    """They allow two tickets, three requests, members with every combination of permissions, and waits of an hour."""
    report = check(Policy(), DEFAULT)
    announce(
        f"{report.explored:,} states explored, {report.by_symmetry:,} by symmetry, {report.represented:,} represented; "
        f"{report.transitions:,} transitions, {report.pairs:,} pairs, depth {report.depth}"
    )
    assert verdict(report) == {DECIDABLE: NOBODY_IN_BOTH}
    assert report.represented >= 1_000_000
    assert report.explored < report.by_symmetry < report.represented
    assert (report.bounds.tickets, report.bounds.requests, report.bounds.everybody) == (2, 3, True)


def test_wider_bounds_find_what_narrower_ones_find():
    """More requests, people and time only add states."""
    reports = [check(Policy(visibility=EVERYTHING), bounds) for bounds in (SMALL, Bounds(1, 2, 1), Bounds(2, 3, 0))]
    assert len({tuple(verdict(report)) for report in reports}) == 1
    assert reports[0].represented < reports[1].represented < reports[2].represented


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"tickets": 0}, "tickets must be from 1 to 2, not 0"),
        ({"tickets": 3}, "tickets must be from 1 to 2, not 3"),
        ({"requests": 5}, "requests must be from 1 to 4, not 5"),
        ({"requests": 1.5}, "requests must be from 1 to 4, not 1.5"),
        ({"resource_tenants": 3}, "resource_tenants must be from 1 to 2, not 3"),
        ({"ticks": -1}, "ticks must be from 0 to 4, not -1"),
        ({"ticks": True}, "ticks must be from 0 to 4, not True"),
    ],
)
def test_impossible_bounds_are_refused(given: dict[str, Any], told: str):
    """The error says what is possible."""
    with pytest.raises(ValueError, match=told):
        Bounds(**given)


def test_the_bounds_are_described_in_words():
    """A report prints them."""
    assert str(DEFAULT) == (
        "up to 2 tickets, up to 3 access requests, a support request tenant, two resource tenants and an outsider, "
        "members with every combination of permissions, and one engineer; time in the steps that matter: just before, "
        "at and just after each limit, and an hour besides"
    )
    assert str(Bounds(1, 1, 2, everybody=False, around=False, resource_tenants=1)) == (
        "one ticket, up to 1 access request, a support request tenant, one resource tenant and an outsider, "
        "members with permission in one or in two of the tenants, and one engineer; "
        "time in the steps that matter: to each limit, and 2 hours besides"
    )
    assert str(SMALL).startswith("one ticket, up to 2 access requests, ") and str(SMALL).endswith("to each limit")


def test_a_promise_is_found_by_its_name():
    """Case does not matter, and an unknown name is an error."""
    report = check(Policy(), SMALL)
    assert report["ends with removal"] is report["Ends with removal"]
    names = ", ".join(found.name for found in report.promises)
    with pytest.raises(KeyError, match=f"no promise is named 'Removal'; they are {names}"):
        report["Removal"]


@pytest.mark.parametrize(
    ("given", "told"),
    [("octa", "unknown preset 'octa'; did you mean 'okta'?"), ("zzzzzz", "unknown preset 'zzzzzz'")],
)
def test_an_unknown_preset_suggests_the_nearest_if_there_is_one(given: str, told: str):
    """Otherwise it suggests nothing."""
    with pytest.raises(ValueError, match=rf"^{re.escape(told)}$"):
        check(given, ONE_REQUEST)


def test_a_preset_may_be_given_by_its_name():
    """A name works wherever a policy is expected."""
    assert check("okta", SMALL).promises == check(PRESETS["okta"], SMALL).promises
    assert check("okta", SMALL).properties == check("okta", SMALL).promises, "the earlier name goes on"
    with pytest.raises(ValueError, match="unknown preset 'octa'; did you mean 'okta'"):
        check("octa", SMALL)
