"""Names for a simulated run, and the room that is made of it."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data import Room
from data.generated.assign_names import assign_names
from data.generated.directory import GeneratedDirectory, generated_directory
from data.generated.ids import request_id, ticket_id
from data.generated.problems import AT_HOME, ELSEWHERE
from data.generated.tenant_pairs import fitting
from data.lens.figures import SERIES, UNITS
from data.scenario.scenario import Scenario
from data.simulation.runs.run import Run, simulate
from model import (
    SOURCE_VISIBILITY,
    Action,
    Approval,
    Directory,
    Engineer,
    Event,
    Member,
    OpenTicket,
    Policy,
    Side,
    Status,
)
from model.simulation import KINDS, Behaviour, By, seconds
from tests.data.generated.events import POLICIES, STORY, cases_of, events_of
from tests.data.generated.replaying import QUICK, replayed

HASTY = {"pending_expires_after": timedelta(hours=12), "grant_lasts": timedelta(hours=8)}
CASES = {
    **POLICIES,
    "both, hasty, again": Policy(**HASTY, ask_again_after_grant=True),
    "each, hasty, again": Policy(Approval.EACH, **HASTY, ask_again_after_grant=True),
    "resource, again": Policy(Approval.RESOURCE, grant_lasts=timedelta(hours=1), ask_again_after_grant=True),
    "pending hidden from the support request tenant": Policy(
        visibility=SOURCE_VISIBILITY - {(Status.PENDING, Side.SUPPORT)}
    ),
    "pending hidden from the resource tenant": Policy(visibility=SOURCE_VISIBILITY - {(Status.PENDING, Side.RESOURCE)}),
    "everything hidden": Policy(visibility=frozenset()),
}
UNTIL = datetime(2026, 1, 6, 12)

pytestmark = pytest.mark.slow


def lines_of(run: Run, whole: GeneratedDirectory) -> pd.DataFrame:
    return assign_names(run.trace, whole, run.policy, 7, seconds(run.now))


@pytest.fixture(scope="module")
def whole() -> GeneratedDirectory:
    """Return a directory with two story tenants, whose people do not act, and twelve others."""
    return generated_directory(STORY, 12, 9, 1)


@pytest.fixture(scope="module", params=CASES)
def world(request: pytest.FixtureRequest, whole: GeneratedDirectory) -> tuple[Run, pd.DataFrame, list[Event]]:
    run = simulate(CASES[request.param], QUICK, tickets=1500, seed=3, until=datetime(2026, 1, 5, 8))
    lines = lines_of(run, whole)
    return run, lines, events_of(lines)


# Who did what


def test_the_rules_accept_every_command_and_give_the_same_events(world, whole: GeneratedDirectory):
    """Compared command by command under every policy, with expiries and the events of closings."""
    run, _, events = world
    again = [event for made in replayed(events, whole.directory, run.policy) for event in made]
    assert again == events
    assert len(cases_of(events)) > 1000


def test_the_log_has_the_events_of_the_run(world):
    """Actions, times and order are the same: names change nothing, and only reads are added."""
    run, lines, _ = world
    told = lines[lines["action"] != Action.READ].reset_index(drop=True)
    same = ["occurred_at", "action", "from_status", "to_status", "due_at", "advanced_diagnostics"]
    for column in same:
        assert list(told[column].astype(object).fillna(0)) == list(run.events[column].astype(object).fillna(0)), column
    assert list(lines["seq"]) == list(range(1, len(lines) + 1))
    assert lines["occurred_at"].is_monotonic_increasing


def test_a_requests_tenants_share_an_administrator_exactly_if_the_run_says_so(world, whole: GeneratedDirectory):
    """It is never the ticket's own tenant, and never two story tenants."""
    run, _, events = world
    people = {tenant: set(administrators) for tenant, administrators in whole.administrators.items()}
    pairs = [(c.tenant, {r.resource_tenant for r in c.requests}) for c in cases_of(events).values()]
    shares = []
    for own, others in pairs:
        assert len(others) <= 1 and own not in others and not (others and {own, *others} <= set(STORY.tenants))
        shares += [bool(people[own] & people[other]) for other in others]
    requests = run.trace.requests
    assert shares == [bool(requests.common[requests.ticket == ticket][0]) for ticket in np.unique(requests.ticket)]
    assert set(shares) == {True, False}


def test_every_actor_is_signed_in_to_the_tenant_of_the_run(world, whole: GeneratedDirectory):
    """The event's actor decides the tenant; an administrator of both is signed in to a random one."""
    run, _, events = world
    told = [event for event in events if event.action is not Action.READ]
    by = run.trace.events.by[run.trace.events.order()]
    cases, sides = cases_of(events), Counter()
    for event, whose in zip(told, by, strict=True):
        if event.action in (Action.APPROVE, Action.REJECT, Action.REVOKE):
            case = cases[event.ticket_id]
            request = case.request(event.request_id or "")
            assert isinstance(event.actor, Member) and request
            expected = case.tenant if whose == By.SUPPORT else request.resource_tenant
            if run.policy.approval is Approval.BOTH and event.action is not Action.REVOKE:
                sides[event.actor.tenant == case.tenant] += 1
                assert all(whole.directory.administers(event.actor.person, t) for t in (case.tenant, expected))
            else:
                assert event.actor.tenant == expected
        elif whose == By.NOBODY:
            assert event.actor is None
    if run.policy.approval is Approval.BOTH:
        seen = {side is Side.SUPPORT for side in Side if run.policy.sees(Status.PENDING, side)}
        assert set(sides) == seen
        if len(seen) == 2:
            assert 0.4 < sides[True] / sides.total() < 0.6
    if run.policy.approval is Approval.EACH:
        approved: dict[str, list[Member]] = {}
        for event in events:
            if event.action is Action.APPROVE and isinstance(event.actor, Member):
                approved.setdefault(event.request_id or "", []).append(event.actor)
        assert {len(members) for members in approved.values()} == {1, 2}
        for members in approved.values():
            assert len({member.person for member in members}) == len({member.tenant for member in members})
        both = {member.person for members in approved.values() for member in members}
        assert any(len([t for t in whole.directory.tenants if whole.directory.administers(p, t)]) > 1 for p in both)


def test_the_assigned_engineer_asks_and_closes_and_of_five_tickets_two_are_closed_by_an_administrator(world):
    """The rules allow both, and the closer need not be the opener."""
    _, _, events = world
    cases = cases_of(events).values()
    closed = [case for case in cases if case.closed_by]
    by_engineer = [case for case in closed if isinstance(case.closed_by, Engineer)]
    assert all(case.closed_by == Engineer(case.engineer) for case in by_engineer)
    assert 0.5 < len(by_engineer) / len(closed) < 0.7
    assert any(case.closed_by != case.opened_by for case in closed if case not in by_engineer)
    asked = {(event.ticket_id, event.actor) for event in events if event.action is Action.REQUEST}
    assert asked <= {(case.ticket_id, Engineer(case.engineer)) for case in cases}


def test_ids_are_those_that_a_room_would_give(world):
    """So the next id is new: ids follow the tenant's number of tickets and the ticket's number of requests."""
    _, _, events = world
    opened: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for event in events:
        if event.action is Action.OPEN:
            opened[event.tenant or ""] += 1
            assert event.ticket_id == ticket_id(7, event.tenant or "", opened[event.tenant or ""])
        if event.action is Action.REQUEST:
            asked[event.ticket_id] += 1
            assert event.request_id == request_id(7, event.ticket_id, asked[event.ticket_id])


# Reads


def test_engineers_read_only_while_they_may(world):
    """They read the other tenant within a grant, the ticket's own while it is open, at most three times each."""
    run, _, events = world
    grants: dict[str, list[list[datetime]]] = {}
    looks: Counter[tuple[str, int]] = Counter()
    cases = cases_of(events)
    for event in events:
        spans = grants.setdefault(event.ticket_id, [])
        own = not cases[event.ticket_id].requests
        if (event.action is Action.OPEN and own) or event.to_status is Status.APPROVED:
            spans.append([event.occurred_at, datetime.max])
        elif spans and (event.action is Action.CLOSE or event.from_status is Status.APPROVED):
            spans[-1][1] = min(spans[-1][1], event.occurred_at)
    for event in events:
        if event.action is Action.READ:
            within = [n for n, (one, end) in enumerate(grants[event.ticket_id]) if one < event.occurred_at < end]
            assert len(within) == 1
            assert event.occurred_at < run.now
            looks[event.ticket_id, within[0]] += 1
    assert set(looks.values()) <= {1, 2, 3}


def test_reads_fit_the_tickets_title(whole: GeneratedDirectory):
    """Nearly every grant has one to three reads; the third is of directory objects."""
    run = simulate("source", tickets=3000, seed=2)
    events = events_of(lines_of(run, whole))
    titles = {event.ticket_id: event.title for event in events if event.action is Action.OPEN}
    about = {title: category for title, category, *_ in (*AT_HOME, *ELSEWHERE)}
    reads: dict[str, list[Event]] = {}
    for event in events:
        if event.action is Action.READ:
            reads.setdefault(event.ticket_id, []).append(event)
    for ticket, looks in reads.items():
        assert [look.category for look in looks[:2]] == [about[titles[ticket]]] * len(looks[:2])
        assert {look.category for look in looks[2:]} <= {"directory-objects"}
    cases = cases_of(events)
    granted = {c.ticket_id for c in cases.values() if any(r.status is Status.COMPLETED for r in c.requests)}
    assert len(granted & set(reads)) / len(granted) > 0.9
    at_home = {ticket for ticket, case in cases.items() if not case.requests}
    assert {cases[ticket].advanced_diagnostics for ticket in at_home & set(reads)} == {True}
    assert {look.tenant == cases[ticket].tenant for ticket in at_home & set(reads) for look in reads[ticket]} == {True}


# Names have their own random draws


def test_the_same_seed_gives_the_same_names_and_another_seed_others(whole: GeneratedDirectory):
    """The times are those of the run under any seed."""
    run = simulate("two-key", tickets=400)
    one, same, other = (assign_names(run.trace, whole, run.policy, seed, seconds(run.now)) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one, same)
    assert list(one["person"].astype(object)) != list(other["person"].astype(object))
    reads = [frame[frame["action"] != Action.READ]["occurred_at"].reset_index(drop=True) for frame in (one, other)]
    pd.testing.assert_series_equal(*reads)


def test_under_every_policy_the_same_people_open_the_same_tickets(whole: GeneratedDirectory):
    """Differences between two rooms are then due to the policy."""
    opened = []
    for policy in CASES.values():
        events = events_of(lines_of(simulate(policy, tickets=300), whole))
        opened.append([event for event in events if event.action is Action.OPEN])
    assert all(other == opened[0] for other in opened)


def test_both_engines_give_the_same_log(whole: GeneratedDirectory):
    """Names are assigned after the engine ran."""
    runs = [simulate("okta", QUICK, tickets=200, engine=engine) for engine in ("bulk", "step")]
    one, other = (events_of(lines_of(run, whole)) for run in runs)
    assert one == other


@pytest.mark.parametrize(
    ("tenants", "story", "elsewhere", "common"),
    [(1, Directory(), 0, 0.85), (0, STORY, 0, 0.85), (3, Directory(), 0.35, 1), (12, Directory(), 0.35, 0.85)],
)
def test_people_act_only_as_their_directory_allows(tenants: int, story: Directory, elsewhere: float, common: float):
    """If no two tenants fit, the run has no ticket of that kind, so none is dropped."""
    small = generated_directory(story, tenants, 3, 1)
    behaviour = fitting(Behaviour(), small)
    assert (behaviour.share_elsewhere, behaviour.share_with_common_administrator) == (elsewhere, common)
    assert len(cases_of(events_of(lines_of(simulate(behaviour=behaviour, tickets=200), small)))) == 200


def test_if_tenants_share_nobody_only_such_pairs_have_requests():
    """The two tenants have no common administrator."""
    alone = generated_directory(Directory(), 2, 3, 1)
    apart = replace(alone, administrators={tenant: people[:1] for tenant, people in alone.administrators.items()})
    assert fitting(Behaviour(), apart).share_with_common_administrator == 0


# A room


@pytest.mark.parametrize("name", [name for name, policy in CASES.items() if policy.visibility])
@pytest.mark.parametrize("until", [None, UNTIL])
def test_a_run_is_a_room(name: str, until: datetime | None):
    """Its log is legal, its clock and policy are the run's, and each figure equals the run's."""
    run = simulate(CASES[name], tickets=700, until=until)
    with run.to_room() as room:
        assert room.verify()
        assert (room.now, room.policy) == (run.now, run.policy)
        overview = room.overview()
        figures = {metric: overview.metric(metric).iloc[0, 0] for metric in UNITS}
        for metric, value, *_ in run.figures().itertuples(index=False):
            assert figures[metric] == value or (pd.isna(figures[metric]) and pd.isna(value)), metric
        for series in SERIES:
            pd.testing.assert_frame_equal(
                overview.metric(series), run.series(series), check_dtype=False, check_categorical=False
            )
        statuses = dict(overview.metric("requests by status").itertuples(index=False))
        assert statuses == Counter(str(list(Status)[code]) for code in run.trace.requests.status)


def test_a_runs_room_continues_by_the_rules():
    """Later limits take effect, a new ticket has a new id, and starting over returns to the end of the run."""
    run = simulate("azure-customer-lockbox", tickets=900, until=UNTIL)
    with run.to_room() as room:
        assert any(row["due_at"] for row in room.overview().rows("all_requests"))
        room.advance(timedelta(days=5))
        assert not any(row["due_at"] for row in room.overview().rows("all_requests"))
        member = next(m for m in room.directory.members() if room.directory.administers(m.person, m.tenant))
        known = set(room.overview().tickets()["ticket_id"])
        assert room.do(OpenTicket("One more"), member).ticket_id not in known
        assert room.verify()
        room.start_over()
        assert room.now == run.now and room.verify() and room.play() == []


def test_a_runs_room_suggests_viewers_of_every_kind(tmp_path: Path):
    """They are kept in the file: an administrator of both tenants, one of each, a member who is none, and engineers."""
    path = tmp_path / "run.duckdb"
    simulate(tickets=2000).to_room(path).close()
    with Room.open(path) as room:
        story, whole = room.story, room.directory
        assert isinstance(story, Scenario) and not story.steps and story.policy == room.policy
        assert "2,000 simulated support requests" in story.summary
        for named, known in zip(vars_of(story.directory), vars_of(whole), strict=True):
            assert named.items() <= known.items()
        (first, home), *_ = story.directory.roles
        kinds = {
            person: {
                tenant: whole.administers(person, tenant) for who, tenant in story.directory.roles if who == person
            }
            for person in story.directory.people
        }
        assert len(story.directory.engineers) == 2
        assert list(kinds[first].values()) == [True, True]
        assert {tuple(kind.values()) for kind in kinds.values()} == {(True, True), (True,), (False,)}
        lens = room.as_seen_by(room.member(first, home))
        assert len(lens.tickets()) == room.overview().tickets()["support_request_tenant"].value_counts().max()
        assert len(lens.approved_access())


def vars_of(directory: Directory) -> list[dict]:
    return [dict(part) for part in (directory.tenants, directory.people, directory.engineers, directory.roles)]


def test_a_room_can_be_made_of_a_run_without_events():
    """The run ends at the second at which it begins."""
    run = simulate(tickets=10, starts=UNTIL, until=UNTIL)
    with run.to_room() as room:
        assert room.verify() and room.seq == 1 and room.now == UNTIL


def test_an_impossible_room_is_refused(tmp_path: Path):
    """The error has the reason: too many tickets, too few tenants, or an existing file."""
    run = simulate(tickets=100)
    taken = tmp_path / "taken.duckdb"
    taken.touch()
    with pytest.raises(FileExistsError):
        run.to_room(taken)
    for tenants, reason in ((0, "from 1"), (5001, "5,000"), (2.5, "2.5"), (1, "more tenants"), (3, "more tenants")):
        with pytest.raises(ValueError, match=reason):
            run.to_room(tenants=tenants)
    with pytest.raises(ValueError, match="non-negative"):
        run.to_room(seed=-1)
    with pytest.raises(ValueError, match="500,000"):
        simulate(tickets=500_001).to_room()


def test_other_names_for_a_run_make_another_room_of_the_same_figures():
    """`seed` affects names only."""
    run = simulate(tickets=300)
    with run.to_room(seed=1) as one, run.to_room(seed=2, tenants=60) as other:
        assert set(one.directory.people) != set(other.directory.people)
        assert len(other.directory.tenants) == 60
        for metric in UNITS:
            pd.testing.assert_frame_equal(one.overview().metric(metric), other.overview().metric(metric))


def test_many_tickets_get_names(whole: GeneratedDirectory):
    """There are 100,000; the benchmark measures the time."""
    run = simulate(tickets=100_000)
    lines = lines_of(run, whole)
    assert len(lines) > 300_000
    assert len({kind.action for kind in KINDS}) > lines["action"].nunique() > 7
