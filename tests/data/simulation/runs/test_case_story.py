"""Written scenarios read back equal, and a simulated case becomes a story that plays."""

from dataclasses import replace
from datetime import datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import Room, Scenario, scenarios
from data.__main__ import main
from data.scenario.reader import parse_scenario
from data.scenario.scenario import DIFFICULTIES, NOT_VISIBLE, Background, Step
from data.scenario.writer import scenario_text
from data.simulation.runs.case_story import case_story, example
from data.simulation.runs.run import Run, simulate
from model import (
    AUDIT,
    PRESETS,
    SEVERITIES,
    SOURCE_VISIBILITY,
    Approval,
    Code,
    Engineer,
    HistoryFrom,
    Member,
    OpenTicket,
    Policy,
    RequestAccess,
    Revoke,
    Side,
    Status,
)
from model.limits import LONGEST_DURATION
from model.simulation import NEVER, Behaviour, Delay
from model.texts import looks_like, normalized

pytestmark = pytest.mark.slow

HASTY = Policy(
    pending_expires_after=timedelta(hours=12),
    grant_lasts=timedelta(hours=8),
    history_days=2,
    ask_again_after_grant=True,
)
POLICIES = {
    **PRESETS,
    "hasty": HASTY,
    "hasty, each": replace(HASTY, approval=Approval.EACH, history_from=HistoryFrom.CREATED),
    "open to all": Policy(visibility=frozenset((status, side) for status in Status for side in Side)),
    "hidden while pending": Policy(visibility=SOURCE_VISIBILITY - {(Status.PENDING, Side.SUPPORT)}),
}
CASES = 10  # by policy: tickets with different courses, longest first
WHO = {"hana": "ben", "pia": "farah", "stan": "farah", "both": "adele"}
WHERE = {"home": "contoso", "partner": "fabrikam", "stranger": "fabrikam"}

# The writer.


@pytest.mark.parametrize("name", sorted(scenarios()))
def test_a_shipped_scenario_is_written_and_read_back(name):
    """It is equal except for its source text, and writing is stable."""
    shipped = scenarios()[name]
    written = scenario_text(shipped)
    assert same(parse_scenario(written), shipped)
    assert scenario_text(parse_scenario(written)) == written


def in_one_form(text: str) -> str:
    """Return the normalized text, or "" if it would be refused."""
    try:
        return normalized(text) if looks_like(text) else ""
    except ValueError:
        return ""


prose = st.text(max_size=300).map(in_one_form)
texts = st.text(max_size=60).map(in_one_form).filter(bool)
durations = st.integers(0, round(LONGEST_DURATION.total_seconds() / 8)).map(lambda seconds: timedelta(seconds=seconds))
limits = st.none() | st.integers(1, 10**6).map(lambda seconds: timedelta(seconds=seconds))
pairs = st.frozensets(st.tuples(st.sampled_from(Status), st.sampled_from(Side)))
policies = st.sampled_from(list(POLICIES.values())) | st.builds(
    Policy,
    approval=st.sampled_from(Approval),
    pending_expires_after=limits,
    grant_lasts=limits,
    history_days=st.integers(1, 3650),
    history_from=st.sampled_from(HistoryFrom),
    visibility=pairs,
    ask_again_after_grant=st.booleans(),
)
backgrounds = st.none() | st.builds(
    Background, tenants=st.integers(0, 40), tickets_per_day=st.integers(1, 9) | st.floats(1e-9, 90), days=st.just(7)
)
activities = st.sampled_from([row.activity for row in AUDIT])
statuses = st.sampled_from([*map(str, Status), NOT_VISIBLE])


@st.composite
def stories(draw) -> Scenario:
    """Draw scenarios with odd texts, any policy, and steps of every kind."""
    cast = scenarios()["sandbox"].directory
    names = draw(st.lists(texts, min_size=len(cast.tenants), max_size=len(cast.tenants), unique=True))
    names = [f"{name} {n}" for n, name in enumerate(names)]
    steps = [
        Step(draw(prose), draw(durations), Member("adele", "contoso"), opened(draw), "t1"),
        Step(draw(prose), draw(durations), Engineer("noor"), RequestAccess("t1", "fabrikam", draw(texts)), "r1"),
        Step(
            draw(prose), draw(durations), Member("farah", "fabrikam"), Revoke("r1"), refused=draw(st.sampled_from(Code))
        ),
        Step(expect={"contoso": {"r1": draw(statuses)}, "fabrikam": {}}, access={"tailspin": draw(st.booleans())}),
        Step(draw(prose), draw(durations), audit_log={"contoso": tuple(draw(st.lists(activities))), "fabrikam": ()}),
        Step(draw(prose), draw(durations)),
        Step(),
    ]
    return Scenario(
        title=draw(texts),
        summary=draw(prose),
        starts=draw(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1))),
        directory=replace(cast, tenants=dict(zip(cast.tenants, names, strict=True))),
        policy=draw(policies),
        steps=tuple(steps),
        background=draw(backgrounds),
        text="",
        minutes=draw(st.none() | st.integers(1, 600)),
        difficulty=draw(st.sampled_from(["", *DIFFICULTIES])),
        teaches=draw(prose),
    )


def opened(draw) -> OpenTicket:
    return OpenTicket(
        draw(texts), draw(st.sampled_from(SEVERITIES)), draw(st.booleans()), draw(st.sampled_from(["sam", "noor"]))
    )


@given(stories())
def test_any_scenario_is_written_and_read_back(scenario):
    """Quotes, backslashes and any script stay inside their text."""
    assert same(parse_scenario(scenario_text(scenario)), scenario)


def same(read: Scenario, written: Scenario) -> bool:
    return replace(read, text="") == replace(written, text="")


def test_a_policy_is_written_as_what_differs_from_the_source():
    """It is nothing for the source, a preset's name, or the settings that differ."""
    sandbox = scenarios()["sandbox"]
    assert "policy" not in scenario_text(sandbox)
    assert 'policy = { preset = "okta" }' in scenario_text(replace(sandbox, policy=PRESETS["okta"]))
    written = scenario_text(replace(sandbox, policy=Policy(history_days=9, visibility=SOURCE_VISIBILITY - {EXPIRED})))
    assert 'policy = { history_days = 9, visibility = { Expired = ["resource tenant"] } }' in written


EXPIRED = (Status.EXPIRED, Side.SUPPORT)

# The example.


def test_the_examples_are_the_median_and_the_worst_case_of_those_elsewhere():
    """They are chosen by hours to resolution: as many are shorter as longer, and none exceeds the worst."""
    run = simulate(tickets=500)
    tickets = pd.DataFrame({"open": run.trace.tickets.closed - run.trace.tickets.opened})
    tickets = tickets[run.trace.tickets.elsewhere].sort_values("open", kind="stable")
    assert example(run, "median") == tickets.index[(len(tickets) - 1) // 2]
    assert example(run, "worst") == tickets.index[-1]


def test_the_first_of_several_examples_is_taken():
    """Here all take the same time."""
    always = {name: Delay(5, 5) for name in ("ask", "decide", "work")}
    people = Behaviour(
        **always, share_elsewhere=1, share_rejected=0, share_removed=0, share_with_common_administrator=1
    )
    run = simulate(behaviour=people, tickets=50)
    assert example(run, "median") == example(run, "worst") == 0


def test_without_a_case_there_is_no_example():
    """Tried are no case elsewhere, none closed, and an unknown word."""
    with pytest.raises(ValueError, match="no ticket whose problem lies in another tenant"):
        example(simulate(behaviour=Behaviour(share_elsewhere=0), tickets=50), "median")
    with pytest.raises(ValueError, match="no ticket whose problem lies in another tenant"):
        example(simulate(tickets=50, until=datetime(2026, 1, 5, 9)), "worst")
    with pytest.raises(ValueError, match="'median' or 'worst'"):
        example(simulate(tickets=50), "best")


# The story.


def of_each_kind(run: Run) -> list[int]:
    """Return tickets with different courses of events, and some more, longest first."""
    events = run.events
    ways = events.groupby("ticket_id")["action"].agg(" ".join).drop_duplicates()
    elsewhere = run.trace.tickets.elsewhere.nonzero()[0]
    return [*dict.fromkeys([*ways.sort_values(key=lambda way: -way.str.len()).index, *elsewhere])][:CASES]


@pytest.mark.parametrize("name", POLICIES)
def test_a_story_meets_its_expectations_and_has_the_cases_events(name, announce):
    """The room's log has the same events, at the same times, by the same people."""
    run = simulate(POLICIES[name], Behaviour(decide=Delay(9, 90), work=Delay(60, 600)), tickets=400)
    tickets = [*of_each_kind(run), example(run, "median"), example(run, "worst")]
    happened = dict(list(run.events.groupby("ticket_id")))
    for ticket in tickets:
        with Room.create(scenario=case_story(run, ticket, "an arm")) as room:
            assert [played.failures for played in room.play() if played.failures] == []
            assert room.policy == run.policy
            room.verify()
            assert told(room) == of_run(happened[ticket])
    announce(f"{len(tickets)} cases under {name}")


def told(room: Room) -> list[tuple]:
    log = room.events()
    log = log[~log["action"].isin(["clock", "step", "read"])]
    return lines(log, log["request_id"], log["person"], log["signed_in_to"])


def of_run(log: pd.DataFrame) -> list[tuple]:
    numbers = (log["request_id"] - 2 * log["ticket_id"] + 1).map("r{}".format).where(log["to_status"].notna(), None)
    return lines(log, numbers, log["person"].map(WHO), log["signed_in_to"].map(WHERE))


def lines(log: pd.DataFrame, *columns: pd.Series) -> list[tuple]:
    since = log["occurred_at"] - log["occurred_at"].iloc[0]
    frame = pd.DataFrame(
        {"at": since.dt.total_seconds(), "due": (log["due_at"] - log["occurred_at"]).dt.total_seconds()}
    )
    columns = (
        *columns,
        log["action"],
        log["from_status"],
        log["to_status"],
        log["engineer"],
        log["advanced_diagnostics"],
    )
    for n, column in enumerate(columns):
        frame[n] = column.astype(object)
    return [tuple(row) for row in frame.astype(object).where(frame.notna(), None).itertuples(index=False)]


def test_a_story_says_that_it_is_simulated_and_which_case_it_is():
    """Its title and summary can be shown unchanged."""
    run = simulate(tickets=400)
    cases = int(run.trace.tickets.elsewhere.sum())
    median = case_story(run, example(run, "median"), "as the source")
    assert median.title == f"The median of {cases} simulated cases: as the source"
    assert "assumed, not measured" in median.summary and "Half of them were open no longer" in median.summary
    worst = case_story(run, example(run, "worst"))
    assert worst.title == f"The worst of {cases} simulated cases"
    assert "None of them was open for longer" in worst.summary
    other = next(n for n in range(400) if n not in (example(run, "median"), example(run, "worst")))
    assert case_story(run, other).title == f"Simulated case {other}"
    assert all(step.say for step in worst.steps)


def test_a_story_is_accepted_by_the_check_command(tmp_path, capsys):
    """It is written to a file, as a trainer would keep it."""
    run = simulate("azure-customer-lockbox", tickets=400)
    file = tmp_path / "worst.toml"
    file.write_text(case_story(run, example(run, "worst")).text, encoding="utf-8")
    assert main(["check", str(file)]) == 0
    assert "all as expected" in capsys.readouterr().out


def test_a_censored_case_stays_open():
    """The story ends with the observation."""
    run = simulate(HASTY, tickets=400, until=datetime(2026, 1, 6, 12, 30))
    open_ = [n for n in range(len(run.trace.tickets.opened)) if run.trace.tickets.closed[n] == NEVER]
    assert len(open_) > CASES
    happened = dict(list(run.events.groupby("ticket_id")))
    for ticket in open_[:CASES]:
        with Room.create(scenario=case_story(run, ticket)) as room:
            assert [played.failures for played in room.play() if played.failures] == []
            assert room.now == run.now
            assert told(room) == of_run(happened[ticket])


def test_the_longest_waits_are_split():
    """A step waits for at most ten years; a ticket may be open for longer."""
    people = Behaviour(work=Delay(80_000, 80_000), share_elsewhere=1, share_with_common_administrator=0)
    story = case_story(simulate(behaviour=people, tickets=3), 1)
    assert sum(step.wait == LONGEST_DURATION for step in story.steps) == 2
    with Room.create(scenario=story) as room:
        assert [played.failures for played in room.play() if played.failures] == []


def test_a_ticket_that_is_not_in_the_run_has_no_story():
    """The error has its number."""
    with pytest.raises(ValueError, match="tickets 0 to 9"):
        case_story(simulate(tickets=10), 10)
