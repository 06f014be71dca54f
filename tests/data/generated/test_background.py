"""A room's background: its people, its history, and its diagnostic data."""

import os
import re
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from data.generated.background import background
from data.generated.diagnostics import diagnostics
from data.generated.ids import ALPHABET, request_id, slug, ticket_id
from data.scenario.scenario import Background
from model import (
    CATEGORIES,
    LIFECYCLE,
    Action,
    Directory,
    Engineer,
    Event,
    Member,
    Policy,
    Status,
    TicketStatus,
)
from tests.data.generated.events import POLICIES, STARTS, STORY, cases_of, events_of, fingerprint, made

DOCUMENTATION = [ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]


def requests_of(events: list[Event]) -> list:
    return [request for case in cases_of(events).values() for request in case.requests]


@pytest.fixture(scope="module", params=POLICIES)
def world(request: pytest.FixtureRequest) -> tuple[Policy, Directory, list[Event]]:
    policy = POLICIES[request.param]
    return policy, *made(policy)


@pytest.fixture(scope="module")
def records() -> pd.DataFrame:
    return diagnostics("northwind-traders", "Northwind Traders", 1, STARTS)


# People


def test_the_storys_entries_stay_and_come_first():
    """A scenario's default engineer is the first of the file; the background only adds people."""
    directory, _ = made()
    for whole, part in (
        (directory.tenants, STORY.tenants),
        (directory.people, STORY.people),
        (directory.engineers, STORY.engineers),
        (directory.roles, STORY.roles),
    ):
        assert list(whole.items())[: len(part)] == list(part.items())


def test_there_are_as_many_tenants_as_requested_with_ids_made_of_their_names():
    """Ids are slugs of at most 40 characters, as scenario files have them."""
    added = {k: v for k, v in made(tenants=300)[0].tenants.items() if k not in STORY.tenants}
    assert len(added) == len(set(added.values())) == 300
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", key) and len(key) <= 40 for key in added)
    assert all(slug(name) == key for key, name in added.items())


def test_every_name_is_in_latin_script():
    """A class must be able to read them aloud."""
    directory, _ = made(tenants=100)
    names = [*directory.tenants.values(), *directory.people.values(), *directory.engineers.values()]
    assert [name for name in names if re.search(r"[^\u0020-\u024f’–]", name)] == []


def test_every_tenant_has_administrators_and_members_who_are_not():
    """So have the story's, besides its own people; some hold no role, some only read logs."""
    directory, _ = made()
    added = [pair for pair in directory.roles if pair not in STORY.roles]
    for tenant in directory.tenants:
        assert {directory.administers(person, t) for person, t in added if t == tenant} == {True, False}
    kinds = {(directory.administers(*pair), directory.reads_audit_log(*pair)) for pair in added}
    assert kinds == {(True, True), (True, False), (False, True), (False, False)}
    assert frozenset() in directory.roles.values()


def test_nobody_new_belongs_to_two_tenants_of_the_story():
    """Only the story says who may decide between its own tenants."""
    directory, _ = made()
    both = {person for person, t in directory.roles if t == "contoso"} & {
        p for p, t in directory.roles if t == "fabrikam"
    }
    assert both == {"adele"}


# History


@pytest.mark.slow
def test_the_same_seed_gives_the_same_world_and_another_seed_another():
    """Reset and replay rely on it."""
    assert made() == made()
    assert made()[1] != made(seed=2)[1]
    assert made()[0].tenants != made(seed=2)[0].tenants


@pytest.mark.slow
def test_the_same_seed_gives_the_same_world_in_another_process():
    """Python hashes strings differently in each process, and nothing may depend on it."""
    program = "from tests.data.generated.events import fingerprint; print(ascii(fingerprint()))"
    for hash_seed in ("0", "4711"):
        done = subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[3],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
        )
        assert done.stdout.strip() == ascii(fingerprint())


def test_two_policies_get_the_same_people_and_tickets():
    """Differences between two rooms of one seed are then due to the policy."""
    worlds = [made(policy) for policy in POLICIES.values()]
    first, *others = [(directory, [e for e in events if e.action is Action.OPEN]) for directory, events in worlds]
    assert all(other == first for other in others)


def test_the_storys_people_and_engineers_never_act(world):
    """Their story has not begun."""
    _, _, events = world
    actors = {event.actor for event in events}
    assert Engineer("sam") not in actors
    assert {actor.person for actor in actors if isinstance(actor, Member)}.isdisjoint(STORY.people)
    assert {event.engineer for event in events}.isdisjoint(STORY.engineers)


def test_the_storys_tenants_have_a_history(world):
    """It is about twice an average tenant's, on both sides of access requests, but never between the two."""
    _, directory, events = world
    cases = cases_of(events).values()
    owners = Counter(case.tenant for case in cases)
    average = (owners.total() - owners["contoso"] - owners["fabrikam"]) / (len(directory.tenants) - 2)
    pairs = [(case.tenant, request.resource_tenant) for case in cases for request in case.requests]
    for tenant in STORY.tenants:
        assert 1.2 < owners[tenant] / average < 3
        assert any(support == tenant for support, _ in pairs)
        assert any(resource == tenant for _, resource in pairs)
    assert [pair for pair in pairs if set(pair) <= set(STORY.tenants)] == []


def test_every_change_is_a_row_of_the_lifecycle(world):
    """It starts from the status of the one before; the first of two approvals leaves a request pending."""
    _, _, events = world
    rows = {(row.start, row.action, row.end) for row in LIFECYCLE}
    rows.add((Status.PENDING, Action.APPROVE, Status.PENDING))
    stands: dict[str, Status] = {}
    for event in events:
        if event.request_id and event.to_status:
            assert event.from_status is stands.get(event.request_id)
            assert (event.from_status, event.action, event.to_status) in rows
            stands[event.request_id] = event.to_status


def test_events_are_in_order_at_whole_seconds_and_before_the_start(world):
    """Only limits may take effect at the very start."""
    _, _, events = world
    assert all(one.occurred_at <= other.occurred_at for one, other in pairwise(events))
    assert all(event.occurred_at.microsecond == 0 for event in events)
    assert all(STARTS - timedelta(days=60) <= event.occurred_at <= STARTS for event in events)
    at_start = {event.action for event in events if event.occurred_at == STARTS}
    assert at_start <= {Action.EXPIRE, Action.LAPSE}


def test_what_falls_due_happens_at_its_own_time(world):
    """Nothing that was due at the start or before is left undone."""
    _, _, events = world
    due: dict[str, datetime | None] = {}
    for event in events:
        if event.action in (Action.EXPIRE, Action.LAPSE):
            assert event.occurred_at == due[event.request_id]
        if event.request_id:
            due[event.request_id] = event.due_at
    assert all(at is None or at > STARTS for at in due.values())


def test_what_falls_due_at_the_start_has_happened():
    """The limit ends at the very start, and the room's clock begins after it."""
    policy = Policy(pending_expires_after=timedelta(days=20))
    last = max(r.requested_at for r in requests_of(made(policy)[1]) if r.status is Status.PENDING)
    _, events = made(Policy(pending_expires_after=STARTS - last))
    [gone] = [event for event in events if event.occurred_at == STARTS]
    assert gone.action is Action.EXPIRE


def test_what_falls_due_precedes_all_other_commands_of_the_same_moment():
    """This is the order of a room's clock, checked on a day so busy that several events share a second."""
    due = (Action.EXPIRE, Action.LAPSE)
    _, events = made(POLICIES["hasty"], tickets_per_day=6000, days=1)
    together = [(one, other) for one, other in pairwise(events) if one.occurred_at == other.occurred_at]
    assert any(one.action in due and other.action not in due for one, other in together)
    assert not any(one.action not in due and other.action in due for one, other in together)


def test_each_status_of_the_policy_appears():
    """Every page of a new room has content, with requests to decide and access to remove."""
    seen = {name: {request.status for request in requests_of(made(policy)[1])} for name, policy in POLICIES.items()}
    assert seen["source"] == set(Status) - {Status.EXPIRED}
    assert seen["two-key"] == set(Status) - {Status.EXPIRED}
    assert Status.EXPIRED in seen["azure-customer-lockbox"]
    assert set.union(*seen.values()) == set(Status)


def test_the_traffic_is_as_configured():
    """The number of tickets is right, a third concern another tenant, most are closed, and all ids differ."""
    _, events = made()
    cases = cases_of(events)
    assert len(cases) == 480
    assert 0.25 < sum(bool(case.requests) for case in cases.values()) / 480 < 0.42
    assert 0.05 < sum(case.status is TicketStatus.OPEN for case in cases.values()) / 480 < 0.25
    assert sum(len(case.requests) > 1 for case in cases.values()) > 5
    assert {event.category for event in events if event.action is Action.READ} == set(CATEGORIES)
    requests = [request.id for request in requests_of(events)]
    assert len(requests) == len(set(requests))


def test_after_a_rejection_some_ask_again_once():
    """The ticket and tenant are the same, no request is pending, and a ticket concerns at most one other tenant."""
    cases = cases_of(made(tickets_per_day=40)[1]).values()
    assert all(len({request.resource_tenant for request in case.requests}) <= 1 for case in cases)
    assert max(len(case.requests) for case in cases) == 2
    repeated = [[request.status for request in case.requests] for case in cases if len(case.requests) == 2]
    assert {first for first, _ in repeated} == {Status.REJECTED}
    assert {Status.APPROVED, Status.COMPLETED} & {second for _, second in repeated}


def test_most_pairs_of_tenants_share_an_administrator_and_some_do_not():
    """Without one, a request stays pending until its ticket closes: a trap of the source's rule."""
    directory, events = made()
    decided, stuck = [], []
    for case in cases_of(events).values():
        for request in case.requests:
            tenants = (case.tenant, request.resource_tenant)
            people = {member.person for member in directory.administrators(tenants[0])} - set(STORY.people)
            able = any(directory.administers(person, tenants[1]) for person in people)
            (decided if able else stuck).append(request.status)
    assert len(decided) > 2 * len(stuck) > 0
    assert set(stuck) <= {Status.PENDING, Status.CANCELED}


def test_approvals_take_hours_to_days():
    """Delays are lognormal: the median is within a day, some take days."""
    delays = sorted(r.decided_at - r.requested_at for r in requests_of(made()[1]) if r.decided_at)
    assert timedelta(hours=3) < delays[len(delays) // 2] < timedelta(hours=24)
    assert delays[-1] > timedelta(days=2)


@pytest.mark.parametrize("story", [Directory(), STORY], ids=["nobody", "story"])
@pytest.mark.parametrize("tenants", [0, 1, 2, 3])
def test_the_smallest_worlds_have_their_traffic(story: Directory, tenants: int):
    """Without another tenant there are no requests; without tenants there is no traffic."""
    directory, lines = background(Background(tenants=tenants, days=20), story, Policy(), STARTS, 3)
    events = events_of(lines)
    opened = sum(event.action is Action.OPEN for event in events)
    assert opened == (160 if directory.tenants else 0)
    assert (tenants > 0 and len(directory.tenants) > 1) == any(event.action is Action.REQUEST for event in events)


@pytest.mark.parametrize(
    "numbers",
    [
        {"tenants": -1},
        {"tenants": 5001},
        {"tenants": 2.5},
        {"days": 0},
        {"days": 3651},
        {"tickets_per_day": 0},
        {"tickets_per_day": float("nan")},
        {"tickets_per_day": 100_001, "days": 1},
        {"tickets_per_day": 100_000, "days": 6},
    ],
)
def test_a_number_out_of_range_is_refused_by_its_name(numbers: dict):
    """The message names the setting as in the scenario file."""
    with pytest.raises(ValueError, match=next(iter(numbers))):
        Background(**numbers)


def test_traffic_precedes_an_odd_start():
    """The start is between two seconds, at night, after a leap day."""
    starts = datetime(2028, 3, 1, 0, 0, 0, 7)
    _, lines = background(Background(days=1, tickets_per_day=50), STORY, Policy(), starts, 1)
    events = events_of(lines)
    assert len(cases_of(events)) == 50
    assert max(event.occurred_at for event in events) < starts
    assert all(event.occurred_at.microsecond == 0 for event in events)


# Ids


def test_ids_are_unique_and_reveal_nothing():
    """They have no sequence number, no vowel that could make a word, and nothing of the tenant's name."""
    ids = {ticket_id(1, tenant, n) for tenant in ("contoso", "fabrikam") for n in range(1, 2001)}
    ids |= {request_id(1, "t-2", n) for n in range(1, 1001)}
    assert len(ids) == 5000
    assert all(re.fullmatch(rf"[1-9]\d{{14}}|r-[{ALPHABET}]{{10}}", one) for one in ids)
    assert set(ALPHABET).isdisjoint("aeiou01ly")


def test_an_id_depends_on_the_seed_the_owner_and_the_number_alone():
    """The acts of another tenant change no id of this one."""
    assert ticket_id(1, "contoso", 1) == "229261929120278"
    assert len({ticket_id(1, "a", 1), ticket_id(2, "a", 1), ticket_id(1, "b", 1), ticket_id(1, "a", 2)}) == 4
    assert len({ticket_id(1, "a", 11), ticket_id(1, "a1", 1)}) == 2


def test_a_tenants_tickets_are_numbered_from_one():
    """So the room continues from the tenant's number of tickets."""
    directory, events = made(seed=5)
    for tenant in directory.tenants:
        opened = [e.ticket_id for e in events if e.action is Action.OPEN and e.tenant == tenant]
        assert opened == [ticket_id(5, tenant, n) for n in range(1, len(opened) + 1)]
    for case in cases_of(events).values():
        expected = [request_id(5, case.ticket_id, n) for n in range(1, len(case.requests) + 1)]
        assert [request.id for request in case.requests] == expected


@pytest.mark.parametrize(
    ("name", "made_of_it"),
    [
        ("Zięcik-Gołoś Sp. z o.o.", "ziecik-golos-sp-z-oo"),
        ("Müller & Söhne GmbH", "muller-sohne-gmbh"),
        ("Strauß Ørsted", "strauss-orsted"),
        ("O'Connor PLC", "oconnor-plc"),
    ],
)
def test_a_slug_is_plain_ascii(name: str, made_of_it: str):
    """Names may be in any language."""
    assert slug(name) == made_of_it


def test_a_name_without_letters_makes_no_slug():
    """An empty id could not be looked up."""
    with pytest.raises(ValueError, match="no letter"):
        slug("…")


# Diagnostic data


def test_diagnostic_data_has_the_four_categories(records: pd.DataFrame):
    """Each has about as much as fits on a screen."""
    assert list(records["category"].unique()) == list(CATEGORIES)
    counts = records["category"].value_counts()
    assert counts.to_dict() == {
        "directory-objects": 25,
        "service-configuration": 12,
        "sign-in-logs": 60,
        "audit-logs": 30,
    }
    columns = ["tenant", "category", "recorded_at", "subject", "activity", "outcome", "detail"]
    assert list(records.columns) == columns
    assert not records.isna().any(axis=None)


def test_diagnostic_data_lies_before_the_start(records: pd.DataFrame):
    """Sign-ins are within 7 days and audit entries within 30; microseconds are DuckDB's unit."""
    assert records["recorded_at"].dtype == "datetime64[us]"
    for category, days in (("sign-in-logs", 7), ("audit-logs", 30), ("directory-objects", 3650)):
        age = STARTS - records.loc[records["category"] == category, "recorded_at"]
        assert timedelta(0) < age.min() <= age.max() <= timedelta(days=days)


def test_every_account_and_address_is_nobodys(records: pd.DataFrame):
    """Domains end in .example, addresses are of the documentation ranges, and no vendor's error code is used."""
    text = records.drop(columns="recorded_at").to_csv()
    domains = set(re.findall(r"@([\w.-]+)", text))
    assert "northwind-traders.example" in domains
    assert all(re.fullmatch(r"[a-z0-9-]+\.example", domain) for domain in domains)
    addresses = [ip_address(found) for found in re.findall(r"\d+\.\d+\.\d+\.\d+", text)]
    assert len(addresses) == 60
    assert all(any(address in net for net in DOCUMENTATION) for address in addresses)
    assert re.search(r"AADSTS|https?:|\b\d{5,}\b", text) is None


def test_a_tenants_diagnostic_data_is_its_own(records: pd.DataFrame):
    """It is the same whenever it is made, and differs from any other tenant's and room's."""
    pd.testing.assert_frame_equal(records, diagnostics("northwind-traders", "Northwind Traders", 1, STARTS))
    for tenant, seed in (("contoso", 1), ("northwind-traders", 2)):
        other = diagnostics(tenant, "Northwind Traders", seed, STARTS)
        assert set(other["subject"]) & set(records["subject"]) <= set(
            records.loc[records["category"] == "service-configuration", "subject"]
        ) | {subject for subject in records["subject"] if "@" not in subject}
