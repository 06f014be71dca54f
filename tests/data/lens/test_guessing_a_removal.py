"""How well a removal can be guessed: by hand, by scipy's ranks, and from the support request tenants' lenses."""

from datetime import timedelta
from itertools import product

import duckdb
import numpy as np
import pandas as pd
import pytest
import scipy.stats

from data import Room, simulate
from data.lens.figures import figures
from data.room.file.fixed_tables import fixed_tables
from data.simulation.runs.run import Run
from model import PRESETS, SOURCE_VISIBILITY, Member, Policy, Side, Status
from model.simulation import Behaviour
from model.simulation.trace import STATUS
from tests.worlds import DIRECTORY

NAME = "how well a removal can be guessed"
ASK_AGAIN = Policy(ask_again_after_grant=True)
DAY = Policy(grant_lasts=timedelta(days=1))


def by_ranks(scores: pd.Series, removed: pd.Series) -> float:
    """Return the area under the curve computed with scipy."""
    more = scipy.stats.mannwhitneyu(scores[removed], scores[~removed]).statistic
    return float(more / (removed.sum() * (~removed).sum()))


def of_world(tickets: list[tuple[int, bool]], policy: Policy = PRESETS["source"], again: tuple[int, ...] = ()) -> float:
    """Return the figure for closed tickets, given the hours from approval to closing and whether access was removed.
    For tickets in `again`, access was requested again after an hour.
    """
    approved = pd.Timestamp(2026, 3, 2)
    hours = pd.Series([spell for spell, _ in tickets], dtype="int64")
    opened = pd.Series(approved - pd.Timedelta(hours=1), hours.index)
    requests = pd.DataFrame(
        {
            "side": "resource tenant",
            "ticket_id": hours.index,
            "support_request_tenant": "north",
            "resource_tenant": "south",
            "status": ["Revoked" if removed else "Completed" for _, removed in tickets],
            "requested_at": opened,
            "decided_at": approved,
            "changed_at": approved,
        }
    )
    later = requests.loc[list(again)].assign(status="Canceled", requested_at=approved + pd.Timedelta(hours=1))
    later["decided_at"] = pd.NaT
    db = duckdb.connect()
    db.execute("CREATE TABLE clock AS SELECT TIMESTAMP '2027-01-01' AS now")
    closed = approved + pd.to_timedelta(hours, unit="h")
    db.register("tickets", pd.DataFrame({"ticket_id": hours.index, "opened_at": opened, "closed_at": closed}))
    db.register("requests", pd.concat([requests, later], ignore_index=True))
    rules = fixed_tables(policy, DIRECTORY)
    for table in ("memberships", "visibility", "keys"):
        db.register(table, pd.DataFrame(rules[table]))
    return float(figures(db).set_index("metric")["value"][NAME])


def of_run(policy: Policy | str = "source", tickets: int = 100_000, **people: float) -> float:
    return float(figure_of(simulate(policy, Behaviour(**people), tickets=tickets)))


def figure_of(run: Run) -> float:
    return float(run.figures().set_index("metric")["value"][NAME])


# The figure itself.


def test_the_figure_counts_pairs_in_which_the_removed_one_took_longer_and_half_of_ties():
    """By hand: 5 is longer than 1 and 2 and ties with 5; 2 is longer than 1, ties with 2, and is shorter than 5."""
    assert of_world([(5, True), (2, True), (1, False), (2, False), (5, False)]) == (2.5 + 1.5) / 6


@pytest.mark.parametrize("tickets", [[], [(3, False)], [(3, False), (9, False)], [(3, True), (9, True)]])
def test_without_a_removal_or_without_anything_else_there_is_nothing_to_guess(tickets):
    """The figure needs both kinds."""
    assert np.isnan(of_world(tickets))


def test_a_tenant_that_sees_the_removal_need_not_guess():
    """Seeing any of the three statuses reveals whether access was removed."""
    tickets = [(1, True), (5, False), (2, True), (2, False)]
    assert of_world(tickets) < 0.5
    for status in (Status.APPROVED, Status.REVOKED, Status.COMPLETED):
        policy = Policy(visibility=SOURCE_VISIBILITY | {(status, Side.SUPPORT)})
        assert of_world(tickets, policy) == of_world(tickets, policy, again=(1,)) == 1


def test_a_new_request_after_the_approval_counts_before_the_time():
    """The time decides if there is none, or one in both."""
    tickets = [(1, True), (3, True), (2, False), (9, False)]
    assert of_world(tickets) == 1 / 4
    assert of_world(tickets, ASK_AGAIN, again=(0,)) == (2 + 1) / 4
    assert of_world(tickets, ASK_AGAIN, again=(1, 3)) == (0 + 1) / 4


@pytest.mark.parametrize("seed", range(3))
def test_the_area_is_scipys(seed):
    """Tried in worlds with many ties."""
    chance = np.random.default_rng(seed)
    hours, removed = chance.integers(1, 60, 400), chance.random(400) < 0.2
    found = of_world(list(zip(map(int, hours), map(bool, removed), strict=True)))
    assert found == pytest.approx(by_ranks(pd.Series(hours), pd.Series(removed)), abs=1e-12)


# Who can guess it.


def guessed_through_lenses(room: Room) -> pd.DataFrame:
    """Return what members of the support request tenants can infer: a row for each access that they saw approved.
    `told`: was access requested again; `hours`: from the approval to the closing. Only lenses of such members are read:
    of one who sees the tenant's tickets, and of one who reads its audit log.
    """
    directory, found = room.directory, []
    for tenant in directory.tenants:
        members = [Member(person, tenant) for person, home in directory.roles if home == tenant]
        lenses = [room.as_seen_by(member) for member in members]
        tickets = next((lens.tickets() for lens in lenses if lens.refusal is None), None)
        log = next((lens.audit_log() for lens in lenses if lens.audit_refusal is None), None)
        if tickets is None or log is None:
            continue
        log = log[log["support_request_tenant"] == tenant]
        lines = log.pivot_table(index="request_id", columns="activity", values="occurred_at", aggfunc="max")
        ended = [name for name in ("Request rejected", "Request canceled", "Request expired") if name in lines]
        lines = lines[lines[ended].isna().all(axis=1)].dropna(subset="Request approved").reset_index()
        pairs = log[["request_id", "ticket_id", "resource_tenant"]].drop_duplicates()
        asked = log[log["activity"] == "Request created"].groupby(["ticket_id", "resource_tenant"])["occurred_at"].max()
        seen = lines.merge(pairs, on="request_id").sort_values("Request approved")
        seen = seen.drop_duplicates(["ticket_id", "resource_tenant"])
        seen = seen.join(asked.rename("last asked"), on=["ticket_id", "resource_tenant"])
        seen = seen.merge(tickets[["ticket_id", "closed_at"]], on="ticket_id").dropna(subset="closed_at")
        hours = (seen["closed_at"] - seen["Request approved"]) / pd.Timedelta(hours=1)
        told = seen["last asked"] > seen["Request approved"]
        found.append(seen[["ticket_id", "resource_tenant"]].assign(hours=hours, told=told))
    return pd.concat(found, ignore_index=True)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("policy", "until"),
    [*product(("source", "two-key", "okta"), (None,)), ("source", 40), (ASK_AGAIN, None)],
    ids=["source", "two keys", "a day", "source, not to its end", "asked again"],
)
def test_the_lenses_of_the_support_request_tenants_suffice_for_the_guess(policy, until):
    """Scipy's result from their columns is the figure to the last digit; the truth is used only for scoring."""
    people = Behaviour(tickets_per_day=30)
    run = simulate(policy, people, tickets=1_500)
    if until is not None:
        run = simulate(policy, people, tickets=1_500, until=run.starts + timedelta(days=until))
    with run.to_room(tenants=12) as room:
        guesses = guessed_through_lenses(room)
        truth = room.overview().requests()
        removed = truth[truth["status"] == "Revoked"].groupby(["ticket_id", "resource_tenant"]).size() > 0
        guesses = guesses.join(removed.rename("removed"), on=["ticket_id", "resource_tenant"])
        (found,) = room.overview().metric(NAME)["AUC"]
    removed = guesses["removed"].eq(True)
    assert removed.sum() > 15 and guesses["told"].any() == (policy is ASK_AGAIN)
    assert found == pytest.approx(by_ranks(guesses["hours"] + 1e6 * guesses["told"], removed), abs=1e-12)
    assert found == figure_of(run)


# Its values.


@pytest.mark.slow
def test_times_reveal_much_under_the_source_and_less_with_a_longest_grant():
    """Under assumed behaviour. A policy under which a new request reveals a removal is worse."""
    assert of_run() == pytest.approx(0.83, abs=0.02)
    assert of_run(DAY) == pytest.approx(0.64, abs=0.02)
    assert of_run("azure-customer-lockbox") == pytest.approx(0.53, abs=0.03)
    assert of_run(ASK_AGAIN) > of_run() + 0.03


@pytest.mark.slow
def test_the_slower_engineers_get_the_more_times_reveal_and_something_in_any_case():
    """Longer work leaves more time for a removal, even if nothing slows the work."""
    times = (1.0, 2.0, 3.0, 10.0)
    found = [of_run(slower_without_access=slower) for slower in times]
    assert found == sorted(found)
    assert found[0] == pytest.approx(0.67, abs=0.02)
    assert found[-1] > 0.9
    assert np.isnan(of_run(share_removed=0.0, tickets=1_000))


@pytest.mark.slow
def test_of_the_slowest_twentieth_almost_half_were_removed():
    """Among all approved ones it is one in twelve."""
    trace = simulate(tickets=200_000).trace
    granted = np.isin(trace.requests.status, [STATUS[Status.REVOKED], STATUS[Status.COMPLETED]])
    removed = trace.requests.status[granted] == STATUS[Status.REVOKED]
    took = trace.tickets.closed[trace.requests.ticket[granted]] - trace.requests.decided[granted]
    slowest = took >= np.quantile(took, 0.95)
    assert removed[slowest].mean() == pytest.approx(0.46, abs=0.03)
    assert removed.mean() == pytest.approx(0.08, abs=0.01)
