"""The checker compared with brute force on tiny bounds: reachable states, their number, and leaks."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from model import FINAL, PRESETS, SOURCE_VISIBILITY, Approval, HistoryFrom, Member, Policy, Side, Status
from model.checker.histories import explore
from model.checker.observations import ASK, CLOSE, Observer
from model.checker.report import SMALL, check
from model.checker.small_world import TENANTS, Bounds, in_both, is_uninvolved
from model.checker.world import World
from tests.checker.brute_force import in_short, places, shortest_difference, with_people
from tests.checker.random_worlds import policy_of

pytestmark = pytest.mark.slow

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TWO_KEYS = Policy(Approval.EACH, pending_expires_after=HOUR, grant_lasts=DAY, history_days=1)
CREATED = Policy(Approval.RESOURCE, grant_lasts=2 * DAY, history_days=1, history_from=HistoryFrom.CREATED)


def seen_by_contoso(*statuses: Status, **settings: object) -> Policy:
    visible = frozenset((status, Side.SUPPORT) for status in statuses)
    return Policy(visibility=SOURCE_VISIBILITY | visible, **settings)


@pytest.mark.parametrize(
    ("policy", "steps", "requests", "tenants"),
    [
        pytest.param(Policy(), 6, 2, 1, id="source"),
        pytest.param(replace(Policy(), ask_again_after_grant=True), 5, 2, 1, id="asking again"),
        pytest.param(TWO_KEYS, 4, 2, 1, id="two keys, with limits"),
        pytest.param(CREATED, 5, 1, 1, id="history from the creation"),
        pytest.param(Policy(pending_expires_after=timedelta(seconds=1)), 5, 2, 1, id="a second to decide"),
        pytest.param(Policy(), 5, 2, 2, id="source, two resource tenants"),
        pytest.param(Policy(Approval.RESOURCE), 5, 3, 2, id="three requests, two resource tenants"),
        pytest.param(TWO_KEYS, 5, 2, 2, id="two keys, with limits, two resource tenants"),
        pytest.param(CREATED, 5, 2, 2, id="history from the creation, two resource tenants"),
    ],
)
def test_the_checker_reaches_exactly_the_states_of_all_histories(
    policy: Policy, steps: int, requests: int, tenants: int, announce: Callable[[str], None]
):
    """Neither symmetry nor time shifts nor deduplication loses or invents a state.

    With two resource tenants each state stands for itself and for the one with the two exchanged.
    """
    world = World(
        policy, Bounds(tickets=1, requests=requests, resource_tenants=tenants, ticks=0, everybody=tenants == 1)
    )
    graph = explore(world, lambda *_: None)
    by_checker = {world.case_key(reached.state): reached for reached in graph.reached if reached.depth <= steps}
    found = list(places(policy, steps, requests, tenants))
    by_force: dict[object, set[object]] = {}
    for place in found:
        by_force.setdefault(in_short(place, policy), set()).add(with_people(place, policy))
    assert by_checker.keys() == by_force.keys()
    for stands, reached in by_checker.items():
        assert reached.weight <= len(by_force[stands]), "no more states are counted than there are"
    announce(f"{len(found):,} histories lead to {sum(map(len, by_force.values())):,} states, {len(by_force)} kinds")
    assert len(found) > 10 * len(by_force)


ONLY_COMPLETED = seen_by_contoso(Status.COMPLETED)
KNOWN = {
    "source": (Policy(), None),
    "a live grant shows": (seen_by_contoso(Status.APPROVED), 4),
    "a removed grant shows": (seen_by_contoso(Status.REVOKED), 4),
    "a completed grant shows": (ONLY_COMPLETED, 5),
    "a lapsed grant shows": (replace(ONLY_COMPLETED, grant_lasts=8 * HOUR), 5),
    "every grant shows, and how it ended": (seen_by_contoso(Status.APPROVED, Status.REVOKED, Status.COMPLETED), 4),
    "asking again": (Policy(ask_again_after_grant=True), 5),
    "asking again under two keys": (Policy(Approval.EACH, ask_again_after_grant=True), 6),
    "nothing shows at all": (Policy(visibility=frozenset()), None),
    "two keys and limits": (replace(TWO_KEYS, history_days=30), None),
    **{name: (policy, None) for name, policy in PRESETS.items() if name != "source"},
}


@pytest.mark.parametrize("name", KNOWN)
def test_brute_force_finds_the_same_leaks_after_as_few_steps(name: str):
    """For leaky and safe policies, each story is played in two rooms, with its removals and without, and everything
    that a member could obtain is compared byte for byte.
    """
    policy, expected = KNOWN[name]
    assert shortest_difference(policy, 5 if expected is None else expected) == expected
    found = check(policy, SMALL)["Removal is private"]
    length = len(found.counterexample.history) if found.counterexample else None
    assert length == expected
    assert found.holds == (expected is None and policy.visibility != frozenset()), "where nothing shows, nothing tests"


def test_brute_force_agrees_with_the_checker_on_random_policies(announce: Callable[[str], None]):
    """The verdicts are the same, and so is the length of the shortest story that reveals a removal."""
    chance, leaks = Random("policies to force"), 0
    for _ in range(10):
        policy = policy_of(chance)
        found = check(policy, SMALL)["Removal is private"]
        length = len(found.counterexample.history) if found.counterexample else None
        assert shortest_difference(policy, min(length or 5, 5)) == (length if (length or 5) <= 5 else None), policy
        leaks += length is not None
    announce(f"10 policies, {leaks} of which leak")
    assert 2 <= leaks <= 8


@pytest.fixture
def every_leaving_is_a_limit(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Make every ended request's leaving of the history a limit, and not only the first one's."""

    def begin() -> None:
        ended = lambda _, case: tuple(r for r in case.requests if r.status in FINAL)  # noqa: E731
        monkeypatch.setattr(World, "_watched", ended)

    return begin


def test_no_verdict_depends_on_which_leaving_is_a_limit(every_leaving_is_a_limit: Callable[[], None]):
    """Random policies, most of them leaky, are tried just before, at and after every limit of every request.

    The other reduction, that answers are found once, is tested in `test_answer_key.py`.
    """
    chance, wide = Random("policies to reduce"), Bounds(tickets=1, requests=2, ticks=0, everybody=False)
    policies = [TWO_KEYS, CREATED, Policy(visibility=frozenset()), *(policy_of(chance) for _ in range(4))]
    reduced = [check(policy, wide) for policy in policies]
    every_leaving_is_a_limit()
    verdicts = Counter[str]()
    for policy, report in zip(policies, reduced, strict=True):
        whole = check(policy, wide)
        for found in report.promises:
            assert (found.verdict, found.condition) == (whole[found.name].verdict, whole[found.name].condition), policy
            verdicts[found.verdict] += 1
        assert whole.explored >= report.explored
    assert len(verdicts) == 3, "there is something to tell apart"


def test_people_who_administer_the_same_tenants_get_the_same_answers():
    """This lets one of them stand for all, in every state, for every command, whether or not they administer the
    outsider.

    The exception is who gave the first of two approvals, which the checker distinguishes.
    """
    world = World(TWO_KEYS, Bounds(tickets=1, requests=1, ticks=0))
    alike = [(Member(one, tenant), Member(other, tenant)) for one, other in ALIKE.items() for tenant in TENANTS[:3]]
    answers = Counter[bool]()
    for reached in explore(world, lambda *_: None).reached:
        requests = reached.state.case.requests if reached.state.case else ()
        first_approvers = {request.first_approval.person for request in requests if request.first_approval}
        for command in (CLOSE, ASK, *world.decisions(reached.state)):
            for one, other in alike:
                if in_both(one) and {one.person, other.person} & first_approvers:
                    assert {one, other} <= {*world.members, *filter(is_uninvolved, (one, other))}
                    continue
                told = [Observer(world).answer(reached.state, who, command) for who in (one, other)]
                answers[told[0].startswith("carried out")] += 1
                assert told[0] == told[1]
    assert min(answers[True], answers[False]) > 100


ALIKE = {
    "nils": "tess",
    "carla": "cato",
    "felix": "fritz",
    "nora": "noor",
    "adele": "omar",
    "astrid": "sven",
    "rosa": "rune",
    "sara": "amal",
}
"""Pairs of people who administer the same tenants, except the outsider."""
